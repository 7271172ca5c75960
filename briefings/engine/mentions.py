"""The search of texts for mentions, and what the cache keeps of it, so that no text is searched twice for the same names."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from briefings.content.records import Note
from briefings.core.digests import digest
from briefings.engine.api import quiet
from briefings.engine.cache import Rows
from briefings.engine.reading import Read, parse_files
from briefings.engine.task import Task
from briefings.engine.text_packs import Text, read_texts
from briefings.pages.site_plan import SitePlan
from briefings.site.mentions import Find, Finder, Found, Mention, text_key
from briefings.site.model import Site
from briefings.site.names import Names


def searching(task: Task, read: Read) -> Find:
    """The search for mentions in the texts that were `read` or that the cache has; it knows what linking found the last time."""

    def find(names: Names, notes: Collection[Note]) -> Found:
        before = _found_before(task, names)
        new = {key: note for note in notes if (key := text_key(note.body)) not in before}
        fresh = in_texts(names, new, _texts(task, read, new.values())) if new else {}
        return {key: before[key] if key in before else fresh[key] for key in map(text_key, [note.body for note in notes])}

    return find


def searching_in(texts: Mapping[str, Text]) -> Find:
    """The search for mentions in `texts`, which are all texts of a site, by digest."""
    return lambda names, notes: in_texts(names, {text_key(note.body): note for note in notes}, texts)


def in_texts(names: Names, notes: Mapping[str, Note], texts: Mapping[str, Text]) -> dict[str, tuple[Mention, ...]]:
    """What is found in the text of each of `notes`; `texts` are those texts, by digest. One that is gone mentions nothing."""
    finder = Finder(names)
    htmls = ((key, note.body, texts.get(note.body.digest)) for key, note in notes.items())
    return {key: finder.mentions(text.html.decode(), body) if text else () for key, body, text in htmls}


def mention_rows(site: Site) -> dict[str, bytes]:
    """The rows from which the next build knows what was searched for and what was found. They are there even where that is nothing:
    they take the place of rows with names that may no longer be known."""
    return {"names": msgspec.msgpack.encode(site.names), "mentions": msgspec.msgpack.encode(site.found)}


def read_names(plan: SitePlan, rows: Rows) -> Names | None:
    """The names for which the texts of `plan` were searched; None where their row is lost."""
    row = rows.load("state", {"names": plan.names}).get("names")
    return None if row is None else msgspec.msgpack.decode(row, type=Names)


def _found_before(task: Task, names: Names) -> Found:
    """What linking found the last time, if it searched for the same `names`."""
    plan = task.known.body.plan if task.known else SitePlan()
    if digest(msgspec.msgpack.encode(names)) != plan.names:
        return {}
    row = task.rows.load("state", {"mentions": plan.mentions}).get("mentions")
    return {} if row is None else msgspec.msgpack.decode(row, type=dict[str, tuple[Mention, ...]])


def _texts(task: Task, read: Read, notes: Collection[Note]) -> dict[str, Text]:
    """The texts of `notes`, by digest. What the cache has lost is parsed again; what is gone by now is seen by the next build."""
    texts = {note.body.digest: read.texts[note.body.digest] for note in notes if note.body.digest in read.texts}
    stored = {note.body.digest for note in notes} - texts.keys()
    texts |= read_texts(task.known.body.packs if task.known else {}, task.rows, stored)
    lost = sorted({note.path for note in notes if note.body.digest not in texts})
    for _, file in parse_files(task.request.site, read.config, lost, None, task.executor, quiet):
        texts |= file.texts
    return texts
