"""Leaks that a site generator is prone to, to be put into the program while a test runs: each must be found.

Most let one part of the site, or what makes one view, know one thing more than readers may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_type_hints

import pytest
from msgspec import Struct, structs

from briefings.content.parse import Parsed
from briefings.content.records import Kind
from briefings.core.diagnostics import Diagnostic
from briefings.engine import cache, linking, prepare, text_packs
from briefings.pages import plan
from briefings.pages.make import coverage, discovery, feeds, home, notes, topics
from briefings.pages.search import files
from briefings.site import gather, link, visibility, withheld_files
from briefings.site import related as related_notes
from briefings.site.gather import Records
from briefings.site.ledgers.ledgers import Ledgers
from briefings.site.linked import LinkedNote, Withdrawn
from briefings.site.model import Site
from briefings.site.visibility import Readers

Leak = Callable[[pytest.MonkeyPatch], None]


def _mixed(patch: pytest.MonkeyPatch, mix: Callable[[Site, Site], Site]) -> None:
    """Plan a mixture of the site as its readers may see it and as the desk does."""

    def leaking(
        parsed: Iterable[Parsed], attachments: Any, config: Any, readers: Readers, *others: Any
    ) -> tuple[Site, tuple[Diagnostic, ...]]:
        files = list(parsed)
        site, problems = link.link(files, attachments, config, readers, *others)
        everything, _ = link.link(files, attachments, config, structs.replace(readers, audience="desk"), *others)
        # What leads to a withheld note finds its card; all others are those that readers may see.
        return structs.replace(mix(site, everything), cards={**everything.cards, **site.cards}), problems

    patch.setattr(linking, "link", leaking)


def _view(patch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let one function that makes views see everything."""
    everything: list[Site] = []
    made = getattr(module, name)

    def keep(site: Site, all_: Site) -> Site:
        everything[:] = [all_]
        return site

    _mixed(patch, keep)
    patch.setattr(module, name, lambda _site, *others: made(everything[0], *others))


def _one_more(seen: Any, all_: Any) -> Any:
    """Return what readers may see, with the least more of what the desk sees: one entry of a mapping or list, or one field of one entry."""
    if isinstance(all_, Mapping):
        key = next((k for k in seen if k in all_ and seen[k] != all_[k]), None) or next((k for k in all_ if k not in seen), None)
        return seen if key is None else {**seen, key: _one_more(seen[key], all_[key]) if key in seen else all_[key]}
    if isinstance(all_, tuple):
        at = next((i for i, one in enumerate(all_) if i >= len(seen) or seen[i] != one), None)
        if at is None:
            return seen
        told_again = at < len(seen) and _first_field(seen[at]) == _first_field(all_[at])
        return (*seen[:at], _one_more(seen[at], all_[at]) if told_again else all_[at], *seen[at + told_again :])
    if isinstance(all_, Struct) and type(all_) is type(seen):
        name = next((name for name in all_.__struct_fields__ if getattr(seen, name) != getattr(all_, name)), None)
        return structs.replace(seen, **{name: _one_more(getattr(seen, name), getattr(all_, name))}) if name else seen
    return all_


def _first_field(one: Any) -> Any:
    """Return what tells whether two entries are about the same."""
    return getattr(one, one.__struct_fields__[0]) if isinstance(one, Struct) else object()


def _of_each(field: str, part: str) -> Callable[[Site, Site], Site]:
    """Let each topic, actor or source that readers may see have one more in a part of it."""

    def mix(site: Site, all_: Site) -> Site:
        desk = getattr(all_, field)
        more = {
            i: structs.replace(one, **{part: _one_more(getattr(one, part), getattr(desk[i], part))})
            for i, one in getattr(site, field).items()
        }
        return structs.replace(site, **{field: more})

    return mix


def _of_site(field: str) -> Callable[[Site, Site], Site]:
    """Let the site have one more in a field."""
    return lambda site, all_: structs.replace(site, **{field: _one_more(getattr(site, field), getattr(all_, field))})


def note_page(patch: pytest.MonkeyPatch) -> None:
    """Pages of withheld notes are written."""
    _mixed(patch, _of_site("notes"))


def count(patch: pytest.MonkeyPatch) -> None:
    """Withheld notes are counted among those of a topic."""
    _mixed(patch, _of_each("topics", "notes"))


def actor_page(patch: pytest.MonkeyPatch) -> None:
    """Actors know of withheld notes that name them."""
    _mixed(patch, _of_each("actors", "notes"))


def office_holder(patch: pytest.MonkeyPatch) -> None:
    """Organisations know of withheld actors that hold an office in them."""
    _mixed(patch, _of_each("actors", "members"))


def source_page(patch: pytest.MonkeyPatch) -> None:
    """Sources know of withheld notes that cite them."""
    _mixed(patch, _of_each("sources", "citations"))


def sub_topic(patch: pytest.MonkeyPatch) -> None:
    """Topics know of withheld topics below them."""

    def mix(site: Site, all_: Site) -> Site:
        named = {**all_.topics, **{i: structs.replace(t, narrower=all_.topics[i].narrower) for i, t in site.topics.items()}}
        below = {link.id for topic in site.topics for link in named[topic].narrower}
        return structs.replace(site, topics={i: t for i, t in named.items() if i in site.topics or i in below})

    _mixed(patch, mix)


def backlink(patch: pytest.MonkeyPatch) -> None:
    """Notes know of withheld notes that link to them."""
    _mixed(patch, _of_site("backlinks"))


def thread(patch: pytest.MonkeyPatch) -> None:
    """Notes know of withheld notes that continue them."""
    _mixed(patch, _of_site("threads"))


def attachment(patch: pytest.MonkeyPatch) -> None:
    """Images and documents of withheld notes are copied."""
    _mixed(patch, _of_site("copies"))


def redirect(patch: pytest.MonkeyPatch) -> None:
    """The old addresses of withheld records lead to them."""
    _mixed(patch, _of_site("moved"))


def _of_ledger(ledger: str, field: str) -> Leak:
    """A ledger has in one part one entry of a withheld note, or one that is withheld itself."""

    def leak(patch: pytest.MonkeyPatch) -> None:
        def mix(site: Site, all_: Site) -> Site:
            seen = getattr(site.ledgers, ledger)
            desk = getattr(getattr(all_.ledgers, ledger), field)
            if field == "quotations":
                # A speaker who is withheld has no name to be shown.
                desk = tuple(one for one in desk if one.told.speaker is None or one.told.speaker.id in site.actors)
            mixed = structs.replace(seen, **{field: _one_more(getattr(seen, field), desk)})
            return structs.replace(site, ledgers=structs.replace(site.ledgers, **{ledger: mixed}))

        _mixed(patch, mix)

    leak.__name__ = f"{ledger}_{field}"
    return leak


OF_LEDGERS = [
    _of_ledger(field.name, part) for field in structs.fields(Ledgers) for part in get_type_hints(Ledgers)[field.name].__struct_fields__
]
"""A leak for each part of each ledger."""


def home_list(patch: pytest.MonkeyPatch) -> None:
    """The home page lists withheld notes."""
    _view(patch, plan, "home_view")


def archive_months(patch: pytest.MonkeyPatch) -> None:
    """The archive has withheld notes in its lists, months and pages."""
    _view(patch, plan, "archive_views")


def index_of_actors(patch: pytest.MonkeyPatch) -> None:
    """The index of actors lists those that are withheld."""
    _view(patch, plan, "actors_view")


def index_of_topics(patch: pytest.MonkeyPatch) -> None:
    """The index of topics lists those that are withheld."""
    _view(patch, plan, "topics_view")


def index_of_sources(patch: pytest.MonkeyPatch) -> None:
    """The index of sources lists those that are withheld."""
    _view(patch, plan, "sources_view")


def search(patch: pytest.MonkeyPatch) -> None:
    """Search finds withheld notes."""
    _view(patch, plan, "search_files")


def search_words(patch: pytest.MonkeyPatch) -> None:
    """Search finds notes by words of withheld parts of their texts, of which nothing else is shown."""
    everything: list[Site] = []
    planned = files.search_files

    def keep(site: Site, all_: Site) -> Site:
        everything[:] = [all_]
        return site

    def leaking(site: Site, frame: Any) -> Iterator[Any]:
        for path, form, view in planned(site, frame):
            secret = next((v for p, _, v in planned(everything[0], frame) if p == path and "words-" in p), view)
            yield path, form, secret

    _mixed(patch, keep)
    patch.setattr(plan, "search_files", leaking)


def search_page(patch: pytest.MonkeyPatch) -> None:
    """The page of search lists what is withheld."""
    _view(patch, plan, "search_view")


def feed(patch: pytest.MonkeyPatch) -> None:
    """Feeds have withheld notes."""
    _view(patch, plan, "feed_views")


def corrections(patch: pytest.MonkeyPatch) -> None:
    """The feed of corrections tells of those in withheld notes."""
    _view(patch, feeds, "_corrections")


def sitemap(patch: pytest.MonkeyPatch) -> None:
    """The sitemap lists pages that are not written."""
    everything: list[Site] = []
    listed = discovery.sitemap_views

    def keep(site: Site, all_: Site) -> Site:
        everything[:] = [all_]
        return site

    def leaking(frame: Any, views: Iterable[Any], *others: Any) -> Any:
        return listed(frame, [*views, *notes.note_views(everything[0], frame)], *others)

    _mixed(patch, keep)
    patch.setattr(plan, "sitemap_views", leaking)


def not_found_page(patch: pytest.MonkeyPatch) -> None:
    """The 404 page offers withheld notes."""
    _view(patch, plan, "not_found_view")


def neighbour(patch: pytest.MonkeyPatch) -> None:
    """The note before or after is a withheld one."""
    _view(patch, notes, "_neighbours")


def topic_row(patch: pytest.MonkeyPatch) -> None:
    """Where indexes show a topic, its notes are counted before the filter."""
    _view_of(patch, (home, topics), "topic_card", lambda all_, card_of, topic: card_of(all_, all_.topics[topic.link.id]))


def most_named(patch: pytest.MonkeyPatch) -> None:
    """Those most named are counted in withheld notes, too."""
    everything: list[Site] = []
    counted = home._most_named

    def keep(site: Site, all_: Site) -> Site:
        everything[:] = [all_]
        return site

    _mixed(patch, keep)
    patch.setattr(home, "_most_named", lambda _: counted(everything[0].notes[::-1]))


def related(patch: pytest.MonkeyPatch) -> None:
    """Withheld notes are related."""
    everything: list[Site] = []
    relate = related_notes.related

    def keep(site: Site, all_: Site) -> Site:
        everything[:] = [all_]
        return site

    def leaking(shown: Iterable[LinkedNote]) -> list[Any]:
        all_ = everything[0].notes
        found = dict(zip((n.card.id for n in all_), relate(all_), strict=True))
        return [found[n.card.id] for n in shown]

    _mixed(patch, keep)
    patch.setattr(notes, "related", leaking)


def coverage_chart(patch: pytest.MonkeyPatch) -> None:
    """The chart of a topic's notes counts those that are withheld."""
    everything: list[Site] = []
    views = topics.topic_views
    chart = coverage.coverage

    def keep(site: Site, all_: Site) -> Site:
        everything[:] = [all_]
        return site

    def leaking(site: Site, frame: Any, topic: Any) -> Iterator[Any]:
        days = [note.card.date for note in everything[0].topics[topic.link.id].notes]
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(topics, "coverage", lambda _: chart(days))
            yield from views(site, frame, topic)

    _mixed(patch, keep)
    patch.setattr(plan, "topic_views", leaking)


def withdrawn_line(patch: pytest.MonkeyPatch) -> None:
    """Lists have a line for a withheld note as if it had been withdrawn."""

    def told(site: Site, all_: Site) -> Site:
        seen = {note.card.id for note in site.notes}
        gone = [n for n in all_.notes if n.card.id not in seen]
        lines = tuple(
            Withdrawn(
                "note",
                n.card.url,
                n.record.path,
                n.card.date,
                "withheld",
                n.card.when,
                tuple(("topic", t.id) for t in n.topics),
                "TLP:CLEAR",
            )
            for n in gone
        )
        return structs.replace(site, withdrawn=lines)

    _mixed(patch, told)


def quotation(patch: pytest.MonkeyPatch) -> None:
    """All quotations of a note are shown."""
    seen = visibility.Readers.see_of

    def leaking(self: visibility.Readers, record: Any) -> Any:
        return structs.replace(seen(self, record), body=record.bodies[-1]) if record.guards else seen(self, record)

    patch.setattr(visibility.Readers, "see_of", leaking)


def link_to_withheld(patch: pytest.MonkeyPatch) -> None:
    """A link to what is withheld is told to lead nowhere."""
    original = gather.gather

    def leaking(*arguments: Any) -> tuple[Records, list[Diagnostic]]:
        records, problems = original(*arguments)
        return structs.replace(records, withheld=frozenset()), problems

    patch.setattr(link, "gather", leaking)


def declared_by_use(patch: pytest.MonkeyPatch) -> None:
    """A topic or actor that is withheld is made up anew, because something names it."""
    original = gather._without_file

    def leaking(records: Records, *, warn: bool) -> tuple[dict[Kind, list[str]], list[Diagnostic]]:
        return original(structs.replace(records, withheld=frozenset()), warn=warn)

    patch.setattr(gather, "_without_file", leaking)


def entries(patch: pytest.MonkeyPatch) -> None:
    """Nothing is withheld but records: their parts are forgotten."""
    patch.setattr(visibility.Readers, "_seen", lambda _self, parts: parts)


def remembered_names(patch: pytest.MonkeyPatch) -> None:
    """The cache knows the names of withheld files."""
    patch.setattr(cache, "hidden_name", lambda path: path)


def remembered_records(patch: pytest.MonkeyPatch) -> None:
    """The cache has the records of withheld files."""
    original = withheld_files.withheld_files
    patch.setattr(linking, "withheld_files", lambda *arguments: (original(*arguments)[0] & set(), set()))


def remembered_texts(patch: pytest.MonkeyPatch) -> None:
    """The cache has every text that was parsed."""
    original = text_packs.repacked
    patch.setattr(prepare, "repacked", lambda packs, rows, shown, fresh: original(packs, rows, {*shown, *fresh}, fresh))


def remembered_terms(patch: pytest.MonkeyPatch) -> None:
    """The cache has the terms of every text that was parsed."""
    patch.setattr(prepare, "_terms", lambda searched, known, _texts: {segment: dict(known) for segment in searched})


def told_warnings(patch: pytest.MonkeyPatch) -> None:
    """A build prints warnings about withheld files."""
    patch.setattr(prepare, "redacted", lambda found, _hidden: list(found))


def _view_of(patch: pytest.MonkeyPatch, modules: Iterable[Any], name: str, leak: Callable[..., Any]) -> None:
    everything: list[Site] = []

    def keep(site: Site, all_: Site) -> Site:
        everything[:] = [all_]
        return site

    _mixed(patch, keep)
    for module in modules:
        made = getattr(module, name)
        patch.setattr(module, name, lambda _site, item, made=made: leak(everything[0], made, item))


IN_THE_OUTPUT: tuple[Leak, ...] = (
    *(note_page, count, actor_page, office_holder, source_page, sub_topic, backlink, thread, attachment, redirect, *OF_LEDGERS),
    *(home_list, archive_months, index_of_actors, index_of_topics, index_of_sources),
    *(not_found_page, neighbour, topic_row, most_named, related, coverage_chart, withdrawn_line, quotation, link_to_withheld),
    *(declared_by_use, entries, feed, corrections, sitemap, search, search_words, search_page),
)
"""Leaks into what readers see."""
IN_THE_CACHE: tuple[Leak, ...] = (remembered_names, remembered_records, remembered_texts, remembered_terms)
"""Leaks into what a build remembers."""
