"""The list of checks: each is named, says what it finds, and stands in any order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from briefings.build.report import BuildRequest, quiet
from briefings.desk import check as module
from briefings.desk.check import check
from briefings.desk.checks import CHECKS
from tests.kit import NOW, note, write

FILES: dict[str, str | bytes | None] = {
    "content/site.yaml": "title: T\nurl: https://desk.test/\n",
    "content/notes/seen.md": note(body="[x](note:held)\n"),
    "content/notes/held.md": note(marking="TLP:RED"),
    "content/notes/gone.md": note(withdrawn="{date: 2100-01-01, reason: Wrong.}"),
    "content/notes/broken.png": b"none",
    ".git/config": '[remote "origin"]\n\turl = https://github.com/desk/site\n',
}


def test_each_check_has_a_name_of_its_own_and_says_what_it_finds() -> None:
    names = [one.find.__name__ for one in CHECKS]
    assert len(names) == len(set(names))
    assert all(one.find.__doc__ for one in CHECKS)


def test_what_is_told_does_not_depend_on_the_order_of_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    request = BuildRequest(write(tmp_path, FILES), tmp_path / "_site", NOW)
    told = check(request, quiet)
    assert {d.code for d in told} == {"withheld-reference", "early-withdrawal", "public-repository", "unreadable-image"}
    for seed in range(4):
        monkeypatch.setattr(module, "CHECKS", random.Random(seed).sample(CHECKS, len(CHECKS)))  # noqa: S311 - any order will do
        assert check(request, quiet) == told
