"""What the guide says of keys, options, Markdown and themes is what the program does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from briefings.cli.build import command as build_command
from briefings.cli.deploy import command as deploy_command
from briefings.cli.main import commands
from briefings.cli.serve import command as serve_command
from briefings.content.entries import (
    Change,
    Correction,
    Event,
    Figure,
    Judgement,
    Measure,
    Outcome,
    Position,
    Proposition,
    Quotation,
    Visible,
    Withdrawal,
)
from briefings.content.headers import (
    ActorHeader,
    Citation,
    Dateline,
    Involvement,
    Mentions,
    NoteHeader,
    Office,
    PageHeader,
    RecordHeader,
    SourceHeader,
    Status,
    TopicHeader,
)
from briefings.content.parse import parse, parse_config
from briefings.content.yaml.loader import load
from briefings.core.config import Images, NavigationItem, NoteKind, Outputs, PageSizes, SiteConfig
from briefings.pages.views.record_views import TEMPLATES
from briefings.rendering.theme import ThemeConfig
from tests.kit.small_sites import REPOSITORY, codes, run, small_site

PAGES = {page.stem: page.read_text(encoding="utf-8") for page in (REPOSITORY / "content/pages").glob("guide*.md")}

TABLES: dict[tuple[str, str], type[msgspec.Struct]] = {
    ("guide-notes", "Front matter"): NoteHeader,
    ("guide-notes", "Dateline"): Dateline,
    ("guide-notes", "Actors and their parts"): Involvement,
    ("guide-notes", "Names in the text"): Mentions,
    ("guide-notes", "Sources and citations"): Citation,
    ("guide-records", "Topics"): TopicHeader,
    ("guide-records", "State of play"): Status,
    ("guide-records", "Actors"): ActorHeader,
    ("guide-records", "Offices"): Office,
    ("guide-records", "Sources"): SourceHeader,
    ("guide-records", "Pages"): PageHeader,
    ("guide-visibility", ""): Visible,
    ("guide-visibility", "Withdrawn and moved"): RecordHeader,
    ("guide-visibility", "Withdrawing"): Withdrawal,
    ("guide-entries", "Events"): Event,
    ("guide-entries", "Positions"): Position,
    ("guide-entries", "Figures"): Figure,
    ("guide-entries", "Quotations"): Quotation,
    ("guide-entries", "Judgements"): Judgement,
    ("guide-entries", "Outcomes"): Outcome,
    ("guide-entries", "Corrections"): Correction,
    ("guide-entries", "Changes"): Change,
    ("guide-entries", "Propositions"): Proposition,
    ("guide-entries", "Measures"): Measure,
    ("guide-site", "Settings"): SiteConfig,
    ("guide-site", "Navigation"): NavigationItem,
    ("guide-site", "Kinds"): NoteKind,
    ("guide-site", "Lengths of lists"): PageSizes,
    ("guide-site", "Outputs"): Outputs,
    ("guide-site", "Images"): Images,
    ("guide-themes", "theme.yaml"): ThemeConfig,
}
"""Page and heading of each table of keys, with the type that it describes."""

_KEYS = re.compile(r"^\| Key \| Default \| Meaning \|\n\| --- .*\n((?:\|.*\n)+)", re.MULTILINE)
_ROW = re.compile(r"^\| `([\w-]+)` \| (.*?) ?\| (.+) \|$", re.MULTILINE)
_FENCE = re.compile(r"^(`{3,})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
GIVES = "\n\ngives\n\n"
"""Stands between a piece of Markdown and what it gives."""


def _tables() -> dict[tuple[str, str], dict[str, str]]:
    """For each table of keys: the key and its default, as written."""
    found = {}
    for page, text in PAGES.items():
        for table in _KEYS.finditer(text):
            headings = re.findall(r"^##+ (.+)$", _FENCE.sub("", text[: table.start()]), re.MULTILINE)
            found[page, headings[-1] if headings else ""] = {key: default for key, default, _ in _ROW.findall(table[1])}
    return found


def _fences(page: str, language: str) -> list[str]:
    return [text for _, name, text in _FENCE.findall(PAGES[page]) if name == language]


def test_every_table_of_keys_is_known() -> None:
    assert _tables().keys() == TABLES.keys()


@pytest.mark.parametrize(("page", "heading"), TABLES)
def test_a_table_of_keys_names_all_keys_and_their_defaults(page: str, heading: str) -> None:
    cls = TABLES[page, heading]
    shared = set() if cls is Visible else {field.name for field in msgspec.structs.fields(Visible if cls is RecordHeader else RecordHeader)}
    fields = {field.encode_name: field for field in msgspec.structs.fields(cls) if field.name not in shared}
    table = _tables()[page, heading]

    assert table.keys() == fields.keys()
    for name, field in fields.items():
        if field.required:
            assert table[name] == "required", name
        elif field.default is None or field.default == "":
            assert table[name] == "", name
        elif isinstance(field.default, bool | int | str):
            assert table[name] == f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`", name


@pytest.mark.parametrize("command", [build_command, serve_command])
def test_a_table_of_options_is_that_of_its_command(command: click.Command) -> None:
    section = PAGES["guide-commands"].partition(f"\n## {command.name}\n")[2].partition("\n## ")[0]
    options = {option for row in re.findall(r"^\| (`-.+?) \|", section, re.MULTILINE) for option in re.findall(r"--?\w[\w-]*", row)}
    assert options == {option for parameter in command.params for option in parameter.opts}


def test_the_table_of_options_is_that_of_deploy() -> None:
    rows = re.findall(r"^\| (`-.+?) \|", PAGES["guide-publishing"], re.MULTILINE)
    options = {option for row in rows for option in re.findall(r"--?[\w-]+", row)}
    assert options == {option for parameter in deploy_command.params for option in parameter.opts}


def test_every_command_has_examples() -> None:
    def below(command: click.Command, words: str) -> Iterator[tuple[str, click.Command]]:
        yield words, command
        if isinstance(command, click.Group):
            with click.Context(command) as context:
                for name in command.list_commands(context):
                    found = command.get_command(context, name)
                    assert found is not None
                    yield from below(found, f"{words} {name}")

    for words, command in below(commands, "briefings"):
        shown = command.get_help(click.Context(command, info_name=words, help_option_names=["-h", "--help"]))
        assert re.search(r"^  Example|^  Start with", shown, re.MULTILINE), words
        assert words == "briefings" or words in shown.partition("Example")[2], words


def test_the_themes_chapter_names_every_template() -> None:
    section = PAGES["guide-themes"].partition("## A theme of your own")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"`(\w+\.html)`", section)) == sorted(TEMPLATES.values())


def test_what_a_piece_of_markdown_gives_is_that_piece() -> None:
    pieces = [(fence[3], text[fence.end() :]) for text in PAGES.values() for fence in _FENCE.finditer(text)]
    given = [(piece, after.removeprefix(GIVES)) for piece, after in pieces if after.startswith(GIVES)]
    assert len(given) > 5
    for piece, after in given:
        assert after.startswith(piece)


def test_the_guide_has_examples_of_records() -> None:
    """Else the next test would find no fault with nothing."""
    assert sum(len(_records(page)) for page in PAGES) >= 5


@pytest.mark.parametrize("page", PAGES)
def test_examples_of_records_have_no_problem(page: str) -> None:
    for path, text in _records(page):
        assert parse(path, text.encode(), SiteConfig(title="Desk")).diagnostics == (), text


def _records(page: str) -> list[tuple[str, str]]:
    """The examples of a page that are whole files, and where such a file lies."""
    found = []
    for text in _fences(page, "yaml"):
        path = re.match(r"# (content/(?!site)\S+)\n", text)
        if path is not None:
            found.append((path[1], text))
    if page == "guide-first-hour":  # which has a test of its own
        return found
    headers = [text for text in _fences(page, "markdown") if text.startswith("---\n")]
    return found + [("content/notes/a.md" if "\ndate: " in text else "content/topics/a.md", text) for text in headers]


def test_examples_of_settings_have_no_problem() -> None:
    examples = [text if text.startswith("title:") else "title: Desk\n" + text for text in _fences("guide-site", "yaml")]
    assert len(examples) >= 3
    for text in examples:
        config, problems = parse_config("content/site.yaml", text.encode())
        assert {problem.code for problem in problems} <= {"missing-url"}
        assert config is not None


def guide_examples() -> dict[str, str]:
    """The files of themes that the guide shows, by their paths."""
    texts = [text for language in ("yaml", "jinja", "css") for text in _fences("guide-themes", language)]
    return {path[1]: text for text in texts if (path := re.match(r"(?:#|\{#|/\*) (themes/\S+)", text))}


def test_the_examples_of_themes_work(tmp_path: Path) -> None:
    files = guide_examples()
    assert len(files) == 4
    site = small_site(tmp_path, {**files, "content/site.yaml": "title: Desk\nfooter: All rights kept.\nurl: https://desk.example.org/\n"})

    assert codes(run(site)) == []
    assert "Ministry of the Interior, Westhaven. All rights kept." in (site / "_site/index.html").read_text(encoding="utf-8")

    (site / "content/site.yaml").write_text("title: Desk\ntheme: evening\nurl: https://desk.example.org/\n", encoding="utf-8")
    assert codes(run(site)) == []
    assert '<link rel="stylesheet" href="./theme/evening.css">' in (site / "_site/index.html").read_text(encoding="utf-8")
    assert (site / "_site/theme/evening.css").is_file()
    assert (site / "_site/theme/folio.css").is_file()


def test_the_whole_header_has_every_key_of_a_note() -> None:
    least, usual, whole = (load(text, path="a.yaml")[0] for text in _fences("guide-notes", "yaml")[:3])
    assert isinstance(least, dict)
    assert isinstance(usual, dict)
    assert isinstance(whole, dict)
    keys = [field.encode_name for field in msgspec.structs.fields(NoteHeader)]
    assert sorted(whole) == sorted(keys)
    assert list(least) == [field.encode_name for field in msgspec.structs.fields(NoteHeader) if field.required]
    assert [key for key in whole if key in usual] == list(usual)


@pytest.mark.parametrize("example", [text for text in _fences("guide-notes", "yaml") if text.startswith("title:")])
def test_each_header_on_the_card_has_no_problem(example: str) -> None:
    assert parse("content/notes/a.md", f"---\n{example}---\n\nText.\n".encode(), SiteConfig(title="Desk")).diagnostics == ()


TRAPS = re.findall(r"^\| `(.+?)` \| (.+?) \| `(.+?)` \|$", PAGES["guide-files"].partition("### Its traps")[2], re.MULTILINE)


@pytest.mark.parametrize(("written", "read_as", "better"), TRAPS, ids=[written for written, _, _ in TRAPS])
def test_a_trap_of_yaml_is_one_and_its_remedy_is_none(written: str, read_as: str, better: str) -> None:
    more = "" if written.startswith("-") else "kind: wire\n"
    tree, problems = load(f"{written}\n{more}", path="a.yaml")
    assert load(f"{better}\n{more}", path="a.yaml")[1] == ()
    if read_as.startswith("an error"):
        assert problems
    elif found := re.match(r"\*(\w+)\*", read_as):
        assert isinstance(tree, dict)
        assert list(tree.values()) == [found[1], "wire"]
    elif read_as.startswith("two values"):
        assert isinstance(tree, list)
        assert isinstance(tree[0], dict)
        assert len(tree[0]) == 2 or problems
    else:
        assert "\b" in str(tree) or problems


def test_examples_are_in_block_style() -> None:
    """In braces and brackets a comma ends a value, which is the most common mistake of all."""
    assert len(TRAPS) == 8
    examples = [text for page in PAGES for text in _fences(page, "yaml")]
    examples += [text.partition("\n---\n")[0] for page in PAGES for text in _fences(page, "markdown") if text.startswith("---\n")]
    assert len(examples) > 30
    assert [text for text in examples if re.search(r"^[ -]*(?:[\w-]+: )?[\[{]", text, re.MULTILINE)] == []


def test_each_block_that_the_guide_names_can_be_replaced_on_every_page(tmp_path: Path) -> None:
    blocks = re.findall(r"`(\w+)`", PAGES["guide-themes"].partition("The blocks of `folio/base.html` are ")[2].partition(".")[0])
    assert "nameplate" in blocks
    for block in blocks:
        template = f'{{% extends "folio/base.html" %}}{{% block {block} %}}Our own{{% endblock %}}'
        site = small_site(tmp_path / block, {"themes/folio/templates/base.html": template})
        assert codes(run(site)) == []
        pages = {path: path.read_text(encoding="utf-8") for path in (site / "_site").rglob("*.html")}
        assert len(pages) > 5
        # Each page has a main part of its own, which is in the place of that of the frame, and some have sheets of their own.
        own = pages if block == "main" else [path for path in pages if block == "sheets" and path.parent.name != "_site"]
        assert [path for path, html in pages.items() if ("Our own" not in html) and path not in own] == [], block


@pytest.mark.parametrize("theme", ["folio", "wire"])
def test_the_home_page_shows_the_name_of_the_site(tmp_path: Path, theme: str) -> None:
    site = small_site(tmp_path, {"content/site.yaml": f"title: Westhaven Desk\ntheme: {theme}\nurl: https://desk.example.org/\n"})
    assert codes(run(site)) == []
    assert re.search(r"<h1[^>]*>Westhaven Desk</h1>", (site / "_site/index.html").read_text(encoding="utf-8"))
