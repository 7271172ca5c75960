"""The states of a site that is served, and how one leads to the next: pure functions, which a thread (`live`) runs.

| state    | what happens                                      | next state                             |
| -------- | ------------------------------------------------- | -------------------------------------- |
| Starting | what was saved is loaded, files are read          | Starting                               |
| any      | an edition is made of what the disk holds         | Current                                |
| any      | some files are wrong by themselves                | Linking: more may be wrong among them  |
| any      | all that is wrong is known                        | Faulty                                 |
| Linking  | nothing was saved for a second, and all is linked | Faulty                                 |
| any      | a page is asked for, and its template fails       | the same, with one more broken page    |
| Current  | the edition is saved for the next start           | Current                                |
| Linking  | an exception that nobody foresaw                  | Faulty: it is linked no more           |
| Current  | an exception that nobody foresaw                  | Current: what was due is due no more   |

Starting, Faulty and Linking may have no edition to show. Then they hold what is known of the files, so that only what changes is read.
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


class Shown(Struct, frozen=True, eq=False):
    """An edition that is shown, and what has become known of it since."""

    edition: Edition
    save_at: float | None = None
    """When it is to be saved for the next start, on the monotonic clock; None where it has been, or never is."""
    broken: Mapping[str, Diagnostic] = {}
    """What is wrong with templates, by the file of a page on which one fails, as far as is known: such pages are shown as they were."""
    sound_theme: Theme | None = None
    """The last theme before that of the edition of which no template was known to fail: it shows what the present one fails to show."""


class Starting(Struct, frozen=True, eq=False):
    """The first edition is being made."""

    basis: Basis
    progress: Progressed = Progressed("read", 0, 0)


class Current(Struct, frozen=True, eq=False):
    """Pages show what the disk holds."""

    shown: Shown
    lapse_failed: bool = False
    """Whether an exception that nobody foresaw came when another edition was due by the clock: then one waits until a file changes."""


class Faulty(Struct, frozen=True, eq=False, kw_only=True):
    """The files have errors. Pages show the last good edition, if there is one."""

    problems: tuple[Diagnostic, ...]
    """With a line and column, and sorted."""
    shown: Shown | None = None
    basis: Basis
    """What is known of the files, for where nothing is shown."""
    built: str = ""
    """Where nothing is shown: the front page of the site as it was last built, from the site's folder; empty where it was not."""


class Linking(Faulty, frozen=True, eq=False, kw_only=True):
    """Some files are wrong by themselves. What is wrong between files takes linking to find, which waits until nothing is being saved."""

    preparation: Preparation
    """What is to be linked."""
    at: float
    """When, on the monotonic clock, in seconds."""


Phase = Starting | Current | Faulty | Linking


class State(Struct, frozen=True, eq=False):
    """All that the server shows at one time."""

    phase: Phase
    base: str
    """The path of the site's root on its host."""
    version: int = 0
    """Grows whenever pages may differ, or what is told of them."""
    former_bases: frozenset[str] = frozenset()
    """Where the site's root has been: what was bookmarked or is open there leads to where it is now."""
    followed: tuple[int, str] = (0, "")
    """The version in which a record was last saved, and the file of its page in the output."""

    @property
    def shown(self) -> Shown | None:
        """What pages show; None where there is nothing yet."""
        return None if isinstance(self.phase, Starting) else self.phase.shown

    @property
    def edition(self) -> Edition | None:
        """The edition that pages show; None where there is none yet."""
        return self.shown.edition if self.shown else None

    @property
    def sound_theme(self) -> Theme | None:
        """The theme that shows pages on which that of the edition fails."""
        return self.shown.sound_theme if self.shown else None

    @property
    def basis(self) -> Basis:
        """What the next preparation goes on from."""
        if self.shown:
            return self.shown.edition.basis
        assert not isinstance(self.phase, Current)  # noqa: S101 - it shows something
        return self.phase.basis

    @property
    def problems(self) -> tuple[Diagnostic, ...]:
        """What is wrong: the errors of the files; else the edition's warnings, and the templates that fail."""
        if isinstance(self.phase, Faulty):
            # What failed on the edition's pages may be mended in the files that keep it from being followed.
            return self.phase.problems
        return (*self.shown.edition.warnings, *_by_place(self.shown.broken)) if self.shown else ()


def _by_place(broken: Mapping[str, Diagnostic]) -> tuple[Diagnostic, ...]:
    """What is wrong with templates, once for each place in one: it fails on many pages in the same way."""
    firsts: dict[object, Diagnostic] = {}
    for diagnostic in broken.values():
        firsts.setdefault((diagnostic.code, diagnostic.place), diagnostic)
    return tuple(sorted(firsts.values(), key=lambda d: d.sort_key))


Step = tuple[State, tuple[Message, ...]]
"""The next state, and what to tell the terminal."""


# ── What happens, and what becomes of it ─────────────────────────────────────


def state_loaded(state: State, basis: Basis) -> Step:
    """What was saved of the site was loaded."""
    return structs.replace(state, phase=Starting(basis)), ()


def progressed(state: State, progress: Progressed) -> Step:
    """The first edition has come so far."""
    if isinstance(state.phase, Starting):
        state = structs.replace(state, phase=structs.replace(state.phase, progress=progress))
    return state, (progress,)


def edition_made(state: State, shown: Shown, tried: Collection[str], seconds: float) -> Step:
    """An edition of what the disk holds was made in so many seconds. Pages that had failed were `tried` with it: some are broken still."""
    old, new = state.shown, shown.edition
    was_faulty = isinstance(state.phase, Faulty)
    if old and not was_faulty and _is_same(old.edition, new):
        # Only stamps, or the time for which it holds, have changed.
        return structs.replace(state, phase=Current(structs.replace(old, edition=new, save_at=_save_at(old, shown)))), ()
    files = () if isinstance(state.phase, Starting) else changed_sources(state.basis, new)
    # Meanwhile somebody may have asked for a page and been the first to see it fail.
    late = {path: found for path, found in (old.broken if old else {}).items() if path not in tried and path in new.pages}
    shown = structs.replace(shown, broken={**late, **shown.broken}, sound_theme=_sound_theme(old, new))
    version, page = state.version + 1, _page_to_follow(new, files)
    after = State(
        phase=Current(shown),
        base=new.base,
        version=version,
        former_bases=state.former_bases | {state.base},
        followed=(version, page) if page else state.followed,
    )
    broken, broken_before = _by_place(shown.broken), _by_place(old.broken) if old else ()
    told: list[Message] = [
        Rebuilt(
            first=old is None,
            changed=files,
            pages=_count_differing(new) if old else len(new.pages),
            seconds=seconds,
            edition=new,
            mended=(was_faulty or bool(broken_before)) and not broken,
            broken=broken,
        )
    ]
    if {d.place for d in broken} - {d.place for d in broken_before}:
        told.append(_broken(after, shown))
    if new.base != state.base:
        told.append(RootMoved(new.base))
    return after, tuple(told)


def errors_found(state: State, phase: Faulty) -> Step:
    """No edition can be made of what the disk holds, and `phase` says why; what is shown stays."""
    phase = structs.replace(phase, shown=state.shown)
    if isinstance(state.phase, Faulty) and state.phase.problems == phase.problems:
        return structs.replace(state, phase=phase), ()
    told = Failed(problems=phase.problems, shown=phase.shown is not None, built=phase.built)
    return structs.replace(state, phase=phase, version=state.version + 1), (told,)


def template_failed(state: State, edition: Edition, path: str, found: Diagnostic) -> Step:
    """The page of `edition` at `path` was asked for, and its template fails."""
    shown = state.shown
    if shown is None or path in shown.broken or shown.edition.prints != edition.prints:
        return state, ()
    is_known = any((d.code, d.place) == (found.code, found.place) for d in shown.broken.values())
    shown = structs.replace(shown, broken={**shown.broken, path: found})
    state = _with_shown(state, shown)
    return (state, ()) if is_known else (structs.replace(state, version=state.version + 1), (_broken(state, shown),))


def edition_saved(state: State, edition: Edition) -> Step:
    """`edition` was saved for the next start, or cannot be."""
    if state.shown is None or state.shown.edition is not edition:
        return state, ()
    return _with_shown(state, structs.replace(state.shown, save_at=None)), ()


def gave_up(state: State, now: dt.datetime) -> Step:
    """An exception that nobody foresaw came at `now`. Whatever was being done would end in it again: it waits until a file changes.

    So does saving, which spares no more than time.
    """
    match state.phase:
        case Linking(problems=problems, shown=shown, basis=basis, built=built):
            phase: Phase = Faulty(problems=problems, shown=shown, basis=basis, built=built)
        case Current(shown=shown, lapse_failed=failed):
            phase = Current(structs.replace(shown, save_at=None), failed or has_lapsed(state, now))
        case _:
            return state, ()
    return structs.replace(state, phase=phase), ()


def _save_at(old: Shown, new: Shown) -> float | None:
    """When to save the edition of `new`, whose pages are those of `old`: no later than those were to be saved.

    A file that may have changed without a new stamp is read again and again: that neither puts off saving nor makes it needed.
    """
    before, now = old.edition, new.edition
    is_as_saved = before.seen.files == now.seen.files and before.known.header.scope == now.known.header.scope
    return old.save_at if old.save_at is not None or is_as_saved else new.save_at


def _with_shown(state: State, shown: Shown) -> State:
    return structs.replace(state, phase=structs.replace(state.phase, shown=shown))


def _is_same(old: Edition, new: Edition) -> bool:
    return not new.differing and new.known.body.sources == old.known.body.sources


def _sound_theme(old: Shown | None, new: Edition) -> Theme | None:
    if old is None:
        return None
    return old.sound_theme if old.broken or old.edition.prints == new.prints else old.edition.templates.theme


def _broken(state: State, shown: Shown) -> Failed:
    # Where a template failed from the start, its pages have never been shown.
    known = shown.sound_theme is not None
    problems = state.phase.problems if isinstance(state.phase, Faulty) else shown.edition.warnings
    return Failed(problems=problems + _by_place(shown.broken), shown=known, partly=not known)


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


# ── What is due ──────────────────────────────────────────────────────────────


def due_at(state: State) -> float | None:
    """When, on the monotonic clock, there is something to do though no file changes: to link, or to save."""
    match state.phase:
        case Linking():
            return state.phase.at
        case Current():
            return state.phase.shown.save_at
        case _:
            return None


def has_lapsed(state: State, now: dt.datetime) -> bool:
    """Whether another edition is due at `now` though no file has changed: an embargo has ended, say.

    While there are errors, only the save that mends them gives another edition; it will be one for that time.
    """
    phase = state.phase
    return isinstance(phase, Current) and not phase.lapse_failed and not within(phase.shown.edition.known.header.scope, now)


def seconds_left(state: State, now: dt.datetime) -> float | None:
    """Seconds until the edition lapses; None where it does not by itself."""
    if not isinstance(state.phase, Current) or state.phase.lapse_failed:
        return None
    until = state.phase.shown.edition.known.header.scope.until
    return max((dt.datetime.fromisoformat(until) - now).total_seconds(), 0) if until else None
