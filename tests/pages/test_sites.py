"""Whole small sites: `tests/data/sites/<name>` holds a site, and in `expected/` every page that it must give, byte for byte,
and what it gives to programs.

`pytest --update tests/pages/test_sites.py` writes the pages as they are now, to be read in the diff before they are committed.
The sites have a theme of their own, `themes/plain`, which prints all of a view that is not about looks, so that a change of design touches
none of them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.search_files import part
from tests.kit.small_sites import DATA, codes, run, tree

SITES = DATA / "sites"
THEME = SITES / "plain"
NAMES = sorted(p.name for p in SITES.iterdir() if (p / "content").is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_a_site_gives_the_expected_pages(name: str, tmp_path: Path, snapshot: Callable[[Path, str], None]) -> None:
    shutil.copytree(SITES / name / "content", tmp_path / "content")
    shutil.copytree(THEME, tmp_path / "themes/plain")
    report = run(tmp_path)
    assert codes(report) == []
    # Schemas are the same for every site, so one site has them; and the scripts of search are those of the program.
    left_out = (".briefings", "assets/", "theme/", "schema/") if name != "smallest" else (".briefings", "assets/", "theme/")
    pages = {path: _readable(path, data) for path, data in tree(tmp_path / "_site").items() if not path.startswith(left_out)}
    expected = SITES / name / "expected"
    for path, text in pages.items():
        if text:
            snapshot(expected / path, text)
    assert tree(expected).keys() == {path for path, text in pages.items() if text}


def _readable(path: str, data: bytes) -> str:
    """A text as it is, and JSON as a person would write it; empty for pictures and the like."""
    match path.rpartition(".")[2]:
        case "html" | "xml" | "txt":
            return data.decode()
        case "csv" | "ics":
            # Its lines end as RFC 4180 or RFC 5545 wants, which git and editors would change.
            return data.decode().replace("\r\n", "\n")
        case "json" | "webmanifest":
            return json.dumps(json.loads(data), indent=1, ensure_ascii=False) + "\n"
        case "js":
            name, content = part(data)
            return json.dumps({name: content}, indent=1, ensure_ascii=False) + "\n"
        case _:
            return ""
