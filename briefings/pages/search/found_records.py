"""Topics, actors and sources as search knows them, and the names of kinds and roles. The text of no record matters here."""

from __future__ import annotations

from briefings.pages.views.search_views import FoundActor, FoundSource, FoundTopic, SearchRecordsView
from briefings.site.model import Site
from briefings.site.visibility import rank


def found_records(site: Site) -> SearchRecordsView:
    """All topics, actors and sources of `site` by id, with what its notes name besides: kinds and roles."""
    used_kinds = sorted({note.record.header.kind for note in site.notes})
    used_roles = sorted({role for note in site.notes for _, role in note.actors})
    names = {key: kind.name for key, kind in site.config.kinds.items()}
    return SearchRecordsView(
        topics=tuple([_topic(site, identifier) for identifier in sorted(site.topics)]),
        actors=tuple([_actor(site, identifier) for identifier in sorted(site.actors)]),
        sources=tuple([_source(site, identifier) for identifier in sorted(site.sources)]),
        kinds=tuple([(kind, names.get(kind, kind)) for kind in used_kinds]),
        roles=tuple([(role, role.replace("-", " ").replace("_", " ")) for role in used_roles]),
    )


def _topic(site: Site, identifier: str) -> FoundTopic:
    topic = site.topics[identifier]
    return FoundTopic(
        id=identifier,
        name=topic.link.name,
        others=(),
        broader=tuple([one.id for one in topic.broader]),
        notes=len(topic.notes),
        marking=rank(topic.link.marking),
    )


def _actor(site: Site, identifier: str) -> FoundActor:
    actor = site.actors[identifier]
    return FoundActor(
        id=identifier,
        name=actor.link.name,
        others=actor.record.header.also_known_as if actor.record else (),
        type=actor.link.type or "",
        notes=len(actor.notes),
        marking=rank(actor.link.marking),
    )


def _source(site: Site, identifier: str) -> FoundSource:
    source = site.sources[identifier]
    citing = {note.card.id for note, _ in source.citations}
    return FoundSource(id=identifier, name=source.link.name, notes=len(citing), marking=rank(source.link.marking))
