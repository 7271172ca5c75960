"""Which actors notes name together, how telling that is, and on which topics they are named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.content.parse import parse
from briefings.core.config import SiteConfig
from briefings.site.ledgers.connections import ConnectionLedger
from briefings.site.link import link
from briefings.site.visibility import Audience, Readers
from tests.kit.small_sites import NOW, note

CONFIG = SiteConfig(title="Desk", undeclared="allow", mentions="none")


def ledger(notes: Mapping[str, str], audience: Audience = "TLP:CLEAR") -> ConnectionLedger:
    """The ledger of a site with these notes, each at its id."""
    parsed = [parse(f"content/notes/{i}.md", text.encode(), CONFIG) for i, text in notes.items()]
    return link(parsed, [], CONFIG, Readers(audience, NOW, dt.UTC))[0].ledgers.connections


def naming(*actors: str, day: int = 15, topics: str = "", **header: str) -> str:
    """A note that names these actors."""
    return note("T", f"2017-12-{day:02}", actors=f"[{', '.join(actors)}]", topics=f"[{topics}]", **header)


def weights(notes: Sequence[Sequence[str]]) -> dict[tuple[str, str], int]:
    """The weight of each connection from either side, where each note names some actors."""
    found = ledger({f"n{i}": naming(*actors) for i, actors in enumerate(notes)}).of_actor
    return {(actor, one.actor.id): one.weight for actor, held in found.items() for one in held.strongest}


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        (["ab"], 1000),
        # A note that names others, too, says less.
        (["abc"], 500),
        (["abcde"], 250),
        # An actor of two or three notes has two binary digits, one of four to seven has three.
        (["ab", "bc"], 500),
        (["ab", "bc", "bd", "be"], 334),
        (["ab", "ab"], 500),
        (["ab", "abc"], 375),
    ],
)
def test_a_connection_weighs_less_the_more_a_note_names_and_the_more_notes_name_either(notes: list[str], expected: int) -> None:
    found = weights(notes)
    assert found["a", "b"] == found["b", "a"] == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=5, unique=True), min_size=1, max_size=7))
def test_weights_are_what_the_guide_says(notes: list[list[str]]) -> None:
    expected = {}
    for a in "abcdef":
        for b in "abcdef":
            shared = [named for named in notes if a != b and a in named and b in named]
            if shared:
                digits = [sum(one in named for named in notes).bit_length() for one in (a, b)]
                sum_ = sum((Fraction(1, len(named) - 1) for named in shared), Fraction(0))
                expected[a, b] = ceil(1000 * sum_ / (digits[0] * digits[1]))
    assert weights(notes) == expected


def test_the_newest_notes_are_the_evidence_and_the_strongest_come_first() -> None:
    found = ledger(
        {
            **{f"n{day}": naming("a", "b", day=day) for day in (3, 9, 1, 5)},
            "rare": naming("a", "c", day=2),
            "alone": naming("a", day=20),
        }
    ).of_actor
    assert [(one.actor.id, one.notes, [note.id for note in one.evidence]) for one in found["a"].strongest] == [
        ("b", 4, ["n9", "n5", "n3"]),
        ("c", 1, ["rare"]),
    ]
    assert (found["a"].notes, found["a"].total, found["b"].total) == (6, 2, 1)


def test_a_connection_bears_the_highest_marking_of_all_notes_that_it_counts() -> None:
    notes = {
        "old": naming("a", "b", day=1, topics="t", marking="TLP:AMBER"),
        **{f"n{day}": naming("a", "b", "c", day=day, topics="t") for day in (2, 3, 4)},
        "u": naming("c", topics="u"),
    }
    found = ledger(notes, "TLP:AMBER")
    (to_b, to_c) = found.of_actor["a"].strongest
    assert (to_b.actor.id, to_b.notes, to_b.marking, to_c.marking) == ("b", 4, "TLP:AMBER", "TLP:CLEAR")
    assert found.of_actor["a"].topics[0].marking == "TLP:AMBER"
    assert ledger(notes) == ledger({i: text for i, text in notes.items() if i != "old"})


def test_there_is_a_table_of_topics_once_it_says_more_than_a_list() -> None:
    assert ledger({"n": naming("a", "b", topics="t")}).most_named == []
    assert ledger({"n": naming("a", topics="t, u")}).most_named == []
    found = ledger({"n": naming("a", "b", topics="t, u"), "m": naming("b", topics="u", day=16), "o": naming("c", "c2")}).most_named
    assert [(one.actor.id, [(of.topic.id, of.notes) for of in one.topics]) for one in found] == [
        ("b", [("u", 2), ("t", 1)]),
        ("a", [("t", 1), ("u", 1)]),
    ]


def test_of_many_actors_only_the_most_named_have_all_their_connections() -> None:
    crowd = [f"x{i:02}" for i in range(60)]
    notes = {"all": naming(*crowd, topics="t, u"), **{f"n{i}": naming(f"x{i:02}", day=16) for i in range(30)}}
    found = ledger(notes)
    assert [one.actor.id for one in found.most_named] == crowd[:30]
    assert {len(found.of_actor[actor].strongest) for actor in crowd[:30]} == {59}
    assert {(len(found.of_actor[actor].strongest), found.of_actor[actor].total) for actor in crowd[30:]} == {(20, 59)}
