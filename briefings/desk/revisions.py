"""The site as certain readers see it at a revision of its git repository, or as its files are now."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct, structs, to_builtins

from briefings.content.records import Kind
from briefings.core.diagnostics import Diagnostic, has_errors
from briefings.deploy.git import Git
from briefings.desk.gathered import read_all
from briefings.engine.api import BuildRequest, quiet
from briefings.engine.mentions import searching_in
from briefings.engine.planning import readers_of
from briefings.engine.reading import Read, attachment
from briefings.engine.text_packs import Text
from briefings.executors.processes import executor_for
from briefings.pages.plan import plan
from briefings.pages.views.parts import Prose
from briefings.pages.views.record_views import ActorView, FreePageView, NoteView, PageOfTheme, SourceView, TopicView
from briefings.pages.views.withdrawal_views import WithdrawnView
from briefings.site.cards import NoteCard
from briefings.site.link import link
from briefings.site.model import Site

_FILES = ("100644", "100755")
"""Modes of files in git that are neither links nor repositories."""
_LEFT_OUT = frozenset(
    (
        *("site", "page", "note", "card", "body", "outline", "words", "article", "modified", "updated", "earlier", "later", "thread"),
        *("related", "backlinks", "backlinks_total"),
    )
)
"""Fields of the view of a note that follow from others, or that other notes give it."""
_OWN: Mapping[type[PageOfTheme], tuple[str, ...]] = {
    TopicView: ("card.topic.marking", "card.status", "status_history", "broader"),
    ActorView: ("card.actor.marking", "card.actor.type", "also_known_as", "identifiers", "offices"),
    SourceView: ("card.source.marking", "card.source.type", "card.reliability", "rationale", "rated", "url"),
    FreePageView: (),
}
"""Where the views of other records have what is their own, besides their texts."""
_KINDS: Mapping[type[PageOfTheme], Kind] = {
    NoteView: "note",
    TopicView: "topic",
    ActorView: "actor",
    SourceView: "source",
    FreePageView: "page",
}


class ShownRecord(Struct, frozen=True):
    """What readers see of one record."""

    kind: Kind
    url: str
    """The address of its page from the site's root."""
    title: str
    texts: Mapping[str, str]
    """What is to be compared word by word: title, summary and text, by name."""
    entries: Mapping[str, tuple[str, ...]]
    """All else, by the name of the field: each entry of a list, or the one value, in a line."""


class ShownSite(Struct, frozen=True):
    """What readers see of a site."""

    records: Mapping[str, ShownRecord]
    """Every record with a page, by its address; notes first, oldest first."""
    withdrawn: Mapping[str, str]
    """The reason for each withdrawal, by the address of the record."""


def site_at(git: Git, commit: str, request: BuildRequest) -> tuple[ShownSite | None, tuple[Diagnostic, ...]]:
    """What readers saw of the site of `request` at `commit`; None, with the problems, where its content has errors.

    Its files are written into a temporary folder: the site's own stay as they are.
    """
    with tempfile.TemporaryDirectory(prefix="briefings-") as name:
        folder = Path(name).resolve()
        _write(git, commit, folder)
        return site_now(structs.replace(request, site=folder, output=folder / "_site"))


def site_now(request: BuildRequest) -> tuple[ShownSite | None, tuple[Diagnostic, ...]]:
    """What readers see of the site as its files are; None, with the problems, where its content has errors."""
    with executor_for(request.jobs) as executor:
        _, material = read_all(request, executor, quiet)
    read = material.read
    # What is wrong with a theme does not matter here.
    found = tuple(d for d in material.diagnostics if d.place.path.startswith("content"))
    if read is None or has_errors(found):
        return None, found
    attachments = [attachment(request.site, path) for path in read.sources.attachments]
    site, problems = link(read.changed.values(), attachments, read.config, readers_of(request, read.config), searching_in(read.texts))
    return (None, problems) if has_errors(problems) else (_shown(site, read), problems)


def _write(git: Git, commit: str, folder: Path) -> None:
    """Write the content of a commit into `folder`."""
    prefix = git.prefix()
    files = {
        path.removeprefix(prefix): entry.blob
        for path, entry in git.files(commit).items()
        if path.startswith(f"{prefix}content/") and entry.mode in _FILES and ".." not in PurePosixPath(path).parts
    }
    for path, data in zip(files, git.blobs(files.values()), strict=True):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _shown(site: Site, read: Read) -> ShownSite:
    records: dict[str, ShownRecord] = {}
    withdrawn: dict[str, str] = {}
    for page in plan(site):
        view = page.view
        if isinstance(view, NoteView | TopicView | ActorView | SourceView | FreePageView) and page.form.endswith(".html"):
            # Of a list on several pages, the first is the record's own.
            if not (isinstance(view, TopicView | ActorView | SourceView) and view.pagination.newer):
                records[view.page.url] = _record(view, site.cards, read.texts)
        elif isinstance(view, WithdrawnView):
            withdrawn[view.record.url] = view.record.reason
    return ShownSite(records, withdrawn)


def _record(
    view: NoteView | TopicView | ActorView | SourceView | FreePageView, cards: Mapping[str, NoteCard], texts: Mapping[str, Text]
) -> ShownRecord:
    if isinstance(view, NoteView):
        card = cards[view.note.id]
        summary = card.summary
        entries: dict[str, Any] = {"kind": card.kind, "marking": card.marking, "priority": card.priority}
        entries |= {name: getattr(view, name) for name in view.__struct_fields__ if name not in _LEFT_OUT}
    else:
        summary = view.card.summary if isinstance(view, TopicView | SourceView) else view.summary
        entries = {way.rpartition(".")[2]: attrgetter(way)(view) for way in _OWN[type(view)]}
    return ShownRecord(
        kind=_KINDS[type(view)],
        url=view.page.url,
        title=view.page.title,
        texts={"title": view.page.title, "summary": summary, "text": _words(view.body, texts)},
        entries={name: tuple(_lines(to_builtins(value))) for name, value in entries.items()},
    )


def _words(body: Prose, texts: Mapping[str, Text]) -> str:
    return texts[body.digest].words.decode() if body.digest else ""


def _lines(value: Any) -> Iterator[str]:
    """The entries of a field, each in a line; none for one that is empty."""
    for one in value if isinstance(value, list | tuple) else [value]:
        if line := _line(one):
            yield line


def _line(value: Any) -> str:
    match value:
        case None | False | "":
            return ""
        case dict():
            # The name says as much as the address and the id.
            named = {k: v for k, v in value.items() if not (k in ("url", "id", "type", "anchor") and "name" in value) and k != "anchor"}
            lines = {name: _line(one) for name, one in named.items() if one != "TLP:CLEAR"}
            shown = [line if name == "name" else f"{name.replace('_', ' ')}: {line}" for name, line in lines.items() if line]
            return "; ".join(shown)
        case list() | tuple():
            return ", ".join(filter(None, map(_line, value)))
        case _:
            return str(value)
