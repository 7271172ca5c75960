"""Leaks that a site generator is prone to, to be put into the program while a test runs: each must be found.

Most let some part of the site know of everything that the desk has written, as a forgotten filter would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, get_type_hints

import pytest
from msgspec import structs

from briefings.content.parse import Parsed
from briefings.content.records import Kind
from briefings.core.diagnostics import Diagnostic
from briefings.engine import cache, linking, prepare, text_packs
from briefings.pages import plan
from briefings.pages.make import coverage, discovery, feeds, home, notes, topics
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
        return structs.replace(mix(site, everything), cards=everything.cards), problems

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


def note_page(patch: pytest.MonkeyPatch) -> None:
    """Pages of withheld notes are written."""
    _mixed(patch, lambda site, all_: structs.replace(site, notes=all_.notes))


def count(patch: pytest.MonkeyPatch) -> None:
    """Withheld notes are counted among those of a topic."""
    _mixed(patch, lambda s, a: structs.replace(s, topics={i: structs.replace(t, notes=a.topics[i].notes) for i, t in s.topics.items()}))


def actor_page(patch: pytest.MonkeyPatch) -> None:
    """Actors know of withheld notes that name them."""
    _mixed(patch, lambda s, a: structs.replace(s, actors={i: structs.replace(t, notes=a.actors[i].notes) for i, t in s.actors.items()}))


def office_holder(patch: pytest.MonkeyPatch) -> None:
    """Organisations know of withheld actors that hold an office in them."""
    _mixed(patch, lambda s, a: structs.replace(s, actors={i: structs.replace(t, members=a.actors[i].members) for i, t in s.actors.items()}))


def source_page(patch: pytest.MonkeyPatch) -> None:
    """Sources know of withheld notes that cite them."""

    def mix(site: Site, all_: Site) -> Site:
        cited = {i: structs.replace(source, citations=all_.sources[i].citations) for i, source in site.sources.items()}
        return structs.replace(site, sources=cited)

    _mixed(patch, mix)


def sub_topic(patch: pytest.MonkeyPatch) -> None:
    """Topics know of withheld topics below them."""

    def mix(site: Site, all_: Site) -> Site:
        named = {**all_.topics, **{i: structs.replace(t, narrower=all_.topics[i].narrower) for i, t in site.topics.items()}}
        below = {link.id for topic in site.topics for link in named[topic].narrower}
        return structs.replace(site, topics={i: t for i, t in named.items() if i in site.topics or i in below})

    _mixed(patch, mix)


def backlink(patch: pytest.MonkeyPatch) -> None:
    """Notes know of withheld notes that link to them."""
    _mixed(patch, lambda site, all_: structs.replace(site, backlinks=all_.backlinks))


def thread(patch: pytest.MonkeyPatch) -> None:
    """Notes know of withheld notes that continue them."""
    _mixed(patch, lambda site, all_: structs.replace(site, threads=all_.threads))


def attachment(patch: pytest.MonkeyPatch) -> None:
    """Images and documents of withheld notes are copied."""
    _mixed(patch, lambda site, all_: structs.replace(site, copies=all_.copies))


def redirect(patch: pytest.MonkeyPatch) -> None:
    """The old addresses of withheld records lead to them."""
    _mixed(patch, lambda site, all_: structs.replace(site, moved=all_.moved))


def _of_ledger(ledger: str, field: str) -> Leak:
    """A ledger has the entries of withheld notes, and those entries of others that are withheld themselves."""

    def leak(patch: pytest.MonkeyPatch) -> None:
        def mix(site: Site, all_: Site) -> Site:
            seen = getattr(site.ledgers, ledger)
            mixed = structs.replace(seen, **{field: getattr(getattr(all_.ledgers, ledger), field)})
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
    *(declared_by_use, entries, feed, corrections, sitemap),
)
"""Leaks into what readers see."""
IN_THE_CACHE: tuple[Leak, ...] = (remembered_names, remembered_records, remembered_texts)
"""Leaks into what a build remembers."""
