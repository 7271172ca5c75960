"""Nothing that an author wrote disappears unsaid: every word is in the text as readers see it, or a diagnostic names a line."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.content.markdown.word_holes import filled
from briefings.content.parse import Parsed, parse
from briefings.core.config import SiteConfig
from briefings.core.language import ENGLISH
from tests.kit.small_sites import REPOSITORY, codes, run, small_site, tree
from tests.kit.tiny_site import gif

HEADER = "---\ntitle: T\ndate: 2017-12-15\nsources: [{id: s1, source: tass}, {id: s2, source: kcna}]\n---\n"


def parsed(body: str, *, raw_html: bool = False) -> Parsed:
    return parse("content/notes/a.md", (HEADER + body).encode(), SiteConfig(title="Desk", raw_html=raw_html))


# ── Single cases ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("depth", [40, 48, 49, 50, 60])
@pytest.mark.parametrize("sign", ["- ", "1. "])
def test_lists_that_are_too_deep_are_told(depth: int, sign: str) -> None:
    found = parsed("".join(f"{' ' * len(sign) * level}{sign}word{level}\n" for level in range(depth)))
    html = "".join(found.html.values())
    shown = sum(f"word{level}" in html for level in range(depth))
    assert [d.code for d in found.diagnostics] == ([] if shown == depth else ["text-not-shown"])
    assert shown == depth or found.diagnostics[0].place.line == 6 + shown


def test_quotations_that_are_too_deep_are_told() -> None:
    assert [d.code for d in parsed(">" * 120 + " word\n").diagnostics] == ["text-not-shown"]
    assert parsed(">" * 90 + " word\n").diagnostics == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[a][b]\n\n[b]: https://example.org/\n", 0),
        ("![a][B]\n\n[b]: map.svg\n", 0),
        ("[b]\n\n[b]: https://example.org/\n[c]: https://example.org/ 'Words'\n", 4),
        ("Words.\n\n> [b]: https://example.org/\n", 3),
        ("Words.\n\n[b]: words\n", 3),
    ],
)
def test_an_address_that_no_link_uses_is_told(text: str, line: int) -> None:
    found = parsed(text).diagnostics
    assert [(d.code, d.place.line) for d in found] == ([("text-not-shown", line + 5)] if line else [])


@pytest.mark.parametrize(
    ("size", "expected"), [('width="50%"', 'width="50%"'), ('width="3"', 'height="2" alt="Map" width="3"'), ("", 'width="6" height="4"')]
)
def test_a_picture_gets_no_size_that_its_author_gave(size: str, expected: str, tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "content/site.yaml": "title: Desk\nurl: https://desk.example.org/\nraw_html: true\n",
        "content/notes/talks.md": HEADER.replace("kcna", "tass") + f'<img src="p.gif" alt="Map" {size}>\n',
        "content/notes/p.gif": gif(6, 4),
    }
    site = small_site(tmp_path, files)
    assert codes(run(site)) == []
    page = tree(site / "_site")["notes/talks/index.html"].decode()
    (image,) = re.findall(r'<img src="[^"]*p\.gif"[^>]*>', page)
    assert expected in image
    assert image.count("width=") == 1


# ── Any text with one construct damaged ──────────────────────────────────────

_SMALL = (
    "The talks resume [@s1, p. 4] in *Geneva* on **Monday**.[^1]\n\n[^1]: By the desk's own count.\n",
    "| Vote | Result |\n| --- | ---: |\n| first | fifteen |\n| second | `nine` |\n\nAfter the table.\n",
    "- one\n  - two\n    1. three\n    2. four\n- [x] five\n\n> We shall [go](note:x).\n>\n> — [Somebody](actor:y), 2017-12-15 [@s2]\n",
    "# Heading\n\n::: key-points In one minute\n- Nobody knows.\n:::\n\nTerm\n: meaning of it.\n\n```yaml\nkey: value\n```\n",
    'One <!-- aside --> two.\n\n%% aside %%\n\n![a map](map.svg "Title"){width=300}\n',
    "[text][label] and ~~struck~~ <b>bold</b>.\n\n[label]: https://example.org/\n",
)


def _bodies() -> list[str]:
    """The texts of the example site, and small ones that have one construct of each kind."""
    notes = sorted((REPOSITORY / "content/notes").rglob("*.md"))
    return [*_SMALL, *(path.read_text(encoding="utf-8").split("\n---\n", 1)[1] for path in notes)]


BODIES = _bodies()
_DELIMITER = re.compile(
    r"\*\*?|__?|~~|`+|\[\^?|\]|\(|\)|\||^ *(?:[-*+]|\d+\.) |^>+ ?|^#+ |^:::.*$|^: |—|<!--|-->|%%|\{|\}|<|>|@|;|\n\n|^\[\^?\w+\]: ",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W_]{2,}")
_MARKUP = re.compile(
    r"""
    <!--.*?--> | %%.*?%%                                    # comments
    | \]\([^)\n]*\) (?:\{[^}\n]*\})?                        # addresses, and the attributes of pictures
    | \{[^}\n]*\}
    | <[^>\n]*> | &[#\w]+;
    | ^[ >]*\[[^\]\n]+\]:[^\n]* | \]\s*\[[^\]\n]*\]              # definitions of links, and their labels
    | \[\^[^\]\n]*\]:? | @\w+ | ^[ >]*(?:```|~~~)[^\n]* | ^[ ]*:::[ ]?[\w-]*
    | \d{4}-\d\d-\d\d | https?://\S+ | (?:note|actor|topic|source|page):[\w#-]+
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
"""What is no word for readers, as far as a pattern can tell."""


_TOLD = re.compile(r'(?:alt|title|aria-label)="([^"]*)"')
"""Attributes that readers are told."""


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A text in which one delimiter is deleted, doubled, changed, moved apart or nested deeper."""
    body = draw(st.sampled_from(BODIES))
    found = draw(st.sampled_from(list(_DELIMITER.finditer(body))))
    sign = found.group()
    blank = f"{sign[:1]} {sign[1:]}"
    instead = draw(
        st.sampled_from(
            ["", sign * 2, blank, f" {sign} ", f"{sign} ", "–", "-", "\n", f"    {sign}", f"> {sign}", f"\\{sign}", "\n<<<<<<< x\n"]
        )
    )
    return body[: found.start()] + instead + body[found.end() :]


@given(damaged(), st.booleans())
@settings(max_examples=250, deadline=None)
def test_every_word_of_a_damaged_text_is_shown_or_a_line_is_told(body: str, raw_html: bool) -> None:
    found = parsed(body, raw_html=raw_html)
    last = HEADER.count("\n") + body.count("\n") + 1
    told = [d for d in found.diagnostics if 1 <= d.place.line <= last and d.remedy]
    if told:
        return
    assert found.diagnostics == ()
    html = re.sub(r"</?(?:a|b|code|em|s|span|strong|sup)(?: [^>]*)?>", "", filled("".join(found.html.values()), lambda _: "", ENGLISH))
    html = re.sub(r"<[^>]*>", lambda tag: " ".join(["", *_TOLD.findall(tag[0]), ""]), html)
    # What links and pictures of the site say waits for it.
    holes = " ".join(hole.attributes for record in found.records for hole in record.body.holes)
    labels = " ".join(reference.label for record in found.records for reference in record.body.references)
    shown = unescape(f"{html} {holes} {labels}")
    assert [word for word in _WORD.findall(_MARKUP.sub(" ", body)) if word not in shown] == []
