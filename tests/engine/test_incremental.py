"""An incremental build gives what a clean build gives, whatever was done before: random work on a small site, compared after every build.

`BRIEFINGS_SEQUENCES=5000 .venv/bin/python -m pytest tests/engine/test_incremental.py -n auto` works for longer,
and then never twice the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from msgspec import structs

from tests.kit import seeded_bugs
from tests.kit.machine import CLOCK, Work
from tests.kit.tiny_site import CONFIG, PATHS, TEXTS
from tests.kit.twin import remembering

SEQUENCES = int(os.environ.get("BRIEFINGS_SEQUENCES", "0"))
PARTS = 4
ROUND = 15
"""Sequences that one machine is run for."""
USUAL = settings(
    max_examples=ROUND,
    stateful_step_count=15,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)

# The same lines again and again: measuring coverage would double the time and find nothing that other tests do not cover.
pytestmark = pytest.mark.no_cover


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_incremental_equals_clean(part: int) -> None:
    with remembering():
        for number in range(max(SEQUENCES // PARTS // ROUND, 1)):
            machine = type(f"Work{part}Round{number}", (Work,), {})
            run_state_machine_as_test(machine if SEQUENCES else seed(part * 1000 + number)(machine), settings=USUAL)


# ── Bugs that must be found ──────────────────────────────────────────────────

N1, N2, N3, N4, N5, N6 = (PATHS[f"n{i}"][0] for i in range(1, 7))
Step = Callable[[Work], None]


def header(path: str, **values: str) -> Step:
    def step(work: Work) -> None:
        old = work.records[path]
        work.records[path] = structs.replace(old, header={**old.header, **values})

    return step


def body(path: str, *paragraphs: str) -> Step:
    return lambda work: work.records.update({path: structs.replace(work.records[path], body=paragraphs)})


def added(path: str, paragraph: str) -> Step:
    return lambda work: body(path, *work.records[path].body, paragraph)(work)


def without(path: str, words: str) -> Step:
    return lambda work: body(path, *(p for p in work.records[path].body if words not in p))(work)


def copied(path: str, new: str, **values: str) -> Step:
    def step(work: Work) -> None:
        old = work.records[path]
        work.records[new] = structs.replace(old, header={**old.header, **values})

    return step


def moved(path: str, new: str) -> Step:
    return lambda work: work.records.update({new: work.records.pop(path)})


def deleted(path: str) -> Step:
    return lambda work: work.delete_record(which=sorted(work.records.keys() - {CONFIG}).index(path), careful=True)


def version(path: str, number: int) -> Step:
    return lambda work: work.edit_text(which=sorted(TEXTS).index(path), version=number)


WITHDRAWN = tuple(header(N2, withdrawn=f"{{date: 2018-01-01, reason: {why}.}}") for why in ("One", "Two"))

SCENARIOS: dict[Callable[[pytest.MonkeyPatch], None], tuple[Step, ...]] = {
    seeded_bugs.stale_backlink: (without(N1, "note:n2"),),
    seeded_bugs.stale_neighbour: (deleted(N3),),
    seeded_bugs.stale_pagination: (copied(N5, N6, title="One more", date="2018-01-01"),),
    seeded_bugs.stale_office: (lambda work: work.turn_the_clock(when=CLOCK[3]),),
    seeded_bugs.stale_calendar: (
        lambda work: work.turn_the_clock(when=CLOCK[3]),
        header(N2, events="[{id: e1, title: A meeting, date: 2018-03-01, status: expected}]"),
        lambda work: work.turn_the_clock(when=CLOCK[4]),
    ),
    seeded_bugs.stale_part: (
        added(N1, "> Words.\n>\n> — [UN](actor:un) {embargo=2018-01-01}"),
        lambda work: work.turn_the_clock(when=CLOCK[3]),
        header(N2, events="[{id: e1, title: A meeting, date: 2017-12-15, embargo: 2018-05-31}]"),
        lambda work: work.turn_the_clock(when=CLOCK[5]),
    ),
    seeded_bugs.uncut_text: (added(N1, "> Words.\n>\n> — [UN](actor:un) {marking=TLP:GREEN}"), added(N1, "Text.")),
    seeded_bugs.stale_withdrawal: WITHDRAWN,
    seeded_bugs.stale_withdrawal_of_actor: WITHDRAWN,
    seeded_bugs.stale_withdrawal_of_source: WITHDRAWN,
    seeded_bugs.stale_withdrawal_at_home: WITHDRAWN,
    seeded_bugs.stale_role: (header("content/actors/guterres.yaml", offices=""),),
    seeded_bugs.ghost_page: (header(N1, title="Another title"), deleted(N5)),
    seeded_bugs.ghost_copy: (body(N1, "![A picture](picture.gif)"), moved(N1, PATHS["n1"][1])),
    seeded_bugs.count_leak: (header(N5, draft="true"),),
    seeded_bugs.missed_partial: (version("themes/plain/templates/parts/foot.html", 1),),
    seeded_bugs.missed_theme_file: (version("themes/desk/assets/more.css", 1),),
    seeded_bugs.forgotten_anchors: (body(N1, "See [a part](note:n2#heading-one)."), without(N2, "## Heading one")),
    seeded_bugs.forgotten_quotations: tuple(
        body(N1, f"> Words.\n>\n> — [Guterres](actor:guterres), {day}") for day in ("2017-12-15", "2017-12-14")
    ),
    seeded_bugs.forgotten_references: (without(N1, "note:n2"),),
    seeded_bugs.forgotten_card: (header(N5, summary="Another summary."),),
    seeded_bugs.forgotten_pages: (header(N5, title="Another title"),),
    seeded_bugs.forgotten_warnings: (header(N1, topics="[new-topic]"), added(N3, "Text."), added(N1, "Text.")),
    seeded_bugs.forgotten_equals: (
        added(N1, "![](picture.gif)"),
        added(N3, "![](picture.gif)"),
        added(N3, "![](picture.gif)"),
        added(N5, "![](picture.gif)"),
        added(N1, "Text."),
    ),
    seeded_bugs.stale_mentions: (
        added(N1, "Nippon spoke."),
        header(N2, kind="wire"),
        header("content/actors/japan.yaml", also_known_as="[Nippon]"),
    ),
    seeded_bugs.unlinked_edit: (header(N1, actors="[japan]"), added(N1, "Japan spoke.")),
    seeded_bugs.unseen_mentions: (added(N1, "Japan and Guterres spoke."),),
    seeded_bugs.trusted_output: (lambda work: work.damage_output(how="append", which=0),),
}
"""What an author does that brings each bug to light."""


def play(steps: Iterable[Step]) -> None:
    """Let a desk do what `steps` say, with the same comparison after each as random work has."""
    work = Work()
    try:
        work.incremental_equals_clean()
        for step in steps:
            step(work)
            work.save()
            work.incremental_equals_clean()
    finally:
        work.teardown()


@pytest.mark.parametrize("nested", [False, True])
def test_a_file_takes_the_place_of_a_folder_and_back(nested: bool) -> None:
    turns = (lambda work: work.file_becomes_folder_or_back(nested=nested), lambda work: work.file_becomes_folder_or_back(nested=not nested))
    play((*turns, *turns))


def test_folders_go_with_the_foreign_files_that_were_in_them() -> None:
    play(
        (
            lambda work: work.add_foreign_file(path="extra/deep/mine.txt", version=b"mine"),
            added(N1, "Text."),
            lambda work: work.delete_foreign_file(which=0),
            added(N1, "More text."),
            added(N1, "Still more text."),
        )
    )


def edited_and_built_twice(work: Work) -> None:
    header(N1, title="A third title")(work)
    work.save()
    work.build_twice_at_once()


def test_two_builds_at_once_and_another_program_harm_nothing() -> None:
    play(
        (
            header(N1, title="Another title"),
            lambda work: work.build_twice_at_once(),
            edited_and_built_twice,
            lambda work: work.damage_cache(how="version", where=0),
            header(CONFIG, theme="wire"),
            added(N1, "Text."),
        )
    )


@pytest.mark.parametrize("bug", SCENARIOS, ids=lambda bug: bug.__name__)
def test_a_seeded_bug_is_found(bug: Callable[[pytest.MonkeyPatch], None]) -> None:
    play(SCENARIOS[bug])
    with pytest.MonkeyPatch.context() as patch:
        bug(patch)
        with pytest.raises(AssertionError):
            play(SCENARIOS[bug])


@pytest.mark.parametrize(
    "bug", [seeded_bugs.stale_backlink, seeded_bugs.missed_partial, seeded_bugs.ghost_page], ids=lambda bug: bug.__name__
)
def test_random_work_finds_a_seeded_bug(bug: Callable[[pytest.MonkeyPatch], None]) -> None:
    found = settings(USUAL, max_examples=100, phases=(Phase.generate,), report_multiple_bugs=False)
    with remembering(), pytest.MonkeyPatch.context() as patch:
        bug(patch)
        with pytest.raises(AssertionError):
            run_state_machine_as_test(seed(1)(type("Work", (Work,), {})), settings=found)
