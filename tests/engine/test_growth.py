"""Work grows with the site, not with its square: counted in operations, never by the clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefings.core.text import Near, closest, did_you_mean
from tests.kit.observed import steps
from tests.kit.small_sites import note, run, small_site, tree


def compared(words: int) -> int:
    """How many steps it takes to compare words letter by letter when a hundred ids are asked for among so many."""
    near = Near([f"note-{n:05}-of-the-day" for n in range(words)])
    return steps(lambda: [near.closest(f"nota-{number:05}-of-a-day") for number in range(100)], among="difflib")


def test_a_suggestion_costs_the_same_whatever_the_site_holds() -> None:
    assert 0 < compared(8_000) <= 2 * compared(1_000)


def test_what_begins_with_the_very_words_comes_first() -> None:
    known = ["budgets-vote", "budget-vote-of-2019-in-the-lower-house", *(f"note-{n}" for n in range(500))]
    assert Near(known).closest("budget-vote") == "budget-vote-of-2019-in-the-lower-house"


@pytest.mark.parametrize("typed", ["note-00123-of-teh-day", "note-00123-ofthe-day", "Note-00123-of-the-day", "nte-00123-of-the-day"])
def test_near_misses_are_found_among_many(typed: str) -> None:
    assert Near([f"note-{n:05}-of-the-day" for n in range(5_000)]).closest(typed) == "note-00123-of-the-day"


def test_among_few_the_answer_is_that_of_a_comparison_with_all() -> None:
    known = ["mediation", "arms", "trade", "talks"]
    for typed in ("mediaton", "arm", "trad", "nothing"):
        assert Near(known).closest(typed) == closest(typed, known)
    assert did_you_mean("nothing", Near(known), "otherwise") == "otherwise"


def test_a_ladder_of_topics_is_as_long_as_it_has_topics(tmp_path: Path) -> None:
    def ladder(folder: str, rungs: int) -> int:
        files: dict[str, str | bytes | None] = {}
        for rung in range(rungs):
            broader = f"broader:\n  - a{rung - 1}\n  - b{rung - 1}\n" if rung else ""
            files |= {f"content/topics/{side}{rung}.yaml": f"name: {side}{rung}\n{broader}" for side in "ab"}
        site = small_site(tmp_path / folder, files)
        assert run(site).ok
        page = tree(site / "_site")["topics/index.html"].decode()
        assert all(f'/{side}{rung}/"' in page for side in "ab" for rung in range(rungs))
        return sum(page.count(f'/{side}{rung}/"') for side in "ab" for rung in range(rungs))

    short, long, longest = ladder("short", 2), ladder("long", 8), ladder("longest", 14)
    assert longest - long <= 1.5 * (long - short)


def test_withdrawn_notes_stand_in_their_lists_newest_first(tmp_path: Path) -> None:
    gone = "{date: 2017-12-30, reason: Wrong.}"
    files = {
        f"content/notes/n{day}.md": note(f"N{day}", f"2017-12-{day}", topics="[mediation, mediation]", withdrawn=gone)
        for day in (11, 13, 12)
    }
    site = small_site(tmp_path, files)
    assert run(site).ok
    page = tree(site / "_site")["topics/mediation/index.html"].decode()
    assert page.index("/n13/") < page.index("/n12/") < page.index("/n11/")
    assert page.count("/n13/") == 1
