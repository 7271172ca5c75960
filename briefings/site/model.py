"""The linked site: all that a build may show."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from briefings.content.bodies import Reference
from briefings.content.records import Kind
from briefings.core.config import SiteConfig
from briefings.site.cards import NoteCard, NoteRef
from briefings.site.declarations import Declarations
from briefings.site.ledgers.ledgers import Ledgers
from briefings.site.linked import (
    LinkedActor,
    LinkedNote,
    LinkedPage,
    LinkedSource,
    LinkedTopic,
    NavigationTarget,
    Redirect,
    Withdrawn,
    WithdrawnEvent,
)
from briefings.site.mentions import Found
from briefings.site.names import Names
from briefings.site.visibility import Audience


class Site(Struct, frozen=True):
    """All that a build may show, linked."""

    config: SiteConfig
    zone: dt.tzinfo
    today: dt.date
    """The build's day in the site's time zone."""
    audience: Audience
    """Who may see all that is here."""
    notes: tuple[LinkedNote, ...]
    """Oldest first."""
    cards: dict[str, NoteCard]
    """Card of each note, by the note's id. What may not be shown has none, so a view that names it cannot be published."""
    topics: dict[str, LinkedTopic]
    actors: dict[str, LinkedActor]
    sources: dict[str, LinkedSource]
    pages: dict[str, LinkedPage]
    navigation: tuple[NavigationTarget, ...]
    backlinks: dict[str, tuple[tuple[LinkedNote, Reference], ...]]
    """Note id to the notes that link there, newest first, each with its first link."""
    threads: dict[str, tuple[NoteRef, ...]]
    """Note id to the notes of its thread, oldest first and itself among them; without notes that stand alone."""
    copies: dict[str, str]
    """Address from the root to the content file that is published there, byte for byte."""
    declarations: Declarations
    """What topics declare for the entries of notes."""
    ledgers: Ledgers
    withdrawn: tuple[Withdrawn, ...]
    """By kind and id."""
    withdrawn_from: dict[tuple[Kind, str], tuple[Withdrawn, ...]]
    """For each topic, actor and source the withdrawn notes that stood in its list, newest first."""
    withdrawn_events: dict[tuple[Kind, str] | None, tuple[WithdrawnEvent, ...]]
    """For each topic and actor, and under None for the site, the events of withdrawn notes that no other note tells of; by id."""
    moved: tuple[Redirect, ...]
    names: Names
    """The names of actors for which the texts of notes were searched; none where the site links no mentions."""
    found: Found
    """The mentions that were found in those texts."""
