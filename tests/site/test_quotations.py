"""Quotations as entries: what is read from texts and headers, how notes share them, and what is wrong with them."""

from __future__ import annotations

import pytest

from briefings.content.bodies import BodyQuotation
from briefings.content.parse import parse
from briefings.core.config import SiteConfig
from briefings.desk.near_quotations import near_quotations
from briefings.site.interface import interface
from briefings.site.ledgers.quotations import QuotationLedger
from briefings.site.link import link
from briefings.site.visibility import Audience, Readers
from tests.kit.small_sites import NOW, SMALL_SITE, note

CONFIG = SiteConfig(title="Desk")
SOURCES = "[{id: s1, source: tass}]"
PATH = "content/notes/a.md"


def said(line: str, words: str = "> Words.\n>\n") -> list[BodyQuotation]:
    """The quotations in a text that ends with a speaker's `line`."""
    parsed = parse(PATH, note(body=f"{words}> — {line}\n", sources=SOURCES).encode(), CONFIG)
    assert parsed.diagnostics == ()
    return list(parsed.records[0].body.quotations)


@pytest.mark.parametrize(
    ("line", "name", "speaker", "date", "event", "source"),
    [
        ("[UN](actor:un), 2017-12-15, event:e1 [@s1]", "UN", "un", "2017-12-15", "e1", "s1"),
        ("[UN](actor:un)", "UN", "un", "", "", ""),
        ("**[The *UN*](actor:un)**, event:e1.", "The UN", "un", "", "e1", ""),
        ("[UN](actor:un) [@s1, p. 4]", "UN", "un", "", "", "s1"),
        ("[UN](actor:un), then chair, in New York (2017-12-15)", "UN", "un", "2017-12-15", "", ""),
        ("A senior official, Seoul, 2017-12-15", "A senior official, Seoul", "", "2017-12-15", "", ""),
        ("The [delegate](https://example.org/), event:e1 [@s1]", "The delegate", "", "", "e1", "s1"),
        ("Kim &amp; Ri", "Kim & Ri", "", "", "", ""),
    ],
)
def test_the_line_of_a_speaker_says_who_when_and_where(line: str, name: str, speaker: str, date: str, event: str, source: str) -> None:
    (found,) = said(line)
    assert (found.name, found.speaker, found.event, found.source) == (name, speaker, event, source)
    assert (found.date.text if found.date else "") == date
    assert found.text == "Words."


@pytest.mark.parametrize("raw_html", [False, True])
def test_words_are_plain_and_keep_their_paragraphs(raw_html: bool) -> None:
    text = "> Words *of*\n> [peace](https://example.org/) [@s1].\n>\n> A & B.\n>\n> — [UN](actor:un), event:e1\n"
    parsed = parse(PATH, note(body=text, sources=SOURCES).encode(), SiteConfig(title="Desk", raw_html=raw_html))
    (found,) = parsed.records[0].body.quotations
    assert found.text == "Words of peace .\nA & B."
    (html,) = parsed.html.values()
    assert f'<figure class="quotation" id="{found.anchor}"><blockquote>' in html
    assert "event:" not in html
    assert [r.kind for r in parsed.records[0].body.references] == ["actor", "event"]


def test_the_place_of_a_quotation_stays_while_its_words_do() -> None:
    (alone,) = said("[UN](actor:un)")
    (after,) = said("[The UN](actor:un), 2017-12-15", "Before.\n\n> “Words.”\n>\n")
    (others,) = said("[UN](actor:un)", "> Others.\n>\n")
    assert alone.anchor == after.anchor != others.anchor
    twice = said("[UN](actor:un)", "> Words.\n>\n> — [UN](actor:un)\n\n> Words.\n>\n")
    assert [one.anchor for one in twice] == [alone.anchor, f"{alone.anchor}-2"]


def test_a_day_that_does_not_exist_is_told_at_its_place() -> None:
    (found,) = parse(PATH, note(body="> Words.\n>\n> — [UN](actor:un), 2017-13-15\n").encode(), CONFIG).diagnostics
    assert (found.code, found.place.line, found.place.column) == ("bad-date", 8, 21)


def test_an_edit_beside_quotations_leaves_the_interface_alone_and_one_within_does_not() -> None:
    def of(body: str) -> bytes:
        return interface(parse(PATH, note(body=body).encode(), CONFIG))

    before = of("Text.\n\n> Words.\n>\n> — [UN](actor:un)\n")
    assert of("Other text.\n\nMore.\n\n> Words.\n>\n> — [UN](actor:un)\n") == before
    for changed in ("> Other words.\n>\n> — [UN](actor:un)", "> Words.\n>\n> — [UN](actor:un), 2017-12-14", "> Words.\n>\n> — Official"):
        assert of(f"Text.\n\n{changed}\n") != before


def ledger(files: dict[str, str], audience: Audience = "TLP:CLEAR") -> tuple[QuotationLedger, list[str]]:
    """The ledger of the small site with these notes, and what is wrong."""
    readers = Readers(audience, NOW, NOW.tzinfo)  # type: ignore[arg-type]  # it has one
    all_files = dict(SMALL_SITE) | {name if "/" in name else f"content/notes/{name}.md": text for name, text in files.items()}
    parsed = [parse(path, text.encode(), CONFIG) for path, text in all_files.items() if not path.endswith("site.yaml")]
    site, problems = link(parsed, [], CONFIG, readers)
    found = [*(d for one in parsed for d in one.diagnostics), *problems]
    return site.ledgers.quotations, [f"{d.code} {d.place.key or d.place.line}" for d in found]


QUOTED = "> Words *here*.\n>\n> — [UN](actor:un){}\n"


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("", "", [["b", "a"]]),
        (", 2017-12-01", "", [["b", "a"]]),
        (", 2017-12-01", ", 2017-12-01", [["b", "a"]]),
        (", 2017-12-01", ", 2017-12-02", [["b"], ["a"]]),
    ],
)
def test_the_same_words_of_one_speaker_are_one_quotation(first: str, second: str, shared: list[list[str]]) -> None:
    files = {
        "a": note("A", "2017-12-03", QUOTED.format(first), topics="[mediation]"),
        "b": note("B", "2017-12-04", QUOTED.format(second).replace("Words", "“words"), sources=SOURCES),
        "other": note("Other", "2017-12-04", QUOTED.format("").replace("actor:un", "actor:japan")),
    }
    found, problems = ledger(files)
    assert problems == []
    assert [[t.note.card.id for t in one.tellings] for one in found.of_actor["un"]] == shared
    assert found.of_actor["un"][-1].told.day.isoformat() == (first[2:] or "2017-12-03")
    assert len(found.of_topic["mediation"]) == 1
    assert len(found.quotations) == len(shared) + 1


def test_header_and_text_tell_of_one_quotation_together() -> None:
    entry = "[{text: words here., speaker: un, place: Geneva, relayed_by: {name: A spokesman}, id: q1}]"
    found, problems = ledger({"a": note("A", "2017-12-03", QUOTED.format(", 2017-12-01 [@s1]"), quotations=entry, sources=SOURCES)})
    assert problems == []
    (one,) = found.of_note["a"]
    assert (one.place, one.relayed_by, one.ids, one.source, one.in_text) == ("Geneva", "A spokesman", ("q1",), "s1", True)
    assert one.day.isoformat() == "2017-12-01"


@pytest.mark.parametrize(
    ("body", "entries"),
    [
        # The second one stands in the text, at the place that the words have there.
        ("He said “ten percent”.\n", "{text: ten percent, speaker: un}, {text: ten percent, speaker: japan, inline: true}"),
        # The text has the words twice, so that its second place has a number.
        (QUOTED.format("") + "\n" + QUOTED.format(""), "{text: Words here., speaker: japan}"),
    ],
)
def test_no_two_quotations_of_a_note_have_one_place(body: str, entries: str) -> None:
    text = note("A", "2017-12-03", body, quotations=f"[{entries}]")
    (record,) = parse(PATH, text.encode(), CONFIG).records
    found, problems = ledger({"a": text})
    assert problems == []
    below_text = [one.anchor for one in found.of_note["a"] if not one.in_text]
    assert len(found.of_note["a"]) == 2
    assert set(below_text).isdisjoint(record.body.anchors)


def test_an_event_is_found_in_any_note_and_the_newest_tells_it() -> None:
    events = "[{id: e1, title: %s, date: 2017-12-01}]"
    files = {
        "a": note("A", "2017-12-03", QUOTED.format(", event:e1"), events=events % "Old"),
        "b": note("B", "2017-12-04", events=events % "New"),
        "c": note("C", "2017-12-05", events=events % "Secret", marking="TLP:RED"),
        "d": note("D", "2017-12-05", QUOTED.format(", event:e2"), quotations="[{text: Said, speaker: un, event: e2}]"),
    }
    found, problems = ledger(files)
    assert found.of_note["a"][0].event is not None
    assert (found.of_note["a"][0].event.title, found.of_note["a"][0].event.url) == ("New", "notes/b/")
    told = [problem for problem in problems if problem.startswith("unknown-event")]
    assert sorted(told) == ["unknown-event 9", "unknown-event quotations[0].event"]
    # What may not be shown vanishes without a word.
    hidden = {"a": note("A", "2017-12-03", QUOTED.format(", event:e1")), "c": files["c"]}
    found, problems = ledger(hidden)
    assert (problems, found.of_note["a"][0].event) == ([], None)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{text: Words, speaker: nobody}", "unknown-actor quotations[0].speaker"),
        ("{text: Words, speaker: un, relayed_by: nobody}", "unknown-actor quotations[0].relayed_by"),
        ("{text: Words, speaker: un, source: s9}", "unknown-citation"),
        ("{text: Words, speaker: un, date: 2017-13-01}", "bad-date"),
        ("{text: Words, speaker: un, id: q1}, {text: More, speaker: un, id: q1}", "duplicate-id"),
        ("{text: Words, speaker: un, inline: true}", "quotation-not-in-text"),
        ("{text: ten Percent, speaker: un, inline: true}", "quotation-not-in-text"),
        ("{text: 'Ten  percent', speaker: un, inline: true, draft: true}", "open-quotation"),
        ("{text: 'Ten  percent', speaker: {name: Official}, inline: true}", ""),
    ],
)
def test_what_is_wrong_with_an_entry_is_told(entry: str, problem: str) -> None:
    _, problems = ledger({"a": note("A", "2017-12-03", "He said “ten percent”, no more.\n", quotations=f"[{entry}]")})
    assert [told[: len(problem)] for told in problems] == ([problem] if problem else [])


def test_readers_find_only_what_they_may_see() -> None:
    files = {
        "a": note(
            "A",
            "2017-12-03",
            QUOTED.format(" {marking=TLP:AMBER}") + "\n> Open.\n>\n> — [Spy](actor:spy)\n",
            quotations="[{text: Green, speaker: un, marking: TLP:GREEN}, {text: Hidden, speaker: spy}]",
        )
    }
    with_spy = files | {"content/actors/spy.yaml": "name: Spy\ntype: person\nmarking: TLP:RED\n"}
    seen: dict[str, list[str]] = {}
    for audience in ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:RED"):
        found, problems = ledger(with_spy, audience)
        assert problems == []
        seen[audience] = [one.text for one in found.of_note["a"]]
        # An actor that may not be shown is a name in the text, as on the page of the note.
        assert [one.speaker is None for one in found.of_note["a"] if one.name == "Spy"] == [audience != "TLP:RED"] * (
            2 if audience == "TLP:RED" else 1
        )
    assert seen["TLP:CLEAR"] == ["Open."]
    assert seen["TLP:GREEN"] == ["Open.", "Green"]
    assert seen["TLP:AMBER"] == ["Words here.", "Open.", "Green"]
    assert seen["TLP:RED"] == ["Words here.", "Open.", "Green", "Hidden"]


def test_quotations_that_are_nearly_the_same_are_told_once() -> None:
    words = "We are ready to have the first meeting without {}"
    files = {
        "a": note("A", body=f"> {words.format('precondition')}.\n>\n> — [UN](actor:un)\n"),
        "b": note("B", quotations=f"[{{text: {words.format('preconditions')}, speaker: un}}]"),
        "c": note("C", body=f"> {words.format('precondition')}.\n>\n> — [UN](actor:un)\n"),
        "d": note("D", body=f"> {words.format('conditions')}.\n>\n> — Official\n"),
        "e": note("E", body="> We are ready.\n>\n> — [UN](actor:un)\n"),
    }
    records = [parse(f"content/notes/{name}.md", text.encode(), CONFIG).records[0] for name, text in files.items()]
    found = list(near_quotations(records))
    assert [(d.code, d.place.path, d.place.key) for d in found] == [("near-quotations", "content/notes/b.md", "quotations[0].text")]
    assert "content/notes/a.md:8" in found[0].message
