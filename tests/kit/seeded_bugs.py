"""Bugs that incremental builds are prone to, to be put into the program while a test runs: each must be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any
from unittest.mock import ANY

import msgspec
import pytest
from msgspec import structs

from briefings.content.parse import Parsed
from briefings.content.records import Actor, AnyRecord, Note
from briefings.core.diagnostics import Diagnostic
from briefings.core.digests import digest
from briefings.engine import build, findings, linking, mentions, planning, prepare, publish, templates, text_edit, worker
from briefings.engine.state import StateBody
from briefings.engine.task import Job, Task
from briefings.pages.site_plan import SitePlan
from briefings.pages.view_rows import page_row, read_page_row
from briefings.pages.views.index_views import HomeView
from briefings.pages.views.note_parts import InvolvementView
from briefings.pages.views.record_views import TEMPLATES, ActorView, NoteView, SourceView, TopicView
from briefings.publication import journal
from briefings.rendering.theme import ASSETS, Theme
from briefings.site import interface as interface_of
from briefings.site.interface import clock_bounds, interface
from briefings.site.link import link
from briefings.site.mentions import Found, Mention
from briefings.site.model import Site
from briefings.site.names import Names
from briefings.site.visibility import Readers


def stale_backlink(patch: pytest.MonkeyPatch) -> None:
    """A note is not built again when another one links to it, or no longer does."""

    def without(view: NoteView) -> NoteView:
        return structs.replace(view, **{name: None for name in view.__struct_fields__ if name.startswith("backlinks")})

    _blind(patch, NoteView, without)


def stale_neighbour(patch: pytest.MonkeyPatch) -> None:
    """A note is not built again when others come to stand before, after or beside it."""
    _blind(patch, NoteView, lambda view: structs.replace(view, earlier=None, later=None, related=()))


def stale_pagination(patch: pytest.MonkeyPatch) -> None:
    """The older pages of a topic are not built again when a newer one comes."""
    _blind(patch, TopicView, lambda view: structs.replace(view, card=None, pagination=None, actors_total=0))


def stale_office(patch: pytest.MonkeyPatch) -> None:
    """An actor's page is not built again when an office begins or ends with time alone."""

    def without(records: Iterable[AnyRecord], *others: Any) -> Any:
        return clock_bounds((r for r in records if not isinstance(r, Actor)), *others)

    patch.setattr(linking, "clock_bounds", without)


def stale_calendar(patch: pytest.MonkeyPatch) -> None:
    """What is ahead stays ahead when it is over with time alone."""

    def without(records: Iterable[AnyRecord], *others: Any) -> Any:
        notes = (structs.replace(r, header=structs.replace(r.header, events=())) if isinstance(r, Note) else r for r in records)
        return clock_bounds(notes, *others)

    patch.setattr(linking, "clock_bounds", without)


def stale_part(patch: pytest.MonkeyPatch) -> None:
    """A page is not built again when an event or a quotation of it appears with time alone."""
    patch.setattr(interface_of, "deciding_parts", lambda record: [record.header])


def uncut_text(patch: pytest.MonkeyPatch) -> None:
    """A text whose quotations are not for all is shown whole when it changes and nothing else does."""
    seen = Readers.see_of

    def forgetful(self: Readers, record: AnyRecord) -> AnyRecord:
        return structs.replace(record, body=record.bodies[-1]) if record.guards else seen(self, record)

    def edited(*arguments: Any) -> Any:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(Readers, "see_of", forgetful)
            return text_edit.edited(*arguments)

    patch.setattr(prepare, "edited", edited)


def stale_withdrawal(patch: pytest.MonkeyPatch) -> None:
    """A topic is not built again when the line for one of its notes that was withdrawn changes."""
    _blind(patch, TopicView, lambda view: structs.replace(view, withdrawn=()))


def stale_withdrawal_of_actor(patch: pytest.MonkeyPatch) -> None:
    """An actor is not built again when the line for one of its notes that was withdrawn changes."""
    _blind(patch, ActorView, lambda view: structs.replace(view, withdrawn=()))


def stale_withdrawal_of_source(patch: pytest.MonkeyPatch) -> None:
    """A source is not built again when the line for one of its notes that was withdrawn changes."""
    _blind(patch, SourceView, lambda view: structs.replace(view, withdrawn=()))


def stale_withdrawal_at_home(patch: pytest.MonkeyPatch) -> None:
    """The home page is not built again when the line for one of its notes that was withdrawn changes."""
    _blind(patch, HomeView, lambda view: structs.replace(view, withdrawn=()))


def stale_role(patch: pytest.MonkeyPatch) -> None:
    """A note is not built again when the offices of its actors change."""

    def without(view: NoteView) -> NoteView:
        return structs.replace(view, actors=tuple(InvolvementView(part.actor, part.role, (), part.marking) for part in view.actors))

    _blind(patch, NoteView, without)


def ghost_page(patch: pytest.MonkeyPatch) -> None:
    """The page of a note that was deleted stays."""
    patch.setattr(journal, "_remove", lambda *_: None)


def ghost_copy(patch: pytest.MonkeyPatch) -> None:
    """A picture that takes the place of another at the same address is not copied."""
    fresh = publish._is_new_copy

    def hasty(job: Job, read: Any, address: str, path: str) -> bool:
        known = job.known
        if known is not None and known.body.plan.copies.get(address):
            plan = structs.replace(known.body.plan, copies={address: path})
            known = structs.replace(known, body=structs.replace(known.body, plan=plan))
        return fresh(structs.replace(job, known=known), read, address, path)

    patch.setattr(publish, "_is_new_copy", hasty)


def count_leak(patch: pytest.MonkeyPatch) -> None:
    """Drafts are counted among the notes of a topic."""

    def leaking(parsed: Iterable[Parsed], *others: Any) -> tuple[Site, tuple[Diagnostic, ...]]:
        files = list(parsed)
        site, problems = link(files, *others)
        public = [structs.replace(f, records=tuple(map(_as_public, f.records))) for f in files]
        everything, _ = link(public, *others)
        topics = {i: structs.replace(t, notes=everything.topics[i].notes) for i, t in site.topics.items()}
        return structs.replace(site, topics=topics, cards=everything.cards), problems

    patch.setattr(linking, "link", leaking)


def missed_partial(patch: pytest.MonkeyPatch) -> None:
    """A change in a template that another one includes or imports is not noticed."""
    patch.setattr(templates, "fingerprints", lambda state: dict(state.sources))


def missed_theme_file(patch: pytest.MonkeyPatch) -> None:
    """A stylesheet that comes or goes is not noticed while only texts change."""
    now = planning.copies_with

    def before(theme: Theme, copies: Mapping[str, str]) -> Mapping[str, str]:
        return copies if any(address.startswith(ASSETS) for address in copies) else now(theme, copies)

    patch.setattr(text_edit, "copies_with", before)


def forgotten_anchors(patch: pytest.MonkeyPatch) -> None:
    """A heading that others link to may go unnoticed."""
    _outside(patch, lambda body: structs.replace(body, anchors=()))


def forgotten_references(patch: pytest.MonkeyPatch) -> None:
    """A link may come or go unnoticed."""
    _outside(patch, lambda body: structs.replace(body, references=()))


def forgotten_quotations(patch: pytest.MonkeyPatch) -> None:
    """A quotation in a text may come, go or change unnoticed."""
    _outside(patch, lambda body: structs.replace(body, quotations=(), anchors=()))


def forgotten_card(patch: pytest.MonkeyPatch) -> None:
    """A note's card keeps the old title and summary."""
    patch.setattr(text_edit, "_new_cards", lambda *_: {})


def forgotten_pages(patch: pytest.MonkeyPatch) -> None:
    """A change in a note's card does not rebuild the pages on which the card stands."""
    compare = planning.stale_pages

    def forgetful(plan: SitePlan, known: StateBody | None, *others: Any) -> frozenset[str] | None:
        if known is not None:
            known = structs.replace(known, plan=structs.replace(known.plan, cards=plan.cards))
        return compare(plan, known, *others)

    patch.setattr(planning, "stale_pages", forgetful)


def trusted_output(patch: pytest.MonkeyPatch) -> None:
    """What others have done to published files is not noticed."""
    patch.setattr(build, "damaged_files", lambda *_, **__: frozenset())


def forgotten_warnings(patch: pytest.MonkeyPatch) -> None:
    """What linking had to say of a file is forgotten when another one changes."""

    def forgetful(*arguments: Any) -> Any:
        new = text_edit.edited(*arguments)
        return new and (structs.replace(new[0], reported=frozenset()), new[1])

    patch.setattr(prepare, "edited", forgetful)


def stale_mentions(patch: pytest.MonkeyPatch) -> None:
    """What a text mentions is taken from the last build, although actors have other names now."""

    def trusting(task: Task, _names: Names) -> Found:
        plan = task.known.body.plan if task.known else SitePlan()
        row = task.rows.load("state", {"mentions": plan.mentions}).get("mentions")
        return msgspec.msgpack.decode(row, type=dict[str, tuple[Mention, ...]]) if row else {}

    patch.setattr(mentions, "_found_before", trusting)


def unlinked_edit(patch: pytest.MonkeyPatch) -> None:
    """A text that changes loses the links of its mentions."""
    patch.setattr(text_edit, "linked_mentions", lambda *_: ())


def unseen_mentions(patch: pytest.MonkeyPatch) -> None:
    """Where a text comes to mention other actors, nothing but its own page changes."""
    patch.setattr(text_edit, "mentioned", lambda *_: ANY)


def forgotten_equals(patch: pytest.MonkeyPatch) -> None:
    """Of several warnings with the same words in different files, only those of a changed file are told again."""
    remembered = findings._known_warnings

    def forgetful(found: Iterable[Diagnostic], *arguments: Any) -> list[Diagnostic]:
        said = {(d.code, d.message) for d in found}
        return [d for d in remembered(found, *arguments) if (d.code, d.message) not in said]

    patch.setattr(findings, "_known_warnings", forgetful)


def _blind(patch: pytest.MonkeyPatch, view_type: type, without: Callable[[Any], Any]) -> None:
    """Let the digest of a page's row not depend on some of its view, as if the row had never held it."""
    template = TEMPLATES[view_type]

    def blind(row: bytes) -> bytes:
        with suppress(msgspec.MsgspecError, AttributeError, TypeError):
            targets, view = read_page_row(template, row)
            return digest(page_row(targets, without(view)))
        return digest(row)

    patch.setattr(linking, "digest", blind)


def _outside(patch: pytest.MonkeyPatch, without: Callable[[Any], Any]) -> None:
    def forgetful(parsed: Parsed) -> bytes:
        return interface(structs.replace(parsed, records=tuple(structs.replace(r, body=without(r.body)) for r in parsed.records)))

    patch.setattr(worker, "interface", forgetful)


def _as_public(record: AnyRecord) -> AnyRecord:
    return structs.replace(record, header=structs.replace(record.header, draft=False)) if isinstance(record, Note) else record
