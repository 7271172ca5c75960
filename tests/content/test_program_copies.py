"""Copies that programs leave in a folder are told, and stop a build: nobody meant them for readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefings.content.checks.program_copies import copies
from tests.kit.small_sites import codes, note, run, small_site, tree, write

COPIES = """
raid.sync-conflict-20171215-101010-ABCDEFG.md
raid.sync-conflict-20171215-101010.md
raid~sync-conflict-20171215-101010-ABCDEFG.md
raid-DESKTOP-7XQ2.md
raid-LAPTOP-0F3K2J1A.md
raid-DESKTOP-7XQ2ABC-2.md
raid-Adas-MacBook-Pro.md
raid-Ada-PC.md
raid (conflicted copy 2017-12-15).md
raid (Ada's conflicted copy 2017-12-15).md
raid (Ada Lind's conflicted copy 2017-12-15 (1)).md
raid (conflicted copy 2017-12-15 101010).md
raid (Conflicted copy phone 201712151010).md
raid (Case Conflict).md
raid (Ada's case conflict 1).md
raid (Unicode Encoding Conflict).md
raid (Selective Sync Conflict 2017-12-15).md
raid (In Konflikt stehende Kopie von Ada 2017-12-15).md
raid (Adas in Konflikt stehende Kopie 2017-12-15).md
raid (Copie en conflit de Ada 2017-12-15).md
raid (Copia en conflicto de Ada 2017-12-15).md
raid (Copia in conflitto di Ada 2017-12-15).md
raid (Cópia em conflito de Ada 2017-12-15).md
raid (Ada's conflicterende kopie 2017-12-15).md
raid (Adas konfliktkopia 2017-12-15).md
raid (конфликтующая копия 2017-12-15).md
raid (Ada の競合コピー 2017-12-15).md
raid (Ada 的冲突副本 2017-12-15).md
raid (SFConflict ada@example.org 2017-12-15-10-10-10).md
raid (conflicted).md
raid[Conflict].md
raid [Conflict 1].md
[Conflict] raid.md
raid_conflict-20171215-101010.md
raid_office_Dec-15-101010-2017_Conflict.md
raid_office_CaseConflict.md
raid.Conflict.md
raid.variant-1a2b.md
raid 2.md
raid 9.md
raid (1).md
raid(1).md
raid (12).md
raid copy.md
raid copy 2.md
raid Kopie.md
raid Kopie 3.md
raid copie.md
raid копия.md
raidのコピー.md
raid 副本.md
raid - Copy.md
raid - Copy (2).md
raid - Kopie.md
raid - Kopie (2).md
raid — копия.md
raid - コピー.md
raid - 副本.md
raid (copy).md
raid (another copy).md
raid (3rd copy).md
raid (Kopie).md
raid (weitere Kopie).md
raid-copy.md
raid_copy.md
raid-copy-2.md
Copy of raid.md
Copy (2) of raid.md
Kopie von raid.md
Kopie (2) von raid.md
Copie de raid.md
Copia di raid.md
Kopie van raid.md
Kopia raid.md
Копия raid.md
コピー ~ raid.md
raid_BACKUP_123.md
raid_LOCAL_123.md
raid_REMOTE_4567.md
raid.LOCAL.md
raid.BASE.123.md
raid.md.BASE
raid.md.REMOTE
raid.md.mine
raid.md.r23
raid.md~HEAD
raid~HEAD.md
raid.md.1
raid.md (1)
raid (1) (2).md
Copy of raid (conflicted copy 2017-12-15).md
RAID copy.md
""".strip().splitlines()

OWN_NAMES = """
raid-2.md
raid-part-two.md
raid 1.md
raid 10.md
raid 2017.md
raid (2017).md
raid (conflict of interest).md
raid-conflict.md
raid conflict.md
raid-on-the-depot.md
raid-TASS.md
raid-UN.md
raid-desktop.md
raid-ABC-PCX.md
raid copyright.md
raid-copyists.md
copy.md
copy of.md
raid.fr.md
raid.local.md
raid.md.txt
raids.md
raid-base.md
raid_base_2.md
a raid.md
2 raid.md
raid-2017-12-15.md
""".strip().splitlines()


@pytest.mark.parametrize("name", COPIES)
def test_the_name_of_a_copy_is_told_beside_its_original_alone(name: str) -> None:
    path, original = f"content/notes/{name}", "content/notes/raid.md"
    (found,) = copies(sorted((path, original)))
    assert (found.code, found.severity, found.place.path, found.confidential) == ("program-copy", "error", path, True)
    assert "a copy of raid.md," in found.message.replace("RAID", "raid")
    assert not list(copies([path]))
    assert not list(copies(sorted((path, "content/notes/2017/raid.md"))))
    assert not list(copies(sorted((path, "content/notes/raids.md"))))


@pytest.mark.parametrize("name", OWN_NAMES)
def test_a_name_that_an_author_gives_is_none_of_a_copy(name: str) -> None:
    assert not list(copies(sorted((f"content/notes/{name}", "content/notes/raid.md"))))


def test_quarters_are_no_copies_of_one_another() -> None:
    assert not list(copies([f"content/notes/quarter {number}.md" for number in range(1, 5)]))


@pytest.mark.parametrize(
    ("original", "copy"),
    [
        ("content/assets/map.svg", "content/assets/map (1).svg"),
        ("content/assets/data.tar.gz", "content/assets/data (1).tar.gz"),
        ("content/assets/data.tar.gz", "content/assets/data.tar (1).gz"),
        ("content/assets/LICENSE", "content/assets/LICENSE copy"),
        ("content/topics/trade.yaml", "content/topics/trade - Copy.yaml"),
        ("content/site.yaml", "content/site (1).yaml"),
        ("content/notes/re\u0301sume\u0301.md", "content/notes/r\xe9sum\xe9 copy.md"),
    ],
)
def test_files_of_all_kinds_have_copies(original: str, copy: str) -> None:
    assert [found.place.path for found in copies(sorted((original, copy)))] == [copy]


def test_a_folder_that_is_a_copy_is_told_once() -> None:
    found = list(copies(["content/notes/2017 (1)/a.md", "content/notes/2017 (1)/b.md", "content/notes/2017/a.md"]))
    assert [(d.place.path, "this folder" in d.message) for d in found] == [("content/notes/2017 (1)", True)]


def test_a_copy_of_a_withheld_note_stops_the_build_until_it_is_gone(tmp_path: Path) -> None:
    """A copy that a program made keeps the header that it had: an embargo that was set later does not hold for it."""
    text = note("Raid on the depot", body="The depot will be searched on Friday.\n")
    site = small_site(tmp_path)
    run(site)
    before = tree(site / "_site")
    copy = "content/notes/raid.sync-conflict-20171215-101010-ABCDEFG.md"
    write(site, {"content/notes/raid.md": note("Raid on the depot", embargo="2099-01-01"), copy: text})

    assert codes(run(site)) == ["program-copy"]
    assert tree(site / "_site") == before
    write(site, {copy: None})
    assert codes(run(site)) == []
    assert tree(site / "_site") == before
