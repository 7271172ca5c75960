"""From the linked site to its pages: which there are, at which address, and what each shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from msgspec import Struct, structs

from briefings.content.records import AnyRecord
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import collision_key, difference
from briefings.core.urls import DOMAIN_FILE, UNBUILT_FILE, own_domain
from briefings.pages.forms import DOCUMENTS, SCHEMA_FOLDER
from briefings.pages.frame import Frame, frame_of
from briefings.pages.make.actors import actor_views, actors_view
from briefings.pages.make.archive import archive_views
from briefings.pages.make.calendar_files import calendar_files, with_calendar
from briefings.pages.make.discovery import WEB_MANIFEST, icons, manifest_view, robots_view, sitemap_views
from briefings.pages.make.feeds import feed_views
from briefings.pages.make.home import free_page_view, home_view, moved_view, not_found_view, withdrawn_view
from briefings.pages.make.ledger_pages import ledger_tables, ledger_views
from briefings.pages.make.notes import note_views
from briefings.pages.make.sources import source_views, sources_view
from briefings.pages.make.topics import topic_views, topics_view
from briefings.pages.marks import marked_feed, marked_page
from briefings.pages.search.files import search_files
from briefings.pages.search.page import search_view
from briefings.pages.theme_pages import ThemePages
from briefings.pages.views.machine_views import SchemaView, SitemapView
from briefings.pages.views.record_views import TEMPLATES, PageOfTheme, View
from briefings.site.linked import LinkedActor, LinkedTopic, Target
from briefings.site.model import Site


class PlannedPage(Struct, frozen=True):
    """A page to be rendered, or anything else that is made of a view."""

    path: str
    """Its file in the output folder, with forward slashes: `notes/un-offer/index.html`."""
    form: str
    """In which form the view is published: a key of `FORMS`."""
    view: View
    origin: str
    """The content file that it comes from, or what else it is, for messages."""
    record: str = ""
    """The id of the record whose page it is, if it is one's."""
    targets: tuple[Target | None, ...] = ()
    """Where the links of the record's text lead."""


def plan(site: Site, theme: ThemePages = ThemePages()) -> Iterator[PlannedPage]:  # noqa: B008 - an immutable value
    """All that is published of the site, made one after another: pages, each followed by its document; then what is for programs alone."""
    shipped = icons(theme.assets)
    outputs = site.config.outputs
    has_manifest = outputs.manifest and bool(shipped)
    frame = with_calendar(site, frame_of(site, theme, WEB_MANIFEST if has_manifest else ""))
    # What all may see has no mark that could be higher than others.
    has_marks = site.audience != "TLP:CLEAR"
    views = []
    for plain, of in _views(site, frame):
        view = marked_page(plain, site.cards) if has_marks else plain
        views.append(view)
        yield PlannedPage(output_path(view.page.url), TEMPLATES[type(view)], view, *of)
        if view.page.document:
            yield PlannedPage(unquote(view.page.document), DOCUMENTS[type(view)], view, *of)
    for unmarked, owner in feed_views(site, frame):
        feed = marked_feed(unmarked, site.cards) if has_marks else unmarked
        whose = _of_owner(owner, "the feed of the site")
        yield PlannedPage(unquote(feed.link.atom), "feed.xml", feed, *whose)
        yield PlannedPage(unquote(feed.link.json), "feed.json", feed, *whose)
    for address, calendar, owner in calendar_files(site, frame):
        yield PlannedPage(unquote(address), "calendar.ics", calendar, *_of_owner(owner, "the calendar of the site"))
    for path, table in ledger_tables(site, frame):
        yield PlannedPage(path, "table.csv", table, LEDGER + path.partition("/")[0])
    for path, form, searched in search_files(site, frame):
        yield PlannedPage(path, form, searched, SEARCH_ORIGIN)
    if outputs.documents:
        for document in DOCUMENTS.values():
            yield PlannedPage(f"{SCHEMA_FOLDER}{document}", "schema.json", SchemaView(document), "the schemas of documents")
    if outputs.sitemap:
        for path, sitemap in sitemap_views(frame, views, site.cards):
            yield PlannedPage(path, "sitemap.xml" if isinstance(sitemap, SitemapView) else "sitemap-index.xml", sitemap, "the sitemap")
    if outputs.robots:
        yield PlannedPage("robots.txt", "robots.txt", robots_view(site, frame), "robots.txt")
    if has_manifest:
        yield PlannedPage(WEB_MANIFEST, "manifest.webmanifest", manifest_view(frame, shipped), "the web manifest")


def collisions(pages: Iterable[tuple[str, str]], site: Site, theme_assets: Iterable[str] = ()) -> tuple[Diagnostic, ...]:
    """Report addresses that are claimed twice, by `pages` (path and origin of each), files of the site or files of the theme."""
    of_theme = ((address, "the theme") for address in theme_assets)
    found = _collisions([*_of_host(site.config.url), *pages, *site.copies.items(), *of_theme])
    return tuple(structs.replace(one, place=_first_use(one, site)) if one.place.path == SETTINGS else one for one in found)


def _first_use(collision: Diagnostic, site: Site) -> Place:
    """Where a note uses what has no file and claims an address that something else has; the settings when no note does."""
    for note in site.notes:
        header = note.record.header
        for i, topic in enumerate(header.topics):
            if collision.message.startswith(_origin(None, "topic", topic)):
                return Place(note.record.path, key=f"topics[{i}]")
        for i, named in enumerate(header.actors):
            actor = named if isinstance(named, str) else named.id
            if collision.message.startswith(_origin(None, "actor", actor)):
                return Place(note.record.path, key=f"actors[{i}]" if isinstance(named, str) else f"actors[{i}].id")
    return collision.place


def _of_host(url: str) -> Iterator[tuple[str, str]]:
    """The files that a host needs besides the site, each with what it is; a deployment adds them."""
    yield UNBUILT_FILE, f"the file {UNBUILT_FILE}"
    if own_domain(url):
        yield DOMAIN_FILE, f"the file {DOMAIN_FILE}, which tells the host of its domain,"


def output_path(url: str) -> str:
    """The output file of an address: folders have an `index.html`."""
    path = unquote(url)
    return path + "index.html" if path.endswith("/") or not path else path


SETTINGS = "content/site.yaml"
SEARCH_ORIGIN = "the search"
"""What the page of search and its files come from, for messages."""
LEDGER = "the ledger of "
"""What the page of a ledger comes from, for messages, before its name."""

_Origin = tuple[str, str, tuple[Target | None, ...]]
"""The file that a page comes from, the record that it is the page of, and where the links of its text lead."""


def _views(site: Site, frame: Frame) -> Iterator[tuple[PageOfTheme, _Origin]]:
    """Every page of the site."""
    yield home_view(site, frame), ("the home page", "", ())
    yield not_found_view(site, frame), ("the 404 page", "", ())
    for archive in archive_views(site, frame):
        yield archive, ("the archive of notes", "", ())
    for note, note_page in zip(site.notes, note_views(site, frame), strict=True):
        yield note_page, (note.record.path, note.record.id, note.targets)
    yield topics_view(site, frame), ("the index of topics", "", ())
    for topic in site.topics.values():
        for topic_page in topic_views(site, frame, topic):
            yield topic_page, (_origin(topic.record, "topic", topic.link.id), topic.link.id, topic.targets)
    yield actors_view(site, frame), ("the index of actors", "", ())
    for actor in site.actors.values():
        for actor_page in actor_views(site, frame, actor):
            yield actor_page, (_origin(actor.record, "actor", actor.link.id), actor.link.id, actor.targets)
    yield sources_view(site, frame), ("the index of sources", "", ())
    for source in site.sources.values():
        for source_page in source_views(site, frame, source):
            yield source_page, (source.record.path, source.record.id, source.targets)
    for free_page in site.pages.values():
        yield free_page_view(frame, free_page), (free_page.record.path, free_page.record.id, free_page.targets)
    for ledger_page in ledger_views(site, frame):
        yield ledger_page, (LEDGER + ledger_page.page.url.partition("/")[0], "", ())
    if frame.site.search:
        yield search_view(site, frame), (SEARCH_ORIGIN, "", ())
    for withdrawn in site.withdrawn:
        yield withdrawn_view(frame, withdrawn), (withdrawn.path, "", ())
    for moved in site.moved:
        yield moved_view(frame, moved), (moved.path, "", ())


def _of_owner(owner: LinkedTopic | LinkedActor | None, of_site: str) -> tuple[str, str]:
    """Origin and record of what is published for a topic or an actor, or else for the site."""
    if owner is None:
        return of_site, ""
    return _origin(owner.record, "topic" if isinstance(owner, LinkedTopic) else "actor", owner.link.id), owner.link.id


def _origin(record: AnyRecord | None, kind: str, identifier: str) -> str:
    return record.path if record else f'the undeclared {kind} "{identifier}"'


def _collisions(claims: Iterable[tuple[str, str]]) -> Iterator[Diagnostic]:
    """Two outputs at one path, at paths that some file system takes for one, or one inside the other."""
    taken: dict[str, tuple[str, str]] = {}
    folders: dict[str, tuple[str, str]] = {}
    told: set[tuple[str, str]] = set()
    for claim in claims:
        key = collision_key(claim[0])
        first = taken.setdefault(key, claim)
        # What lies beside two pages at one address clashes with them, and says nothing new.
        if first is not claim and (first[1], claim[1]) not in told:
            told.add((first[1], claim[1]))
            yield _collision(*claim, *first)
        folder = key.rpartition("/")[0]
        while folder and folder not in folders:
            folders[folder] = claim
            folder = folder.rpartition("/")[0]
    yield from _files_as_folders(taken, folders)


def _files_as_folders(taken: Mapping[str, tuple[str, str]], folders: Mapping[str, tuple[str, str]]) -> Iterator[Diagnostic]:
    for key in taken.keys() & folders.keys():
        yield _collision(*folders[key], *taken[key])


def _collision(path: str, origin: str, other_path: str, other_origin: str) -> Diagnostic:
    if not origin.startswith("content/"):
        path, origin, other_path, other_origin = other_path, other_origin, path, origin
    address, other = _address(path), _address(other_path)
    how = difference(address, other)
    alike = f"differ only in {how}" if how else "are too alike"
    claimed = f"the same address {address}" if address == other else f"addresses that {alike}, {address} and {other}"
    if not origin.startswith("content/"):
        message = f"{origin} and {other_origin} claim {claimed}"
        both = "undeclared" in origin and "undeclared" in other_origin
        remedy = ("write the same id wherever either is meant, or " if both else "") + "give one of the two another id"
        return problem("address-collision", message, SETTINGS, remedy)
    which = "one of the two" if other_origin.startswith("content/") else "this file"
    name = "id, file name or alias" if other_path in (DOMAIN_FILE, UNBUILT_FILE) else "id or file name"
    remedy = f"give {which} another {name}"
    if other_origin == SEARCH_ORIGIN:
        remedy += f", or leave search out with outputs: {{search: false}} in {SETTINGS}"
    if other_origin.startswith(LEDGER):
        remedy += f", or leave the ledger out with outputs: {{{other_origin.removeprefix(LEDGER)}: false}} in {SETTINGS}"
    return problem("address-collision", f"this and {other_origin} claim {claimed}", origin, remedy)


def _address(path: str) -> str:
    """The address of an output file as readers see it: `/notes/` for `notes/index.html`."""
    return ("/" + path).removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else "/" + path
