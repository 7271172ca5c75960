"""The states of a served site: what each event makes of each, and what is told of it. Neither threads nor files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec import structs

from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, problem
from briefings.engine.api import BuildRequest
from briefings.engine.scan import Scan, SourceStamp
from briefings.engine.state import SiteState, SourceEntry, StateBody, StateHeader
from briefings.pages.site_plan import PageEntry, Scope, SitePlan
from briefings.rendering.theme import Theme
from briefings.serve.edition import Basis, Edition, MemoryRows
from briefings.serve.lifecycle import (
    Current,
    Faulty,
    Linking,
    Phase,
    Starting,
    State,
    Step,
    edition_made,
    errors_found,
    gave_up,
    has_lapsed,
    progressed,
    seconds_left,
    template_failed,
)
from briefings.serve.messages import Failed, Progressed, Rebuilt
from briefings.serve.preparation import Preparation

NOW = dt.datetime(2018, 1, 1, 12, tzinfo=dt.UTC)
A, B = "content/notes/a.md", "content/notes/b.md"
WRONG = problem("missing-header", "there is no header", A, "write one")
OTHER = problem("missing-header", "there is no header", B, "write one")
BROKEN = problem("template-error", "this is wrong", "templates/note.html", "mend it")


def stamp(saves: int) -> SourceStamp:
    return SourceStamp((1, saves, saves, 1))


FAILING = "notes/a/index.html"
KNOWN = Basis(stamps={A: stamp(1)})


def edition(saves: int = 0, *, url: str = "https://desk.example/", theme: str = "first", until: str = "", differs: bool = True) -> Edition:
    """An edition of a site with two notes, of which the first was saved so often."""
    sources = {A: SourceEntry(bytes([saves]), records=b"a"), B: SourceEntry(b"b", records=b"b")}
    pages = {f"notes/{name}/index.html": PageEntry("note.html", b"", f"content/notes/{name}.md", name) for name in "ab"}
    header = StateHeader(program=b"", scanned=0, scope=Scope(until=until))
    return Edition(
        request=BuildRequest(Path("/desk"), Path(), NOW),
        config=SiteConfig(title="Desk", url=url),
        known=SiteState(header, StateBody(sources=sources, plan=SitePlan(pages=pages))),
        rows=MemoryRows(),
        templates=cast("Any", _Templates(theme)),
        template_fingerprints={"note.html": theme.encode()},
        seen=Scan(0, {A: stamp(saves), B: stamp(0)}, ()),
        sources=cast("Any", None),
        warnings=(),
        differing=frozenset({"notes/a/index.html"} if differs else ()),
    )


class _Templates:
    def __init__(self, theme: str) -> None:
        self.theme = theme


READ = Progressed("read", 1, 2)
FIRST, SECOND, SAME = edition(), edition(1), edition(differs=False)
MOVED, RESTYLED = edition(1, url="https://desk.example/new/"), edition(1, theme="second")
STARTING = State(phase=Starting(), base="/")
CURRENT = State(phase=Current(), base="/", basis=FIRST.basis, edition=FIRST, version=1)
NOTHING_YET = State(phase=Faulty(problems=(WRONG,), built="_site/index.html"), base="/", basis=KNOWN, version=1)
FAULTY = structs.replace(CURRENT, phase=Faulty(problems=(WRONG,)), version=2)
LINKING = structs.replace(FAULTY, phase=Linking(problems=(WRONG,), preparation=cast("Preparation", None), at=20.0))
WITH_BROKEN = structs.replace(CURRENT, broken={FAILING: BROKEN}, sound_theme=cast("Theme", "older"), version=3)


def made(state: State, new: Edition, *broken: Diagnostic) -> Step:
    failing = {f"notes/{number}/index.html": found for number, found in enumerate(broken)}
    return edition_made(state, new, failing, state.broken, 0.1)


def wrong(state: State, *problems: Diagnostic, basis: Basis = KNOWN) -> Step:
    return errors_found(state, Faulty(problems=problems, built="_site/index.html"), basis)


def wrong_in_files(state: State, *problems: Diagnostic) -> Step:
    return errors_found(state, Linking(problems=problems, preparation=cast("Preparation", None), at=40.0), KNOWN)


CASES: list[tuple[str, State, Callable[[State], Step], type[Phase], int, list[str]]] = [
    # What happens in which state; what the state is then, by how much its version has grown, and what is told.
    ("files are read", STARTING, lambda s: progressed(s, READ), Starting, 0, ["Progressed"]),
    ("files are read again", NOTHING_YET, lambda s: progressed(s, READ), Faulty, 0, ["Progressed"]),
    ("the first edition", STARTING, lambda s: made(s, FIRST), Current, 1, ["Rebuilt"]),
    ("the first edition, a template fails", STARTING, lambda s: made(s, FIRST, BROKEN), Current, 1, ["Rebuilt", "Failed"]),
    ("errors from the start", STARTING, lambda s: wrong(s, WRONG), Faulty, 1, ["Failed"]),
    ("errors in files from the start", STARTING, lambda s: wrong_in_files(s, WRONG), Linking, 1, ["Failed"]),
    ("the start is mended", NOTHING_YET, lambda s: made(s, FIRST), Current, 1, ["Rebuilt"]),
    ("a save", CURRENT, lambda s: made(s, SECOND), Current, 1, ["Rebuilt"]),
    ("nothing but stamps is new", CURRENT, lambda s: made(s, SAME), Current, 0, []),
    ("the root moves", CURRENT, lambda s: made(s, MOVED), Current, 1, ["Rebuilt", "RootMoved"]),
    ("a save with an error", CURRENT, lambda s: wrong(s, WRONG), Faulty, 1, ["Failed"]),
    ("a save with an error in a file", CURRENT, lambda s: wrong_in_files(s, WRONG), Linking, 1, ["Failed"]),
    ("all is linked, no more is wrong", LINKING, lambda s: wrong(s, WRONG), Faulty, 0, []),
    ("all is linked, more is wrong", LINKING, lambda s: wrong(s, WRONG, OTHER), Faulty, 1, ["Failed"]),
    ("a save before all is linked", LINKING, lambda s: wrong_in_files(s, OTHER), Linking, 1, ["Failed"]),
    ("the same error again", FAULTY, lambda s: wrong(s, WRONG), Faulty, 0, []),
    ("another error", FAULTY, lambda s: wrong(s, OTHER), Faulty, 1, ["Failed"]),
    ("the error is mended", FAULTY, lambda s: made(s, SECOND), Current, 1, ["Rebuilt"]),
    ("the error is taken back", FAULTY, lambda s: made(s, SAME), Current, 1, ["Rebuilt"]),
    ("a template fails", CURRENT, lambda s: template_failed(s, FIRST, FAILING, BROKEN), Current, 1, ["Failed"]),
    ("a template fails once more", WITH_BROKEN, lambda s: template_failed(s, FIRST, FAILING, BROKEN), Current, 0, []),
    ("a template fails on another page", WITH_BROKEN, lambda s: template_failed(s, FIRST, "notes/b/index.html", BROKEN), Current, 0, []),
    ("another template fails, too", WITH_BROKEN, lambda s: template_failed(s, FIRST, "index.html", OTHER), Current, 1, ["Failed"]),
    ("a template of another theme fails", CURRENT, lambda s: template_failed(s, RESTYLED, FAILING, BROKEN), Current, 0, []),
    ("a template fails, files are wrong", FAULTY, lambda s: template_failed(s, FIRST, FAILING, BROKEN), Faulty, 1, ["Failed"]),
    ("a template fails still", WITH_BROKEN, lambda s: made(s, SECOND, BROKEN), Current, 1, ["Rebuilt"]),
    ("an exception before there is anything", STARTING, lambda s: gave_up(s), Starting, 0, []),
    ("an exception while an edition is shown", CURRENT, lambda s: gave_up(s), Current, 0, []),
    ("an exception while files are wrong", FAULTY, lambda s: gave_up(s), Faulty, 0, []),
    ("an exception amid linking", LINKING, lambda s: gave_up(s), Linking, 0, []),
    ("a save after an exception amid linking", LINKING, lambda s: made(gave_up(s)[0], SECOND), Current, 1, ["Rebuilt"]),
]


@pytest.mark.parametrize(("before", "happens", "phase", "versions", "told"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_each_event_leads_to_the_next_state(
    before: State, happens: Callable[[State], Step], phase: type[Phase], versions: int, told: list[str]
) -> None:
    after, messages = happens(before)
    assert type(after.phase) is phase
    assert after.version - before.version == versions
    assert [type(message).__name__ for message in messages] == told


def test_what_is_known_is_kept_until_there_is_an_edition() -> None:
    """Then the next one follows on that."""
    learned = Basis(stamps={A: stamp(2)})
    state, _ = wrong(STARTING, WRONG, basis=learned)
    assert (state.basis, state.edition, state.problems) == (learned, None, (WRONG,))
    state, _ = made(state, FIRST)
    assert state.basis.known is FIRST.known
    state, _ = wrong(state, WRONG, basis=state.basis)
    assert (state.basis.known, state.edition) == (FIRST.known, FIRST)


@pytest.mark.parametrize(
    ("before", "new", "broken", "mended"),
    [
        (CURRENT, SECOND, (), False),
        (FAULTY, SECOND, (), True),
        (FAULTY, SECOND, (BROKEN,), False),
        (WITH_BROKEN, SECOND, (BROKEN,), False),
        (WITH_BROKEN, RESTYLED, (), True),
    ],
)
def test_only_what_was_wrong_is_told_to_be_mended(before: State, new: Edition, broken: tuple[Diagnostic, ...], mended: bool) -> None:
    rebuilt = made(before, new, *broken)[1][0]
    assert isinstance(rebuilt, Rebuilt)
    assert (rebuilt.mended, rebuilt.broken) == (mended, broken)


def test_a_page_that_was_seen_to_fail_while_the_next_edition_was_made_counts_as_failing() -> None:
    """Else its template would be told to be mended."""
    state, _ = template_failed(CURRENT, FIRST, FAILING, BROKEN)
    state, (rebuilt,) = edition_made(state, SECOND, {}, (), 0.1)
    assert state.problems == (BROKEN,)
    assert isinstance(rebuilt, Rebuilt)
    assert not rebuilt.mended
    state, (rebuilt,) = edition_made(state, edition(2), {}, (FAILING,), 0.1)
    assert state.problems == ()
    assert isinstance(rebuilt, Rebuilt)
    assert rebuilt.mended


def test_a_theme_that_fails_is_stood_in_for_by_the_last_sound_one() -> None:
    state, _ = made(CURRENT, RESTYLED, BROKEN)
    assert str(state.sound_theme) == "first"
    assert state.problems == (BROKEN,)
    state, _ = made(state, edition(2, theme="third"), BROKEN)
    assert str(state.sound_theme) == "first"
    state, _ = made(state, edition(3, theme="fourth"))
    state, _ = made(state, edition(4, theme="fifth"))
    assert str(state.sound_theme) == "fourth"


def test_where_a_template_never_worked_its_pages_were_never_shown() -> None:
    for before, shown in ((STARTING, False), (WITH_BROKEN, True)):
        told = [m for m in (*made(before, SECOND, OTHER)[1],) if isinstance(m, Failed)]
        assert [(m.shown, m.partly) for m in told] == [(shown, not shown)]


def test_former_roots_and_the_record_that_was_saved_are_kept_in_mind() -> None:
    state, _ = made(CURRENT, MOVED)
    assert (state.base, state.former_bases) == ("/new/", frozenset({"/"}))
    assert state.followed == (2, "notes/a/index.html")
    state, _ = wrong(state, WRONG)
    assert (state.base, state.former_bases, state.followed) == ("/new/", frozenset({"/"}), (2, "notes/a/index.html"))


def test_what_is_due_by_the_clock() -> None:
    embargoed, _ = made(STARTING, edition(until="2018-01-01T12:00:05+00:00"))
    assert [seconds_left(embargoed, NOW + dt.timedelta(seconds=n)) for n in (0, 4, 9)] == [5, 1, 0]
    assert [has_lapsed(embargoed, NOW + dt.timedelta(seconds=n)) for n in (4, 5)] == [False, True]
    faulty, _ = wrong(embargoed, WRONG, basis=embargoed.basis)
    assert (seconds_left(faulty, NOW), has_lapsed(faulty, NOW + dt.timedelta(days=1))) == (None, False)
    assert seconds_left(CURRENT, NOW) is None


LAPSING = made(STARTING, edition(until="2018-01-01T12:00:05+00:00"))[0]
LATER = NOW + dt.timedelta(seconds=5)


@pytest.mark.parametrize("before", [STARTING, CURRENT, NOTHING_YET, FAULTY, LINKING, WITH_BROKEN, LAPSING])
def test_what_ended_in_an_exception_is_not_due_again_until_a_file_changes(before: State) -> None:
    """Else it would be tried, and the exception told, at once and for ever."""
    after, _ = gave_up(before)
    assert after.is_stuck
    assert (seconds_left(after, LATER), has_lapsed(after, LATER)) == (None, False)
    assert (after.problems, after.edition) == (before.problems, before.edition)
    lapsing = edition(1, until="2018-01-01T12:00:05+00:00")
    assert has_lapsed(made(after, lapsing)[0], LATER)
    for state, _ in (made(after, SECOND), made(after, SAME), wrong(after, OTHER), wrong(after, WRONG)):
        assert not state.is_stuck
