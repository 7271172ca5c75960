"""Which pages a build makes after which edit, and what it says of each: those whose view, template or file is another one, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from msgspec import Struct

from briefings.cli import main as command_line
from briefings.engine import linking
from briefings.pages.differences import differences
from briefings.publication.tree import MANIFEST
from briefings.site.cards import ActorLink
from tests.kit.small_sites import NOW, REPOSITORY, SMALL_SITE, note, run, small_site, tree, write
from tests.kit.twin import remembering

Files = Mapping[str, str | bytes | None]

TEMPLATES = REPOSITORY / "themes/folio/templates"
A, B, C, D = (f"content/notes/{name}.md" for name in "abcd")
SETTINGS = (
    "title: Desk\nurl: https://desk.example.org/\n"
    "outputs: {feeds: none, documents: false, structured_data: false, sitemap: false, robots: false, manifest: false, search: false}\n"
)
SITE: Files = {
    "content/site.yaml": SETTINGS,
    A: note("Alpha", "2017-12-01", "First text.\n", topics="[mediation]", actors="[un]", summary="One."),
    B: note("Beta", "2017-12-02", "See [it](note:a).\n", topics="[mediation]", actors="[un, japan]"),
    C: note("Gamma", "2017-12-03", "Third text.\n", actors="[japan]"),
    "content/assets/map.txt": "A map.\n",
    "themes/folio/assets/more.css": "p {}\n",
}
NOTES = ("notes/a/", "notes/b/", "notes/c/", "notes/un-offer/")
SHOWING_A = ("./", "actors/un/", "notes/", "notes/2017/", "notes/2017/12/", "notes/b/", "notes/un-offer/", "topics/mediation/")
"""Pages that show the card of note a, besides its own."""
EVERYWHERE = tuple(
    sorted(
        {*SHOWING_A, *NOTES, "404.html", "actors/", "actors/guterres/", "actors/japan/", "sources/", "sources/tass/", "topics/"},
    )
)


class Case(Struct, frozen=True):
    """An edit and what comes of it."""

    edit: Files
    reasons: Mapping[str, str]
    """Each page that is built, and why."""
    alone: bool = True
    """Whether nothing is linked and planned, because no other page can know of the edit."""


def edited(old: str, new: str, template: str) -> str:
    """A template of the default theme, changed where readers see it."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


CASES: Mapping[str, Case] = {
    "nothing": Case({}, {}),
    "body": Case(
        {A: note("Alpha", "2017-12-01", "Second text.\n", topics="[mediation]", actors="[un]", summary="One.")},
        {"notes/a/": "text changed; citation changed"},
    ),
    "title": Case(
        {A: note("Alfa", "2017-12-01", "First text.\n", topics="[mediation]", actors="[un]", summary="One.")},
        {
            **dict.fromkeys(SHOWING_A, "card of note a changed: title"),
            "notes/a/": "card of note a changed: title; page.title changed; citation changed",
        },
    ),
    "title and body": Case(
        {A: note("Alfa", "2017-12-01", "Second text.\n", topics="[mediation]", actors="[un]", summary="One.")},
        {
            **dict.fromkeys(SHOWING_A, "card of note a changed: title"),
            "notes/a/": "card of note a changed: title; page.title changed; text changed and 1 more",
        },
    ),
    "new note": Case(
        {D: note("Delta", "2017-11-04", "Text.\n", actors="[guterres]")},
        {
            "./": "note d is new; 2017-11-04 added to days; most_named.notes changed and 2 more",
            "actors/": "types.letters.actors.notes changed",
            "actors/guterres/": "note d is new; card.notes changed; named added to roles and 5 more",
            # How telling a connection is follows from how many notes name each of the two.
            "actors/un/": "named_with.connections.weight changed",
            "notes/": "note d is new; 2017-11-01 added to months; years.notes changed and 3 more",
            "notes/2017/": "note d is new; 2017-11-01 added to months; 2017-11-01 added to years.months and 2 more",
            "notes/2017/11/": "new page",
            "notes/2017/12/": "2017-11-01 added to years.months",
            "notes/d/": "new page",
        },
        alone=False,
    ),
    "deleted note": Case(
        {C: None},
        {
            "./": "note c is gone; note a added to next; note c gone from next and 4 more",
            "404.html": "note c is gone; note a added to latest; note c gone from latest",
            "actors/": "types.letters.actors.notes changed; types.letters.actors.latest changed",
            "actors/japan/": "note c is gone; card.notes changed; card.latest changed and 6 more",
            "actors/un/": "named_with.connections.weight changed",
            "notes/": "note c is gone; note c gone from months.notes; years.notes changed and 3 more",
            **dict.fromkeys(
                ("notes/2017/", "notes/2017/12/"), "note c is gone; note c gone from months.notes; pagination.last changed and 1 more"
            ),
            "notes/c/": "removed",
        },
        alone=False,
    ),
    "actor": Case(
        {"content/actors/japan.yaml": "name: Nippon\ntype: state\n"},
        {
            **dict.fromkeys(("./", "actors/un/", "notes/b/", "notes/c/", "topics/mediation/"), "card of actor japan changed: name"),
            "actors/": "N added to types.letters; J gone from types.letters",
            "actors/japan/": "page.title changed; card of actor japan changed: name; card.sort_name changed",
        },
        alone=False,
    ),
    "template": Case(
        {"themes/folio/templates/note.html": edited("{% block main %}", "{% block main %}<hr>", "note.html")},
        dict.fromkeys(NOTES, "template note.html changed"),
    ),
    "partial": Case(
        {"themes/folio/templates/base.html": edited("<body", "<body id=top", "base.html")},
        dict.fromkeys(EVERYWHERE, "template base.html changed"),
    ),
    "two templates": Case(
        {
            "themes/folio/templates/base.html": edited("<body", "<body id=top", "base.html"),
            "themes/folio/templates/note.html": edited("{% block main %}", "{% block main %}<hr>", "note.html"),
        },
        dict.fromkeys(EVERYWHERE, "template base.html changed") | dict.fromkeys(NOTES, "template base.html, note.html changed"),
    ),
    "style sheet": Case({"themes/folio/assets/more.css": "q {}\n"}, {"theme/more.css": "themes/folio/assets/more.css changed"}),
    "new style sheet": Case(
        {"themes/folio/assets/still-more.css": "p {}\n"},
        {"theme/still-more.css": "copied from themes/folio/assets/still-more.css"},
        alone=False,
    ),
    "attachment": Case({"content/assets/map.txt": "Another.\n"}, {"assets/map.txt": "content/assets/map.txt changed"}, alone=False),
    "title of the site": Case(
        {"content/site.yaml": SETTINGS.replace("Desk", "Office")},
        dict.fromkeys(EVERYWHERE, "site.title changed") | dict.fromkeys(NOTES, "site.title changed; citation changed"),
        alone=False,
    ),
    "time zone": Case({"content/site.yaml": SETTINGS + "timezone: Asia/Tokyo\n"}, {}, alone=False),
}


@pytest.fixture(scope="module", autouse=True)
def _compiling_once() -> Iterator[None]:
    with remembering():
        yield


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published site."""
    site = small_site(tmp_path_factory.mktemp("desk"), SITE)
    assert run(site).ok
    return site


@pytest.fixture
def edit(desk: Path) -> Iterator[Callable[[Files], None]]:
    """Edits the site, and takes it back after the test."""
    edited: list[str] = []

    def edit(files: Files) -> None:
        write(desk, files)
        edited.extend(files)

    yield edit
    before = {**SMALL_SITE, **SITE}
    write(desk, {path: before.get(path) for path in edited})
    report = run(desk)
    assert report.ok


def inodes(folder: Path) -> dict[str, int]:
    """The files below `folder`: another inode is another file."""
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def urls(paths: Iterable[str]) -> set[str]:
    """The addresses of these files."""
    return {path.removesuffix("index.html") or "./" for path in paths}


def no_linking(patch: pytest.MonkeyPatch) -> None:
    """Let a build fail that links, and plans what it has linked."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("the whole site was linked again")

    patch.setattr(linking, "link", fail)


@pytest.mark.parametrize("name", CASES)
def test_exactly_what_changed_is_built_and_explained(name: str, desk: Path, edit: Callable[[Files], None], tmp_path: Path) -> None:
    case = CASES[name]
    clean = small_site(tmp_path, {path: data for path, data in {**SITE, **case.edit}.items() if data is not None})
    assert run(clean).ok
    before, linked, expected = tree(desk / "_site"), inodes(desk / "_site"), tree(clean / "_site")
    edit(case.edit)
    with pytest.MonkeyPatch.context() as patch:
        if case.alone:
            no_linking(patch)
        report = run(desk)
    assert tree(desk / "_site") == expected
    assert {b.url: b.reason for b in report.built} == case.reasons

    changed = {path for path, data in expected.items() if before.get(path) != data and path != MANIFEST}
    after = inodes(desk / "_site")
    assert {path for path, inode in after.items() if linked.get(path) != inode and path != MANIFEST} == changed
    assert (report.written, report.removed) == (len(changed), len(before.keys() - expected.keys()))
    built = {url for url, reason in case.reasons.items() if reason != "removed"}
    assert urls(changed) == built, "a page was built that came out as it was"


def test_a_new_note_builds_no_numbered_page(tmp_path: Path) -> None:
    """Pages are numbered from the oldest, and none but the newest says how many notes there are."""
    site = small_site(
        tmp_path,
        {
            "content/site.yaml": SETTINGS + "page_sizes: {notes: 2, topic: 2, actor: 2, source: 2}\n",
            # Each list has an even number of notes, so that the newest page has room for one more.
            **{f"content/notes/n{day}.md": _in_all_lists(f"2017-12-{day:02}") for day in range(1, 12)},
        },
    )
    assert run(site).ok
    write(site, {"content/notes/new.md": _in_all_lists("2017-12-28")})
    urls = {built.url for built in run(site).built}
    newest = {"notes/", "notes/2017/", "notes/2017/12/", "topics/mediation/", "actors/un/", "sources/tass/", "notes/new/"}
    assert newest <= urls
    assert len([*(site / "_site").rglob("page/*/index.html")]) == 6 * 5
    assert not [url for url in urls if "/page/" in url]


def _in_all_lists(date: str) -> str:
    return note(
        "A note", date, topics="[mediation]", actors="[un]", sources="[{id: s1, source: tass, title: A report}]", body="So [@s1].\n"
    )


def test_of_other_outputs_only_the_document_and_the_words_of_the_text_are_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/\n"}
    site, edited = small_site(tmp_path / "desk", {**SITE, **settings}), CASES["body"].edit
    assert run(site).ok
    before = tree(site / "_site")
    clean = small_site(tmp_path / "clean", {**SITE, **settings, **edited})
    assert run(clean).ok
    expected = tree(clean / "_site")
    write(site, edited)
    no_linking(monkeypatch)
    report = run(site)
    assert tree(site / "_site") == expected
    changed = {path for path, data in expected.items() if before[path] != data}
    assert changed == {"notes/a/index.html", "notes/a/index.json", "search/2017-12/words-0.js"}
    reasons = {"notes/a/": "text changed; citation changed", "search/2017-12/words-0.js": "texts changed"}
    assert {built.url: built.reason for built in report.built} == reasons
    assert report.written == len(changed)


@pytest.mark.parametrize("how", ["changed", "deleted"])
def test_a_page_whose_file_was_damaged_is_built_alone(how: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = desk / "_site/notes/a/index.html"
    before, linked = tree(desk / "_site"), inodes(desk / "_site")
    # Moved rather than deleted, so that no other file gets its inode.
    page.rename(desk / "aside.html")
    if how == "changed":
        page.write_text("edited", encoding="utf-8")
    no_linking(monkeypatch)
    report = run(desk)
    assert tree(desk / "_site") == before
    assert [(b.url, b.reason) for b in report.built] == [("notes/a/", "its file in the output was changed or missing")]
    after = inodes(desk / "_site")
    assert [path for path in after if after[path] != linked[path]] == ["notes/a/index.html"]


def test_the_command_line_prints_the_reasons(desk: Path, edit: Callable[[Files], None], capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["build", "--site", str(desk), "--jobs", "1", "--now", NOW.isoformat(), "--explain", "--quiet"]
    assert command_line.run(arguments) == 0
    assert capsys.readouterr().out == "nothing was built: what each page shows, its template and its file are as they were\n"
    edit({A: note("Alfa", "2017-12-01", "First text.\n", topics="[mediation]", actors="[un]", summary="One.")})
    assert command_line.run(arguments) == 0
    assert "topics/mediation/: card of note a changed: title\n" in capsys.readouterr().out
    assert command_line.run([*arguments, "--clean"]) == 0
    assert set(capsys.readouterr().out.splitlines()) == {f"{url}: --clean builds every page" for url in EVERYWHERE}


def test_items_without_a_name_of_their_own_are_not_passed_over() -> None:
    """Two positions of one actor: the second changes."""
    un = ActorLink("un", "actors/un/", "UN", "organization")

    class Position(Struct, frozen=True):
        actor: ActorLink
        stance: str

    assert differences((Position(un, "for"), Position(un, "for")), (Position(un, "against"), Position(un, "for"))) == [" changed"]
