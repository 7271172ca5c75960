"""The states of a site that is served, and how one leads to the next: pure functions, which a thread (`live`) runs.

| state    | what happens                                      | next state                              |
| -------- | ------------------------------------------------- | --------------------------------------- |
| any      | an edition is made of what the disk holds         | Current                                 |
| any      | some files are wrong by themselves                | Linking: more may be wrong among them   |
| any      | all that is wrong is known                        | Faulty                                  |
| Linking  | nothing was saved for a second, and all is linked | Faulty                                  |
| any      | a page is asked for, and its template fails       | the same, with one more broken page     |
| any      | an exception that nobody foresaw                  | the same, stuck until a file changes    |

Whatever the state, pages show the last edition, if one was made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from msgspec import Struct, structs

from briefings.core.diagnostics import Diagnostic
from briefings.pages.site_plan import within
from briefings.rendering.theme import Theme
from briefings.serve.edition import Basis, Edition, changed_sources
from briefings.serve.messages import Failed, Message, Progressed, Rebuilt, RootMoved
from briefings.serve.preparation import Preparation


class Starting(Struct, frozen=True, eq=False):
    """The first edition is being made."""

    progress: Progressed = Progressed("read", 0, 0)


class Current(Struct, frozen=True, eq=False):
    """The edition is what the disk holds."""


class Faulty(Struct, frozen=True, eq=False, kw_only=True):
    """The files have errors."""

    problems: tuple[Diagnostic, ...]
    """With a line and column, and sorted."""
    built: str = ""
    """Where there is no edition: the front page of the site as it was last built, from the site's folder; empty where it was not."""


class Linking(Faulty, frozen=True, eq=False, kw_only=True):
    """Some files are wrong by themselves. What is wrong between files takes linking to find, which waits until nothing is being saved.

    With 10,000 notes, a file with an error costs 0.2 seconds of CPU until it is told, and 2 more to link the others without it.
    """

    preparation: Preparation
    """What is to be linked."""
    at: float
    """When, on the monotonic clock, in seconds."""


Phase = Starting | Current | Faulty | Linking


class State(Struct, frozen=True, eq=False, kw_only=True):
    """All that the server shows at one time."""

    phase: Phase
    base: str
    """The path of the site's root on its host."""
    basis: Basis = Basis()
    """What the next preparation goes on from."""
    edition: Edition | None = None
    """What pages show; None where there is nothing yet."""
    broken: Mapping[str, Diagnostic] = {}
    """What is wrong with templates, by the file of a page on which one fails, as far as is known: such pages are shown as they were."""
    sound_theme: Theme | None = None
    """The newest earlier theme without a known error: pages on which the edition's theme fails are shown with this one."""
    version: int = 0
    """Grows whenever pages may differ, or what is told of them."""
    former_bases: frozenset[str] = frozenset()
    """Where the site's root has been: what was bookmarked or is open there leads to where it is now."""
    followed: tuple[int, str] = (0, "")
    """The version in which a record was last saved, and the file of its page in the output."""
    is_stuck: bool = False
    """Whether an exception that nobody foresaw ended what was being done: nothing is tried again until a file changes."""

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """What is wrong: the errors of the files; else the edition's warnings, and the templates that fail."""
        if isinstance(self.phase, Faulty):
            # What failed on the edition's pages may be mended in the files that keep it from being followed.
            return self.phase.problems
        return (*self.edition.warnings, *_by_place(self.broken)) if self.edition else ()


def _by_place(broken: Mapping[str, Diagnostic]) -> tuple[Diagnostic, ...]:
    """What is wrong with templates, once for each place in one: it fails on many pages in the same way."""
    firsts: dict[object, Diagnostic] = {}
    for diagnostic in broken.values():
        firsts.setdefault((diagnostic.code, diagnostic.place), diagnostic)
    return tuple(sorted(firsts.values(), key=lambda d: d.sort_key))


Step = tuple[State, tuple[Message, ...]]
"""The next state, and what to tell the terminal."""


# ── What happens, and what becomes of it ─────────────────────────────────────


def progressed(state: State, progress: Progressed) -> Step:
    """The first edition has come so far."""
    if isinstance(state.phase, Starting):
        state = structs.replace(state, phase=structs.replace(state.phase, progress=progress))
    return state, (progress,)


def edition_made(state: State, new: Edition, broken: Mapping[str, Diagnostic], tried: Collection[str], seconds: float) -> Step:
    """The edition `new` of what the disk holds was made in so many seconds.

    Pages that had failed were `tried` with it; those on which templates fail now, as far as is known, are `broken`.
    """
    old, was_faulty = state.edition, isinstance(state.phase, Faulty)
    if old and not was_faulty and _is_same(old, new):
        # Only stamps, or the time for which it holds, have changed.
        return structs.replace(state, edition=new, basis=new.basis, is_stuck=False), ()
    files = () if isinstance(state.phase, Starting) else changed_sources(state.basis, new)
    # Meanwhile somebody may have asked for a page and been the first to see it fail.
    late = {path: found for path, found in state.broken.items() if path not in tried and path in new.pages}
    version, page = state.version + 1, _page_to_follow(new, files)
    after = State(
        phase=Current(),
        base=new.base,
        basis=new.basis,
        edition=new,
        broken={**late, **broken},
        sound_theme=_sound_theme(state, new),
        version=version,
        former_bases=state.former_bases | {state.base},
        followed=(version, page) if page else state.followed,
    )
    failing, failing_before = _by_place(after.broken), _by_place(state.broken)
    messages: list[Message] = [
        Rebuilt(
            first=old is None,
            changed=files,
            pages=_count_differing(new) if old else len(new.pages),
            seconds=seconds,
            edition=new,
            mended=(was_faulty or bool(failing_before)) and not failing,
            broken=failing,
        )
    ]
    if {d.place for d in failing} - {d.place for d in failing_before}:
        messages.append(_broken(after))
    if new.base != state.base:
        messages.append(RootMoved(new.base))
    return after, tuple(messages)


def errors_found(state: State, phase: Faulty, basis: Basis) -> Step:
    """No edition can be made of what the disk holds, and `phase` says why; what is shown stays.

    The next preparation goes on from `basis`.
    """
    before, state = state.phase, structs.replace(state, phase=phase, basis=basis, is_stuck=False)
    if isinstance(before, Faulty) and before.problems == phase.problems:
        return state, ()
    message = Failed(problems=phase.problems, shown=state.edition is not None, built=phase.built)
    return structs.replace(state, version=state.version + 1), (message,)


def template_failed(state: State, edition: Edition, path: str, found: Diagnostic) -> Step:
    """The page of `edition` at `path` was asked for, and its template fails."""
    if state.edition is None or path in state.broken or state.edition.template_fingerprints != edition.template_fingerprints:
        return state, ()
    is_known = any((d.code, d.place) == (found.code, found.place) for d in state.broken.values())
    state = structs.replace(state, broken={**state.broken, path: found})
    return (state, ()) if is_known else (structs.replace(state, version=state.version + 1), (_broken(state),))


def gave_up(state: State) -> Step:
    """An exception that nobody foresaw. Whatever was being done would end in it again."""
    return structs.replace(state, is_stuck=True), ()


def _is_same(old: Edition, new: Edition) -> bool:
    return not new.differing and new.known.body.sources == old.known.body.sources


def _sound_theme(state: State, new: Edition) -> Theme | None:
    old = state.edition
    if old is None:
        return None
    return state.sound_theme if state.broken or old.template_fingerprints == new.template_fingerprints else old.templates.theme


def _broken(state: State) -> Failed:
    # Where a template failed from the start, its pages have never been shown.
    is_shown = state.sound_theme is not None
    problems = state.phase.problems if isinstance(state.phase, Faulty) else state.edition.warnings if state.edition else ()
    return Failed(problems=problems + _by_place(state.broken), shown=is_shown, partly=not is_shown)


def _count_differing(edition: Edition) -> int:
    """How many pages for readers, and files, differ from the edition before: documents for programs change with their pages."""
    return sum(path not in edition.pages or edition.is_page(path) for path in edition.differing)


def _page_to_follow(edition: Edition, files: tuple[str, ...]) -> str:
    """The page of the record that was saved, where it was one."""
    sources, pages = edition.known.body.sources, edition.known.body.plan.pages
    records = [path for path in files if path in sources and sources[path].records]
    if len(records) != 1:
        return ""
    return next((path for path, entry in pages.items() if entry.origin == records[0] and entry.record and edition.is_page(path)), "")


# ── What is due by the clock ─────────────────────────────────────────────────


def has_lapsed(state: State, now: dt.datetime) -> bool:
    """Whether another edition is due at `now` though no file has changed: an embargo has ended, say.

    While there are errors, only the save that mends them gives another edition; it will be one for that time.
    """
    return isinstance(state.phase, Current) and not state.is_stuck and not within(state.basis.scope, now)


def seconds_left(state: State, now: dt.datetime) -> float | None:
    """Seconds until the edition lapses; None where it does not by itself."""
    until = state.basis.scope.until
    if not isinstance(state.phase, Current) or state.is_stuck or not until:
        return None
    return max((dt.datetime.fromisoformat(until) - now).total_seconds(), 0)
