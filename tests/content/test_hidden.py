"""Characters that nobody sees are told where they mislead, and left alone where a script needs them."""

from __future__ import annotations

import pytest

from briefings.content.parse import parse, read_yaml
from briefings.core.config import SiteConfig
from tests.kit.small_sites import note

SETTINGS = SiteConfig(title="Desk", url="https://desk.example.org/")


def told(text: str, path: str = "content/notes/a.md") -> list[tuple[str, int, str]]:
    """Code, line and message of what is wrong with a file."""
    return [(one.code, one.place.line, one.message) for one in parse(path, text.encode(), SETTINGS).diagnostics]


@pytest.mark.parametrize("sign", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
@pytest.mark.parametrize("text", ["---\ntitle: A {}b\ndate: 2017-12-18\n---\nText.\n", "---\ntitle: A\ndate: 2017-12-18\n---\nA {}b.\n"])
def test_what_changes_the_order_of_words_is_told(text: str, sign: str) -> None:
    ((code, line, message),) = told(text.format(sign))
    assert (code, line) == ("hidden-character", text[: text.index("{")].count("\n") + 1)
    assert message == f"the invisible character U+{ord(sign):04X} shows what follows in another order than it is written"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [("שלום \u2066UN\u2069 שלום", False), ("שלום \u2066UN שלום", True), ("שלום UN\u2069", True), ("שלום \u202eUN\u202c", True)],
)
def test_texts_from_right_to_left_may_say_so(line: str, wrong: bool) -> None:
    assert [code for code, _, _ in told(note(body=f"{line}\n"))] == ["hidden-character"] * wrong


@pytest.mark.parametrize("sign", list("\u200b\u200c\u200d\u2060\ufeff"))
def test_what_has_no_width_is_told_within_names(sign: str) -> None:
    for text in (note(f"Ki{sign}m"), note(body=f"A [Ki{sign}m](page:a).\n"), note(body=f"A [Kim](page:a{sign}b).\n")):
        assert [(code, message[:30]) for code, _, message in told(text)] == [
            ("hidden-character", f"the invisible character U+{ord(sign):04X}")
        ]
    assert "hidden-character" in [one[0] for one in told(f"name: Ki{sign}m\n", "content/topics/a.yaml")]
    _, found = read_yaml("content/site.yaml", f"title: De{sign}sk\n".encode(), SiteConfig)
    assert [one.code for one in found] == ["hidden-character"]


def test_words_may_be_parted_where_scripts_and_lines_need_it() -> None:
    for text in (note("می\u200cخواهم"), note("👩\u200d🚀 up"), note("คน\u200bไทย"), note(body="either/\u200bor, over\u200bland.\n")):
        assert told(text) == []


def test_a_file_is_told_once() -> None:
    ((_, line, message),) = told(note(body="A \u202eb.\n\nA \u202ec.\n"))
    assert line == 6
    assert message.endswith("(2 times in this file)")
