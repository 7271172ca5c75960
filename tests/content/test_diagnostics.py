"""The table of codes, the guide's page about them and what the program reports agree with one another."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct, structs

from briefings.cli.main import run as command_line
from briefings.core.diagnostics import CODES
from briefings.desk.check import check
from briefings.engine.api import BuildRequest, quiet
from briefings.engine.cache import Cache
from briefings.publication.tree import MANIFEST
from tests.kit.small_sites import NOW, REPOSITORY, SMALL_SITE, codes, note, run, small_site, tree, write

GUIDE = (REPOSITORY / "content/pages/diagnostics.md").read_text(encoding="utf-8")
MAP = {"content/assets/map.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>\n'}
"""The picture that the guide's small site has besides the kit's."""

WHOLE = {
    *(
        "unreadable-file",
        "symlink-outside",
        "not-fetched",
        "program-copy",
        "unportable-name",
        "unused-file",
        "unstripped-image",
        "stray-file",
        "unreadable-image",
        "duplicate-id",
    ),
    *("address-collision", "copy-of-withheld", "template-missing"),
    *("missing-url", "output-refused", "output-conflict", "cache-mismatch"),
}
"""Codes whose place in their example is a file or folder rather than a line in one."""

_SECTION = re.compile(r"^## (?=`)", re.MULTILINE)
_VERDICT = re.compile(r"`([\w-]+)`\n\n\*\*(\w+)\.\*\* (.+)\n")
_EXAMPLE = re.compile(r"^(Wrong|Right), in `([^`]+)`:\n\n```\w+\n(.*?\n)```$", re.MULTILINE | re.DOTALL)


class Section(Struct, frozen=True):
    """What the guide says of one code."""

    code: str
    severity: str
    meaning: str
    wrong: dict[str, str]
    """Files to lay over the small site, which then has this problem; empty when text cannot show it."""
    right: dict[str, str]


def _section(text: str) -> Section:
    verdict = _VERDICT.match(text)
    assert verdict is not None, f"a section of the guide begins with its severity and meaning: {text[:80]}"
    code, severity, meaning = verdict.groups()
    examples = _EXAMPLE.findall(text)
    wrong = {path: content for label, path, content in examples if label == "Wrong"}
    right = {path: content for label, path, content in examples if label == "Right"}
    return Section(code, severity.lower(), meaning.replace("\\", ""), wrong, right)


SECTIONS = {section.code: section for section in map(_section, _SECTION.split(GUIDE)[1:])}


def _link_to_nothing(site: Path) -> None:
    (site / "content/topics/trade.yaml").symlink_to("nothing.yaml")


def _link_outside(site: Path) -> None:
    (site.parent / "plan.svg").write_text(MAP["content/assets/map.svg"], encoding="utf-8")
    (site / "content/assets/plan.svg").symlink_to(site.parent / "plan.svg")


def _copy_instead(site: Path) -> None:
    (site / "content/assets/plan.svg").unlink()
    shutil.copy(site.parent / "plan.svg", site / "content/assets/plan.svg")


def _unmanifest(site: Path) -> None:
    (site / "_site" / MANIFEST).unlink()


def _stand_in_the_way(site: Path) -> None:
    write(site, {"content/notes/talks.md": note("Talks resume"), "_site/notes/talks/index.html": "Mine.\n"})


def _misremember(site: Path) -> None:
    """A cache that takes another home page for the one it knows."""
    cache = Cache(site)
    header = cache.header()
    known = cache.state(header, ()) if header else None
    assert known is not None
    body = structs.replace(known.body, outputs={**known.body.outputs, "index.html": bytes(16)})
    cache.save(structs.replace(known, body=body), known, {})


def _publish_the_repository(site: Path) -> None:
    write(
        site,
        {
            ".git/config": '[remote "origin"]\n\turl = git@github.com:desk/notes.git\n',
            "content/notes/talks.md": note("Talks resume", marking="TLP:RED"),
        },
    )


def _written(path: str, data: str | bytes) -> Callable[[Path], None]:
    def act(site: Path) -> None:
        write(site, {path: data})

    return act


def _files(files: dict[str, str | bytes | None]) -> Callable[[Path], None]:
    def act(site: Path) -> None:
        write(site, files)

    return act


def _deleted(path: str) -> Callable[[Path], None]:
    return lambda site: (site / path).unlink()


SETTINGS_THAT_STRIP = SMALL_SITE["content/site.yaml"] + "images:\n  metadata: strip\n"
LONG = "All that has been said so far.\n" * 2200

OF_DEPLOY = {"address-mismatch", "too-large"}
"""Codes that depend on where the site is published from: `tests/publish/` (addresses, deploy) have their examples."""

BEYOND_TEXT: dict[str, tuple[Callable[[Path], None], Callable[[Path], None]]] = {
    "unreadable-file": (_link_to_nothing, _deleted("content/topics/trade.yaml")),
    "not-utf8": (
        _written("content/topics/trade.yaml", "name: Café\n".encode("cp1252")),
        _written("content/topics/trade.yaml", "name: Café\n"),
    ),
    "unstripped-image": (
        _files({"content/site.yaml": SETTINGS_THAT_STRIP, "content/assets/cut.gif": b"GIF89a\x04\x00\x03\x00\x00\x00\x00"}),
        _deleted("content/assets/cut.gif"),
    ),
    "unused-file": (_written("content/notes/talks.txt", "Talks resume.\n"), _deleted("content/notes/talks.txt")),
    "symlink-outside": (_link_outside, _copy_instead),
    "header-too-large": (
        _written("content/pages/about.md", f"---\ntitle: About\nsummary: |\n  {LONG.replace(chr(10), chr(10) + '  ')}\n---\n"),
        _written("content/pages/about.md", f"---\ntitle: About\n---\n{LONG}"),
    ),
    "output-refused": (_unmanifest, lambda site: shutil.rmtree(site / "_site")),
    "cache-mismatch": (_misremember, lambda site: shutil.rmtree(site / ".briefings")),
    "public-repository": (_publish_the_repository, _written(".git/config", '[remote "origin"]\n\turl = git@git.example.org:desk\n')),
    "output-conflict": (_stand_in_the_way, _deleted("_site/notes/talks/index.html")),
}
"""For codes that the text of a file cannot show: how to bring the problem about in a site that was built, and how to mend it."""


OF_CHECK = {
    "unused-file",
    "unportable-name",
    "withheld-reference",
    "near-quotations",
    "early-withdrawal",
    "position-without-basis",
    "ambiguous-name",
    "weak-name",
    "unarchived-link",
    "judgement-overdue",
    "unused-silence",
    "public-repository",
    "image-metadata",
}
"""Codes that only the desk is told."""
TOLD_ONCE = {"lost-address"}
"""Codes that the next build does not tell again."""


def test_every_code_has_its_section_in_the_order_of_the_table() -> None:
    explained = [(section.code, section.severity, section.meaning) for section in SECTIONS.values()]
    assert explained == [(code.name, code.severity, code.meaning) for code in CODES.values()]


def test_every_section_has_an_example_wrong_and_right() -> None:
    shown = {section.code for section in SECTIONS.values() if section.wrong and section.right}
    assert shown.isdisjoint(BEYOND_TEXT)
    assert shown | BEYOND_TEXT.keys() | OF_DEPLOY == CODES.keys()


@pytest.mark.parametrize("code", [code for code in CODES if code not in OF_DEPLOY])
def test_the_wrong_example_has_exactly_this_problem(code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = small_site(tmp_path / "desk", MAP)
    assert codes(run(site)) == []
    spoil = BEYOND_TEXT[code][0] if code in BEYOND_TEXT else lambda site: write(site, SECTIONS[code].wrong)
    spoil(site)
    before = tree(site / "_site")

    report = run(site, verify=code == "cache-mismatch")

    if code in OF_CHECK:
        assert codes(report) == []
        found = check(BuildRequest(site.resolve(), site / "_site", NOW), quiet)
        assert {d.code for d in found} == {code}
        assert all(d.remedy and d.place.path for d in found)
        assert command_line(["check", "--site", str(site), "--now", "2018-01-01T12:00Z", "--color", "never"]) == 0
        assert f"[{code}]" in capsys.readouterr().err
        return
    assert set(codes(report)) == {code}
    is_error = CODES[code].severity == "error"
    assert report.ok is not is_error
    for diagnostic in report.diagnostics:
        assert diagnostic.severity == CODES[code].severity
        assert diagnostic.place.path
        assert diagnostic.remedy
        if code in WHOLE:
            assert (diagnostic.place.line, diagnostic.place.column, diagnostic.excerpt) == (0, 0, "")
        else:
            assert diagnostic.place.line > 0
            assert diagnostic.place.column > 0
            assert diagnostic.excerpt
    if is_error:
        assert tree(site / "_site") == before
    arguments = ["build", "--site", str(site), "--now", "2018-01-01T12:00Z", "--jobs", "1", "--color", "never"]
    arguments += ["--verify"] if code == "cache-mismatch" else []
    assert command_line(arguments) == (1 if is_error else 0)
    assert (f"[{code}]" in capsys.readouterr().err) is (code not in TOLD_ONCE)


@pytest.mark.parametrize("code", [code for code in CODES if code not in OF_DEPLOY])
def test_the_right_example_has_no_problem(code: str, tmp_path: Path) -> None:
    site = small_site(tmp_path / "desk", MAP)
    if code in BEYOND_TEXT:
        spoil, mend = BEYOND_TEXT[code]
        run(site)
        spoil(site)
        mend(site)
    else:
        write(site, SECTIONS[code].right)

    report = run(site)

    assert codes(report) == []
    assert report.ok
    if code in OF_CHECK:
        assert check(BuildRequest(site.resolve(), site / "_site", NOW), quiet) == ()


def test_the_guide_shows_a_report_as_the_program_prints_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.search(r"^```text\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    assert shown is not None
    site = small_site(tmp_path, {**MAP, **SECTIONS["unknown-key"].wrong})
    command_line(["build", "--site", str(site), "--now", "2018-01-01T12:00Z", "--quiet", "--color", "never"])
    assert capsys.readouterr().err == shown[1]
