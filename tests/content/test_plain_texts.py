"""Texts of headers and settings are shown as they are written: comments in them are errors, and markup in them is told."""

from __future__ import annotations

import pytest

from briefings.content.parse import parse, parse_config
from briefings.core.config import SiteConfig

HEADER = "title: T\ndate: 2017-12-15\nsources:\n  - id: s1\n    source: tass\n"


def told(more: str) -> list[tuple[str, str, str]]:
    text = f"---\n{HEADER}{more}\n---\nText.\n"
    return [(d.code, d.severity, d.message) for d in parse("content/notes/a.md", text.encode(), SiteConfig(title="Desk")).diagnostics]


@pytest.mark.parametrize(
    "more",
    [
        'summary: "Talks <!-- ask the mission --> resume"',
        "summary: Talks %%ask the mission%% resume",
        "summary: '%% ask the mission %%'",
        "summary: |\n  Talks\n  <!-- ask -->\n  resume",
        "corrections:\n  - date: 2017-12-16\n    note: Wrong <!- ask ->",
        "events:\n  - id: e1\n    title: Meeting <!-- ask -->\n    date: 2017-12-15",
    ],
)
def test_a_comment_in_a_text_of_the_header_withholds_the_note(more: str) -> None:
    assert [(code, severity) for code, severity, _ in told(more)] == [("open-comment", "error")]


@pytest.mark.parametrize(
    ("summary", "kind"),
    [
        ("The **vote** on it", "strong emphasis"),
        ("*Reuters* says", "emphasis"),
        ("Of the [UN](actor:un)", "a link"),
        ("Of the ![map](map.svg)", "a link"),
        ("He said so [@s1, p. 4]", "a citation"),
        ("He said so[^1]", "the mark of a footnote"),
        ("Of [[Kim]]", "a wikilink"),
        ("The <b>vote</b>", "HTML"),
        ("A {{ word }}", "a shortcode"),
        ("The `code`", "code"),
        ("AT&amp;T", "an escape of HTML"),
    ],
)
def test_markup_in_a_text_of_the_header_is_told(summary: str, kind: str) -> None:
    ((code, severity, message),) = told(f"summary: '{summary}'")
    assert (code, severity) == ("markup-as-text", "warning")
    assert f"looks like {kind} and is published as text" in message


@pytest.mark.parametrize(
    "summary",
    [
        "It rose 5 %% to 6 %%",
        "The report [sic] (2017) of the board",
        "[@realDonaldTrump] said so",
        "2017* and 2018* data, 3*4*5",
        "`Abd al-`Aziz speaks",
        "AT&T; R&D; a < b > c",
        "Write to <desk@example.org>",
        "A --> B",
    ],
)
def test_ordinary_words_are_not(summary: str) -> None:
    assert told(f"summary: '{summary}'") == []


def test_the_settings_and_records_of_one_file_are_read_likewise() -> None:
    settings = b"title: Desk\nurl: https://desk.example.org/\nfooter: Ask <!-- whom? -->\n"
    value, found = parse_config("content/site.yaml", settings)
    assert (value, [(d.code, d.place.line) for d in found]) == (None, [("open-comment", 3)])
    actors = b"records:\n  un:\n    name: UN\n    type: organization\n    summary: The **UN**\n    body: |\n      The **UN**.\n"
    parsed = parse("content/actors/all.yaml", actors, SiteConfig(title="Desk"))
    assert [(d.code, d.place.line) for d in parsed.diagnostics] == [("markup-as-text", 5)]
