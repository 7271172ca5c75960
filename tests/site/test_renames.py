"""A page that goes because its record has a new address is told by the build that takes it away."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from briefings.engine.api import BuildRequest
from briefings.engine.build import build
from tests.kit.small_sites import NOW, codes, note, run, small_site, tree, write

OLD = "content/notes/2017-12-16-talks.md"
NEW = "content/notes/2017-12-16-talks-resume.md"
TEXT = "Delegations met for the third time this year in the same small room.\n"
SITE = {OLD: note("Talks", "2017-12-16", TEXT), "content/notes/other.md": note("Other", body="Quite another text, long enough to count.\n")}

Files = dict[str, str | bytes | None]


def lost(site: Path) -> list[tuple[str, str]]:
    """The file and the last line of the remedy of each such warning."""
    return [(d.place.path, d.remedy.splitlines()[-1].strip()) for d in run(site).diagnostics if d.code == "lost-address"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({OLD: None, NEW: note("Talks", "2017-12-16", TEXT)}, id="the file has another name"),
        pytest.param({OLD: None, NEW: note("Talks resume", "2017-12-17", TEXT)}, id="and another title and date"),
        pytest.param({OLD: None, NEW: note("Talks", "2017-12-16", TEXT + "\nMore.\n")}, id="or another text"),
        pytest.param({OLD: note("Talks go on", "2017-12-17", "Short.\n", id="talks-resume")}, id="the same file has another id"),
        pytest.param({OLD: None, "content/notes/2017/talks-resume.yaml": "title: Talks\ndate: 2017-12-16\n"}, id="it is YAML now"),
    ],
)
def test_a_note_with_a_new_address_is_told_once(files: Files, tmp_path: Path) -> None:
    site = small_site(tmp_path, SITE)
    assert lost(site) == []
    write(site, files)
    new = next(path for path, data in files.items() if data is not None)
    assert lost(site) == [(new, "- /notes/talks/")]
    assert lost(site) == []


def test_after_the_remedy_the_old_address_leads_to_the_new_one(tmp_path: Path) -> None:
    site = small_site(tmp_path, SITE)
    run(site)
    write(site, {OLD: None, NEW: note("Talks", "2017-12-16", TEXT)})
    (warning,) = run(site).diagnostics
    aliases = "\n".join(warning.remedy.splitlines()[1:])
    write(site, {NEW: (site / NEW).read_text().replace("---\n\n", f"{aliases}\n---\n\n")})
    assert codes(run(site)) == []
    assert "talks-resume" in tree(site / "_site")["notes/talks/index.html"].decode()


def test_topics_actors_sources_and_pages_are_told_too(tmp_path: Path) -> None:
    many = "records:\n  iran:\n    name: Iran\n    type: state\n  {}:\n    name: Türkiye\n    type: state\n"
    page = "---\ntitle: About us\n---\n\nWho we are.\n"
    site = small_site(tmp_path, {"content/actors/states.yaml": many.format("turkey"), "content/pages/über.md": page})
    assert lost(site) == []
    write(
        site,
        {
            "content/actors/states.yaml": many.format("turkiye"),
            "content/pages/über.md": None,
            "content/pages/about.md": page,
            "content/sources/tass.yaml": None,
            "content/sources/itar-tass.yaml": "name: TASS\n",
            "content/notes/2017-12-15-un-offer.md": note("UN offers to mediate"),
        },
    )
    assert lost(site) == [
        ("content/actors/states.yaml", "- /actors/turkey/"),
        ("content/pages/about.md", "- /über/"),
        ("content/sources/itar-tass.yaml", "- /sources/tass/"),
    ]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({OLD: None, NEW: note("Talks", "2017-12-16", TEXT, aliases="[/notes/talks/]")}, id="an alias keeps it"),
        pytest.param({OLD: None}, id="deleted"),
        pytest.param({OLD: None, NEW: note("Votes", "2017-12-16", "Another text that has nothing to do with it.\n")}, id="another note"),
        pytest.param({OLD: note("Talks", "2017-12-16", TEXT, withdrawn="{date: 2017-12-30, reason: Wrong.}")}, id="withdrawn"),
        pytest.param({OLD: note("Talks", "2017-12-16", TEXT, draft="true"), NEW: note("Talks", "2017-12-16")}, id="a draft now"),
        pytest.param({OLD: note("Talks", "2017-12-16", TEXT, id="Talks")}, id="no file system tells the two apart"),
        pytest.param({NEW: note("Talks", "2017-12-16", "Other words about it.\n")}, id="both are there"),
    ],
)
def test_what_is_no_new_address_is_not_told(files: Files, tmp_path: Path) -> None:
    site = small_site(tmp_path, SITE)
    assert lost(site) == []
    write(site, files)
    assert lost(site) == []


def test_a_preview_and_another_output_know_of_no_address(tmp_path: Path) -> None:
    site = small_site(tmp_path, SITE)
    request = BuildRequest(site.resolve(), site / "_preview", NOW, drafts=True)
    build(request)
    write(site, {OLD: None, NEW: note("Talks", "2017-12-16", TEXT)})
    assert build(request).diagnostics == ()
    assert build(structs.replace(request, output=site / "_other", drafts=False)).diagnostics == ()


def test_a_build_from_nothing_tells_it_too_and_publishes_the_same(tmp_path: Path) -> None:
    files: Files = {OLD: None, NEW: note("Talks", "2017-12-16", TEXT)}
    sites = [small_site(tmp_path / name, SITE) for name in ("one", "two")]
    for site, clean in zip(sites, (False, True), strict=True):
        run(site)
        write(site, files)
        assert codes(run(site, clean=clean)) == ["lost-address"]
    assert tree(sites[0] / "_site") == tree(sites[1] / "_site")


def test_as_an_error_it_keeps_the_page_until_it_is_put_right(tmp_path: Path) -> None:
    config = "title: Desk\nurl: https://desk.example.org/\nseverities:\n  lost-address: error\n"
    site = small_site(tmp_path, {**SITE, "content/site.yaml": config})
    assert run(site).ok
    write(site, {OLD: None, NEW: note("Talks", "2017-12-16", TEXT)})
    for _ in range(2):
        report = run(site)
        assert (report.ok, codes(report)) == (False, ["lost-address"])
        assert "notes/talks/index.html" in tree(site / "_site")
    write(site, {NEW: note("Talks", "2017-12-16", TEXT, aliases="[/notes/talks/]")})
    assert run(site).ok


def test_a_comment_silences_it(tmp_path: Path) -> None:
    site = small_site(tmp_path, SITE)
    run(site)
    silent = note("Talks", "2017-12-16", TEXT).replace("title:", "# briefings: allow lost-address: nobody had seen it\ntitle:")
    write(site, {OLD: None, NEW: silent})
    assert codes(run(site)) == []
