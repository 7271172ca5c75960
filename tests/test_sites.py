"""Whole small sites: `tests/sites/<name>` holds a site, and in `expected/` every page that it must give, byte for byte.

`pytest --update tests/test_sites.py` writes the pages as they are now, to be read in the diff before they are committed. The sites have a
theme of their own, `themes/plain`, which prints all of a view that is not about looks, so that a change of design touches none of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit import codes, run, tree

SITES = Path(__file__).parent / "sites"
THEME = SITES / "plain"
NAMES = sorted(p.name for p in SITES.iterdir() if (p / "content").is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_a_site_gives_the_expected_pages(name: str, tmp_path: Path, snapshot: Callable[[Path, str], None]) -> None:
    shutil.copytree(SITES / name / "content", tmp_path / "content")
    shutil.copytree(THEME, tmp_path / "themes/plain")
    report = run(tmp_path)
    assert codes(report) == []
    pages = {path: data.decode() for path, data in tree(tmp_path / "_site").items() if path.endswith(".html")}
    expected = SITES / name / "expected"
    for path, text in pages.items():
        snapshot(expected / path, text)
    assert {p.relative_to(expected).as_posix() for p in expected.rglob("*.html")} == pages.keys()
