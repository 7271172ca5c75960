"""An audit finds what must not be seen, however it is hidden, and is silent about what readers may see anyway."""

from __future__ import annotations

import base64
import gzip
import html
import json
import os
import shutil
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from briefings.audit import audit as audit_module
from briefings.audit.audit import AuditReport, Leak, audit
from briefings.audit.withheld import AuditRequest
from briefings.audit.words import runs
from briefings.cli import main as command_line
from briefings.engine.api import quiet
from tests.kit.observed import steps
from tests.kit.small_sites import NOW, example_site, note, run, small_site, write

BODY = "The minister will quietly leave office before the harvest festival, and Ångström laboratories take over his former duties in Özgür."
DRAFT = "content/notes/operation-nightjar/2017-12-20-zebra-reform.md"
RULES = "These rules are published with the site as a file of its own.\n"
PHOTO = b"\x89PNG\r\n\x1a\n\0\0 not really a picture, but bytes of its own \xff\xff\xff"

WITHHELD: Mapping[str, str | bytes] = {
    DRAFT: (
        "---\ntitle: Zebra reform stays hidden\ndate: 2017-12-20\ndraft: true\n"
        "summary: A summary that nobody outside of the desk may read before spring.\n"
        "# A comment in the header names the informant who sits in Geneva.\n---\n\n"
        f"{BODY}\n\nAsk [the](note:un-offer) porter, [who](note:un-offer) keeps the [third](note:un-offer) key to the cellar.\n\n"
        "> Enough.\n>\n> — The chief negotiator, 2017-01-15, in the garden\n\n"
        "<!-- An HTML comment says who paid for the journey to Vienna. -->\n\n![Two men in a rowing boat](boat.png)\n"
    ),
    "content/notes/operation-nightjar/boat.png": PHOTO,
    "content/topics/zu.yaml": "name: Zu\nmarking: TLP:AMBER\n",
    "content/actors/many.yaml": (
        "records:\n  visible-one: {name: Visible One, type: person}\n"
        "  quagga-smith:\n    # Nobody else knows that this woman works for the other side.\n"
        "    name: Quagga Smith\n    type: person\n    embargo: 2030-01-01\n    also_known_as: [Okapi]\n"
    ),
}
"""Records that a public build leaves out, with everything that may leak of them."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site that withholds something."""
    site = small_site(tmp_path_factory.mktemp("desk"), WITHHELD)
    assert run(site).ok
    return site


def look(site: Path, tree: Path | None = None, *, sound: bool = False) -> AuditReport:
    return audit(AuditRequest(site, tree or site / "_site", NOW, sound=sound), 1, quiet)


def planted(site: Path, folder: Path, files: Mapping[str, str | bytes]) -> tuple[Leak, ...]:
    """What an audit finds in a tree of these files alone."""
    return look(site, write(folder, files), sound=True).leaks


PIECES = {
    "id": ("quagga-smith", "content/actors/many.yaml", "records.quagga-smith.id"),
    "short id": ("zu", "content/topics/zu.yaml", "id"),
    "address": ("../topics/zu/", "content/topics/zu.yaml", "id"),
    "title": ("Zebra reform stays hidden", DRAFT, "title"),
    "other name": ("Okapi", "content/actors/many.yaml", "records.quagga-smith.also_known_as[0]"),
    "file name": ("2017-12-20-zebra-reform", DRAFT, "file name"),
    "folder name": ("operation-nightjar", DRAFT, "folder name"),
    "attachment's name": ("boat.png", "content/notes/operation-nightjar/boat.png", "file name"),
    "summary": ("that nobody outside of the desk may read", DRAFT, "summary"),
    "body": ("leave office before the harvest festival, and Ångström", DRAFT, "body"),
    "end of the body": ("laboratories take over his former duties in Özgür", DRAFT, "body"),
    "words around links": ("porter, who keeps the third key to the", DRAFT, "body"),
    "words around a day": ("chief negotiator, 15 January 2017, in the garden", DRAFT, "body"),
    "comment": ("in the header names the informant who sits", DRAFT, "comment"),
    "comment on one of many": ("knows that this woman works for the other", "content/actors/many.yaml", "comment"),
    "HTML comment": ("HTML comment says who paid for the journey", DRAFT, "body"),
    "alternative text": ("Two men in a rowing boat", DRAFT, "body"),
}
"""What is planted, with the source and the field that an audit must name."""


@pytest.mark.parametrize("piece", PIECES)
def test_every_kind_of_text_is_found_and_named(piece: str, desk: Path, tmp_path: Path) -> None:
    text, path, field = PIECES[piece]
    leaks = planted(desk, tmp_path, {"page/index.html": f"<!doctype html>\n<p>First line.</p>\n<p>Here: {text}.</p>\n"})
    assert {(leak.path, leak.field) for leak in leaks} >= {(path, field)}
    assert {(leak.file, leak.line, leak.packing) for leak in leaks} == {("page/index.html", 3, "")}


def test_a_folder_behind_a_link_is_looked_through_once(desk: Path, tmp_path: Path) -> None:
    """Whoever packs or serves the tree may follow the link."""
    write(tmp_path / "elsewhere", {"inside/b.txt": "Operation: Zebra reform stays hidden.\n"})
    (tmp_path / "elsewhere/circle").symlink_to(tmp_path / "elsewhere")
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "link").symlink_to(tmp_path / "elsewhere")
    assert {leak.file for leak in look(desk, tree, sound=True).leaks} == {"link/inside/b.txt"}


def test_what_is_no_file_has_a_name(desk: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("Nothing.", encoding="utf-8")
    (tmp_path / "operation-nightjar").mkdir()
    for name, target in (("gone", "nowhere"), ("loop", "loop"), ("2017-12-20-zebra-reform", str(tmp_path))):
        (tmp_path / name).symlink_to(target)
    os.mkfifo(tmp_path / "pipe")
    assert {leak.file for leak in look(desk, tmp_path, sound=True).leaks} == {"operation-nightjar", "2017-12-20-zebra-reform"}


def test_names_of_files_are_looked_at(desk: Path, tmp_path: Path) -> None:
    leaks = planted(desk, tmp_path, {"notes/zebra-reform/index.html": "Nothing."})
    assert {(leak.file, leak.line) for leak in leaks} == {("notes/zebra-reform/index.html", 0)}
    assert "id" in {leak.field for leak in leaks}


def test_the_bytes_of_an_attachment_are_known_under_any_name(desk: Path, tmp_path: Path) -> None:
    leaks = planted(desk, tmp_path, {"assets/0a1b.bin": PHOTO})
    assert leaks == (Leak("assets/0a1b.bin", 0, "content/notes/operation-nightjar/boat.png", "file", 0),)


INLINED: Mapping[str, tuple[Callable[[bytes], bytes], int, str]] = {
    "base64 alone": (base64.b64encode, 1, "base64"),
    "base64 in a style sheet": (
        lambda data: b"p {}\na { background: url(data:image/png;base64," + base64.b64encode(data) + b") }\n",
        2,
        "base64",
    ),
    "base64 for addresses": (lambda data: b"?q=" + base64.urlsafe_b64encode(data).rstrip(b"="), 1, "base64"),
    "base64 in lines": (lambda data: b"\n\n" + base64.encodebytes(data), 3, "base64"),
    "base64 in JSON": (lambda data: json.dumps({"x": base64.b64encode(data).decode()}).replace("/", "\\/").encode(), 1, "base64"),
    "gzip": (lambda data: gzip.compress(data, mtime=0), 1, "gzip"),
    "gzip in base64": (lambda data: base64.b64encode(gzip.compress(data, mtime=0)), 1, "gzip in base64"),
}
"""Ways in which a page or a style sheet can hold a picture, the line of it, and how it is told."""


@pytest.mark.parametrize("way", INLINED)
def test_the_bytes_of_an_attachment_are_known_where_they_are_packed(way: str, desk: Path, tmp_path: Path) -> None:
    encode, line, packing = INLINED[way]
    leaks = planted(desk, tmp_path, {"foo.css": encode(PHOTO)})
    assert leaks == (Leak("foo.css", line, "content/notes/operation-nightjar/boat.png", "file", 0, packing),)


def test_a_picture_that_is_published_may_also_be_inlined(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/notes/b.md": note(body="![A boat](boat.png)\n"),
        "content/notes/boat.png": PHOTO,
        "content/notes/c.png": PHOTO,
    }
    site = small_site(tmp_path / "desk", files)
    assert planted(site, tmp_path / "tree", {"foo.css": base64.b64encode(PHOTO)}) == ()


ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "as it is": lambda data: data,
    "entities": lambda data: html.escape(data.decode()).encode(),
    "numeric entities": lambda data: "".join(f"&#{ord(c)};" for c in data.decode()).encode(),
    "hexadecimal entities": lambda data: "".join(f"&#x{ord(c):x};" for c in data.decode()).encode(),
    "named entities": lambda data: data.decode().encode("ascii", "xmlcharrefreplace"),
    "percent": lambda data: quote(data).encode(),
    "percent throughout": lambda data: "".join(f"%{c:02x}" for c in data).encode(),
    "JSON": lambda data: json.dumps({"text": data.decode()}).encode(),
    "JSON throughout": lambda data: "".join(f"\\u{ord(c):04X}" for c in data.decode("utf-8") if ord(c) < 0x10000).encode(),
    "gzip": lambda data: b"head " + gzip.compress(data, mtime=0) + b" tail",
    "base64": lambda data: b"data:text/plain;base64," + base64.b64encode(data) + b" ",
    "base64 for addresses": lambda data: b"?q=" + base64.urlsafe_b64encode(data),
    "base64 in lines": base64.encodebytes,
    "base64 after letters": lambda data: b"abc" + base64.b64encode(data),
}
TEXT_ENCODERS = tuple(name for name in ENCODERS if name != "gzip")

DISGUISES: Mapping[str, Callable[[str], str]] = {
    "none": lambda text: text,
    "capitals": str.upper,
    "small": str.lower,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "wide": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "soft hyphens": lambda text: "\u00ad".join(text),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "line breaks": lambda text: text.replace(" ", "\r\n"),
    "tags between words": lambda text: text.replace(" ", ' </b><i class="x > y">'),
    "tags in words": lambda text: text.replace("e", "<b>e</b>"),
    "comments": lambda text: text.replace(" ", "<!-- a > b --> "),
    "cells": lambda text: "".join(f"<td>{word}</td>\n" for word in text.split()),
    "signs": lambda text: text.replace(" ", " → · — "),
}


def words_file(*words: str, **more: str) -> dict[str, str]:
    """A file of words as search loads it."""
    content = json.dumps({"of": "0123abcd", "words": dict.fromkeys(words, "0 1!"), **more}, ensure_ascii=False)
    return {"search/2017-12/words-0.js": f'briefings.part("2017-12/words-0",{content});\n'}


@pytest.mark.parametrize("word", ["harvest", "angstrom", "ozgur", "okapi", "nightjar", "vienna"])
def test_a_withheld_word_is_found_that_stands_in_search_alone(word: str, desk: Path, tmp_path: Path) -> None:
    leaks = planted(desk, tmp_path, words_file("the", "united", word))
    assert {(leak.file, leak.line, leak.words) for leak in leaks} == {("search/2017-12/words-0.js", 1, 1)}
    assert {leak.path for leak in leaks} <= WITHHELD.keys()


def test_words_that_readers_may_see_are_none_of_search_either(tmp_path: Path) -> None:
    """In search a word has lost its accents; in two withheld texts it stands with others than in the one that is shown."""
    shown = "The MINISTER leaves for Ozgür with **h**arvest tools, in Straße 5 of 北京大学.\n"
    withheld = "A minister, Özgur, harvest, strasse; 大学 and garden.\n"
    files = {"content/notes/a.md": note(body=shown), "content/notes/b.md": note("Hidden", body=withheld, draft="true")}
    site = small_site(tmp_path / "desk", files)
    assert run(site).ok
    assert look(site).leaks == ()
    terms = ("minister", "ozgur", "harvest", "straße", "大学")
    assert planted(site, tmp_path / "tree", words_file(*terms)) == ()
    assert [leak.path for leak in planted(site, tmp_path / "other", words_file(*terms, "garden"))] == ["content/notes/b.md"]


def test_what_is_not_quite_a_file_of_words_is_read_like_any_other(desk: Path, tmp_path: Path) -> None:
    leaks = planted(desk, tmp_path, words_file("harvest", note="Zebra reform stays hidden"))
    assert "title" in {leak.field for leak in leaks}


def test_encodings_are_undone_two_deep(desk: Path, tmp_path: Path) -> None:
    text = "the harvest festival, and Ångström laboratories take over"
    files = {
        f"{inner} in {outer}.txt": b"first " + ENCODERS[outer](ENCODERS[inner](text.encode())) + b" last"
        for inner in TEXT_ENCODERS
        for outer in ENCODERS
    }
    assert {(leak.file, leak.path, leak.field) for leak in planted(desk, tmp_path, files)} == {(file, DRAFT, "body") for file in files}


def test_a_tree_for_others_is_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path, {"content/topics/zu.yaml": "name: Zulu reform commission\nmarking: TLP:AMBER\n"})
    assert command_line.run(["build", "--site", str(site), "--audience", "TLP:AMBER", "--quiet"]) == 0
    assert command_line.run(["audit", "--site", str(site)]) == 0
    assert "Clean for TLP:AMBER" in capsys.readouterr().out
    assert command_line.run(["audit", "--site", str(site), "--audience", "TLP:CLEAR"]) == 1
    told = "It was built for TLP:AMBER. For TLP:CLEAR, build again: briefings build --audience TLP:CLEAR\n"
    assert capsys.readouterr().err.endswith(told)


PART, OVERLAP = 1 << 12, 1 << 9
"""The size of a part, and of what it has in common with the next, in which the tests of large files read small ones."""


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_module, "PART", PART)
    monkeypatch.setattr(audit_module, "OVERLAP", OVERLAP)


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("at", [0, 3500, 4080, 4096, 7680, 7700, 30_000])
@pytest.mark.parametrize("name", ["title", "body"])
def test_a_large_file_is_searched_in_parts(name: str, at: int, desk: Path, tmp_path: Path) -> None:
    """Wherever a text stands, be it on the border of two parts, it is found, and its line named."""
    text, path, field = PIECES[name]
    filler = ("Nothing.\n" * 5000)[: at - at % 9]
    leaks = planted(desk, tmp_path, {"data.txt": f"{filler}{text}\n{filler}"})
    assert {(leak.path, leak.line) for leak in leaks} == {(path, at // 9 + 1)}
    assert field in {leak.field for leak in leaks}


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("at", [0, 4000, 9000])
def test_what_is_packed_in_a_large_file_goes_on_behind_its_part(at: int, desk: Path, tmp_path: Path) -> None:
    noise = bytes(i * i * i % 251 ^ (i >> 8) for i in range(40_000))
    packed = gzip.compress(noise + b" Zebra reform stays hidden.", mtime=0)
    assert len(packed) > 3 * PART
    leaks = look(desk, write(tmp_path, {"data.bin": b"\0" * at + packed + b"\0" * 9000}), sound=True).leaks
    assert {leak.packing for leak in leaks} == {"gzip"}
    assert "title" in {leak.field for leak in leaks}


@pytest.mark.usefixtures("in_parts")
def test_a_large_attachment_is_known_by_its_bytes(tmp_path: Path) -> None:
    film = PHOTO * 500
    site = small_site(tmp_path / "site", {**WITHHELD, "content/notes/operation-nightjar/boat.png": film})
    assert run(site).ok
    leaks = look(site, write(tmp_path / "tree", {"film.mp4": film, "other.mp4": film[:-1] + b"."}), sound=True).leaks
    assert {(leak.file, leak.field, leak.line) for leak in leaks} == {("film.mp4", "file", 0)}


def test_gzip_in_gzip_is_undone(desk: Path, tmp_path: Path) -> None:
    data = gzip.compress(gzip.compress(BODY.encode()))
    leaks = planted(desk, tmp_path, {"x.gz": data})
    assert (DRAFT, "gzip in gzip") in {(leak.path, leak.packing) for leak in leaks}


class Hidden(Struct, frozen=True):
    """Eight words of a withheld text, and how they are hidden."""

    start: int
    disguise: str
    outer: str
    before: str
    after: str

    def page(self) -> bytes:
        words = " ".join(BODY.split()[self.start : self.start + 8])
        return (
            self.before.encode() + b"<p> " + ENCODERS[self.outer](DISGUISES[self.disguise](words).encode()) + b" </p>" + self.after.encode()
        )


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            Hidden,
            start=st.integers(0, len(BODY.split()) - 8),
            disguise=st.sampled_from(sorted(DISGUISES)),
            outer=st.sampled_from(sorted(ENCODERS)),
            before=st.text("ab <>&%\\é\n", max_size=12),
            after=st.text("ab <>&%\\é\n", max_size=12),
        ),
        min_size=10,
        max_size=30,
    )
)
def test_every_run_of_eight_words_is_found(desk: Path, tmp_path: Path, hidden: list[Hidden]) -> None:
    shutil.rmtree(tmp_path)
    files = {f"{number}.html": one.page() for number, one in enumerate(hidden)}
    found = {(leak.file, leak.path, leak.field) for leak in planted(desk, tmp_path, files)}
    assert {(file, DRAFT, "body") for file in files} <= found


def test_seven_words_are_no_evidence(desk: Path, tmp_path: Path) -> None:
    assert planted(desk, tmp_path, {"x.html": "<p>before the harvest festival, and Ångström laboratories</p>"}) == ()


def test_scripts_without_spaces_are_read_letter_by_letter(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", {"content/notes/a.md": note("北京会谈", draft="true", body="朝鲜代表团明天上午抵达首都机场。\n")})
    leaks = planted(site, tmp_path / "tree", {"x.html": "<p>据说北京会谈开始，代表团明天上午抵达。</p>"})
    assert {leak.field for leak in leaks} == {"title", "body"}


def test_a_clean_build_has_no_leak(desk: Path) -> None:
    report = look(desk)
    assert report.leaks == ()
    assert report.records == 3
    assert report.patterns > 20
    assert report.files == sum(1 for p in (desk / "_site").rglob("*") if p.is_file())


def test_files_that_merely_speak_of_drafts_are_not_read_closely(tmp_path: Path) -> None:
    """Else the audit of a large site, many of whose notes do, would take as long as its build."""
    taken = {}
    for name, text in {
        "none": "The draft resolution.\n",
        "speaking": "The marking of the draft resolution was withdrawn; its embargo expires.\n",
        "braces": "The draft {resolution}.\n",
    }.items():
        site = small_site(tmp_path / name, {f"content/notes/{n}.md": note(f"Note {n}", body=text) for n in range(10)})
        assert run(site).ok
        taken[name] = steps(lambda site=site: clean(site))  # type: ignore[misc]  # a default binds the loop's value
    assert taken["speaking"] < 1.2 * taken["none"]
    assert taken["braces"] > 2 * taken["none"], "braces may hold conditions"


def clean(site: Path) -> None:
    assert look(site, sound=True).leaks == ()


@pytest.mark.parametrize("key", ["draft: true", '"draft" : true', "'draft': true", '"dr\\x61ft": true', "? draft # so\n: true"])
def test_however_a_key_is_written_it_is_seen(tmp_path: Path, key: str) -> None:
    site = small_site(tmp_path / "desk", {"content/notes/b.md": f"---\ntitle: Zebra reform stays hidden\ndate: 2017-12-16\n{key}\n---\n"})
    assert planted(site, tmp_path / "tree", {"x.html": "<p>Zebra reform stays hidden</p>"})


def test_what_readers_may_see_is_no_evidence(tmp_path: Path) -> None:
    site = small_site(
        tmp_path,
        {
            # A draft that takes up a visible note again: its title, its text, its date, the words of the theme and of the program.
            "content/notes/un-offer-2.md": (
                "---\ntitle: UN offers to mediate\ndate: 2017-12-15\nsummary: A short summary.\ndraft: true\ntopics: [mediation]\n---\n\n"
                "The [UN](actor:un) said so and then it said [the same](topic:mediation) once more to everybody who was there.\n"
            ),
            "content/notes/b.md": note(
                public_version_of="un-offer-2",
                body="Yesterday the UN said *so* and then it said the same once more to everybody who was [there](note:un-offer).\n",
            ),
            "content/topics/december.yaml": "name: December\ndraft: true\n",
            "content/topics/2017.yaml": 'name: "2017"\ndraft: true\n',
            "content/pages/notes.md": "---\ntitle: Notes\ndraft: true\n---\nSkip to the text\n",
            "content/assets/rules.txt": RULES,
            "content/pages/rules.md": f"---\ntitle: Mediation\ndraft: true\n---\n{RULES}",
        },
    )
    assert run(site).ok
    report = look(site)
    assert report.leaks == ()
    assert report.records == 5


def test_what_only_a_withheld_record_is_called_by_a_visible_one_is_evidence(tmp_path: Path) -> None:
    """A header may name what is withheld; its name is then left out, and must not come back on another way."""
    site = small_site(tmp_path / "desk", {**WITHHELD, "content/notes/b.md": note(topics="[mediation, zu]", actors="[quagga-smith]")})
    assert run(site).ok
    assert look(site).leaks == ()
    leaks = planted(site, tmp_path / "tree", {"x.html": "<a href=../topics/zu/>x</a>", "y.html": "quagga-smith"})
    assert {(leak.file, leak.path) for leak in leaks} == {("x.html", "content/topics/zu.yaml"), ("y.html", "content/actors/many.yaml")}


def test_a_file_beside_a_visible_note_is_no_leak(tmp_path: Path) -> None:
    site = small_site(tmp_path, {"content/notes/b.md": note(body="![A boat](boat.png)\n"), "content/notes/boat.png": PHOTO})
    assert run(site).ok
    assert look(site).leaks == ()


SAME_BYTES: Mapping[str, tuple[Mapping[str, str | bytes], str]] = {
    "an asset": ({"content/assets/logo.png": PHOTO}, "assets/logo.png"),
    "an asset of the theme": ({"themes/folio/assets/mine.bin": PHOTO}, "theme/mine.bin"),
    "a file of a visible note": ({"content/notes/b.md": note(body="![A boat](c/boat.png)\n"), "content/notes/c/boat.png": PHOTO}, ""),
}
"""What is published with the bytes of a file that only a draft uses."""


@pytest.mark.parametrize("published", SAME_BYTES)
def test_bytes_that_are_published_anyway_are_no_leak(published: str, tmp_path: Path) -> None:
    files, address = SAME_BYTES[published]
    draft: dict[str, str | bytes] = {
        "content/notes/d/plan.md": note("Plan of the house", draft="true", body="![Sign](sign.png)\n"),
        "content/notes/d/sign.png": PHOTO,
    }
    site = small_site(tmp_path / "desk", {**draft, **files})
    assert run(site).ok
    assert not address or (site / "_site" / address).read_bytes() == PHOTO
    assert look(site).leaks == ()


def test_a_header_in_doubt_withholds_its_file(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", {"content/notes/b.md": "---\ntitle: [Never\ndate: 2017\n---\n\n" + BODY})
    leaks = look(site, write(tmp_path / "tree", {"x.html": BODY})).leaks
    assert {leak.path for leak in leaks} == {"content/notes/b.md"}


def test_a_higher_audience_may_see_more(tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", WITHHELD)
    tree = write(tmp_path / "tree", {"x.html": "zu"})
    assert len(audit(AuditRequest(site, tree, NOW), 1, quiet).leaks) == 1
    assert audit(AuditRequest(site, tree, NOW, "TLP:AMBER"), 1, quiet).leaks == ()


def test_processes_find_the_same(desk: Path, tmp_path: Path) -> None:
    tree = write(tmp_path, {f"{n}.html": BODY if n == 333 else "zu" if n == 444 else "x" for n in range(600)})
    alone = audit(AuditRequest(desk, tree, NOW, sound=True), 1, quiet)
    assert {leak.file for leak in alone.leaks} == {"333.html", "444.html"}
    assert audit(AuditRequest(desk, tree, NOW, sound=True), 2, quiet) == alone


def test_processes_know_the_time_zone_of_the_site(desk: Path, tmp_path: Path) -> None:
    site = shutil.copytree(desk, tmp_path / "site", ignore=shutil.ignore_patterns("_site", ".briefings"))
    settings = site / "content/site.yaml"
    settings.write_text(settings.read_text("utf-8") + "\ntimezone: Asia/Seoul\n", "utf-8")
    tree = write(tmp_path / "tree", {f"{n}.html": BODY if n == 333 else "x" for n in range(600)})
    assert {leak.file for leak in audit(AuditRequest(site, tree, NOW, sound=True), 2, quiet).leaks} == {"333.html"}


@pytest.mark.slow
def test_the_example_site_is_clean(tmp_path: Path) -> None:
    site = example_site(tmp_path)
    assert run(site).ok
    report = look(site)
    assert report.leaks == ()
    assert report.files > 100


def test_no_withheld_word_is_printed(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"x.html": BODY, "sub/y.json": json.dumps({"title": "Zebra reform stays hidden", "id": "quagga-smith"})})
    code = command_line.run(["audit", str(tmp_path), "--site", str(desk), "--now", "2018-01-01T12:00Z"])
    out, err = capsys.readouterr()
    assert code == 1
    assert out == ""
    assert "content/notes/operation-nightjar/2017-12-20-zebra-reform.md" in err
    for word in ("minister", "harvest", "hidden", "Smith"):
        assert word not in err


def test_where_a_copy_is_packed_is_told(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"foo.css": base64.b64encode(PHOTO)})
    assert command_line.run(["audit", str(tmp_path), "--site", str(desk), "--now", "2018-01-01T12:00Z"]) == 1
    path = "content/notes/operation-nightjar/boat.png"
    assert f"foo.css:1: leak: the same bytes as {path}, which no visible page uses, packed in base64" in capsys.readouterr().err


def test_of_what_was_withdrawn_only_the_tombstone_may_be_seen(tmp_path: Path) -> None:
    gone = note(
        "Treaty signed in haste", body=BODY, withdrawn="{date: 2017-12-20, reason: The signature was not confirmed by anybody at all.}"
    )
    site = small_site(tmp_path / "desk", {"content/notes/treaty.md": gone})
    assert run(site).ok
    report = look(site)
    assert (report.leaks, report.records) == ((), 1)
    leaks = planted(
        site, tmp_path / "tree", {"a.html": f"<p>{BODY}</p>", "b.html": "Treaty signed in haste", "notes/treaty/index.html": "x"}
    )
    assert {(leak.file, leak.field) for leak in leaks} == {("a.html", "body"), ("b.html", "title")}


def test_parts_of_a_visible_note_may_be_withheld(tmp_path: Path) -> None:
    quotation = "We shall not sign before the last of our prisoners has come home"
    text = f"Before.\n\n> {quotation}.\n>\n> — [Guterres](actor:guterres) {{marking=TLP:AMBER}}\n\nAfter it the delegates had supper.\n"
    event = "[{id: supper, title: Delegates dine in secret, date: 2017-12-15, marking: TLP:AMBER}]"
    site = small_site(tmp_path / "desk", {"content/notes/b.md": note("Supper", body=text, events=event, topics="[mediation]")})
    assert run(site).ok
    assert look(site).leaks == ()
    files = {"a.html": f"<q>{quotation}</q>", "b.html": "Delegates dine in secret", "c.html": "After it the delegates had supper. Supper"}
    leaks = planted(site, tmp_path / "tree", files)
    assert {(leak.file, leak.field) for leak in leaks} == {("a.html", "body"), ("b.html", "events[0].title")}


@pytest.mark.parametrize("secret", ["<script>never will we sign</script>", "<!-- never will we sign -->", '<i title="never will we sign">'])
def test_short_tags_are_passed_over_unless_there_is_something_of_an_authors_in_them(secret: str) -> None:
    found = list(runs(f'<time datetime="2017-12-15">Friday</time>{secret}'))
    assert found[0] == ["friday"]
    assert ["never" in run for run in found[1:]] == [True]


@pytest.mark.parametrize("guard", ["{marking=TLP:AMBER}", ""])
def test_a_day_of_a_withheld_text_is_no_find_where_others_have_it(guard: str, tmp_path: Path) -> None:
    quotation = f"> It is over.\n>\n> — [Guterres](actor:guterres), 2017-12-15 {guard}\n\nWords.\n"
    site = small_site(
        tmp_path, {"content/notes/b.md": note("Supper", body=quotation, draft="false" if guard else "true", date="2017-12-15")}
    )
    assert run(site).ok
    assert look(site).leaks == ()


ENTRIES: Mapping[str, str | bytes] = {
    "content/notes/b.md": note(
        "Supper",
        body=(
            "Before it all had agreed on it.\n\n> Never will we sign.\n>\n> — [Guterres](actor:guterres) {marking=TLP:AMBER}\n\n"
            "> It is over.\n>\n> — [Guterres](actor:guterres) {marking=TLP:AMBER}\n\n"
            "> All shall come [home](actor:un) now.\n>\n> — [Guterres](actor:guterres) {marking=TLP:AMBER}\n\n"
            "> All shall come [home](actor:un) now.\n>\n> — [Guterres](actor:guterres)\n\nAfter it they had supper.\n"
        ),
        events=(
            "[{id: nocturne, title: Clandestine banquet, date: 2017-12-15, marking: TLP:AMBER},"
            " {id: shared-day, title: Public holiday, date: 2017-12-15, draft: true},"
            " {id: shared-day-2, title: Everyday, date: 2017-12-15}]"
        ),
        positions="[{actor: un, proposition: leave-now, stance: for}]",
        topics="[mediation]",
    ),
    "content/notes/c.md": note(
        "Holiday", body="A public holiday it was.\n", events="[{id: shared-day, title: Day off, date: 2017-12-15}]", topics="[mediation]"
    ),
    "content/notes/d.md": note("Plan", draft="true", events="[{id: pavane, title: Masked dance, date: 2017-12-15}]", topics="[mediation]"),
    "content/topics/zu.yaml": (
        "name: Zu\nmarking: TLP:AMBER\npropositions: [{id: leave-now, text: They should leave now}]\n"
        "measures: [{id: okapi-count, name: Okapis}]\n"
    ),
}
"""Notes of which a part is withheld, and what else has parts."""
PARTS = {
    "an event's id": ("<li id=nocturne>", "events[0].id"),
    "an event's title": ("Clandestine banquet", "events[0].title"),
    "an event's id that a visible note has, too": ("shared-day", ""),
    "an event's title that a visible note has, too": ("Public holiday", ""),
    "a visible event": ("shared-day-2 Everyday", ""),
    "the id of a draft's event": ("pavane", "events[0].id"),
    "the title of a draft's event": ("Masked dance", "events[0].title"),
    "the id of a withheld proposition": ("/#leave-now", "propositions[0].id"),
    "the id of a withheld measure": ("okapi-count", "measures[0].id"),
    "the name of a withheld measure": ("Okapis", "measures[0].name"),
    "a quotation of four words": ("<q>Never will we sign</q>", "body"),
    "a quotation of three words": ("<q>It is over</q>", ""),
    "a quotation that is visible elsewhere": ("All shall come home now.", ""),
}
"""What is planted of them, and the field of what must be found."""


@pytest.fixture(scope="module")
def parts_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = small_site(tmp_path_factory.mktemp("parts"), ENTRIES)
    assert run(site).ok
    return site


@pytest.mark.parametrize("piece", PARTS)
def test_entries_and_short_quotations_are_looked_for(piece: str, parts_desk: Path, tmp_path: Path) -> None:
    text, field = PARTS[piece]
    leaks = planted(parts_desk, tmp_path, {"x.html": f"<p>{text}</p>"})
    assert {leak.field for leak in leaks} == ({field} if field else set())


def test_a_site_that_withholds_parts_is_clean(parts_desk: Path) -> None:
    assert look(parts_desk).leaks == ()


def test_a_tree_that_does_not_say_for_whom_it_is_must_be_fit_for_the_sites_readers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = small_site(tmp_path / "desk", {"content/site.yaml": "title: Desk\naudience: TLP:GREEN\n"})
    tree = write(tmp_path / "tree", {"index.html": "Nothing."})
    assert command_line.run(["audit", str(tree), "--site", str(site), "--now", "2018-01-01T12:00Z"]) == 0
    out = capsys.readouterr().out
    assert "TLP:GREEN" in out
    assert "TLP:CLEAR" not in out
