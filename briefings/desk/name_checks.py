"""The checks of actors' names: those that two actors have, and words in notes that may mean an actor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from briefings.content.records import Actor
from briefings.content.schema.validate import join
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import listing
from briefings.desk.gathered import Gathered
from briefings.engine.scan import read_or_nothing
from briefings.site.linked import LinkedNote
from briefings.site.mentions import Finder
from briefings.site.names import forms, weak_names_of


def ambiguous_names(site: Gathered) -> Iterator[Diagnostic]:
    """Find names that two actors have: where a note has one of them, nobody can tell which of the two it means."""
    actors = site.shown.site.actors
    told: set[tuple[str, str]] = set()
    for name, ids in site.shown.site.names.actors.items():
        first, *others = [record for one in ids if (record := actors[one].record) is not None]
        for other in others:
            key = _key_of(name, other)
            if (other.id, key) in told:
                # The same name, as it is written at the beginning of a sentence.
                continue
            told.add((other.id, key))
            message = f'"{name}" is also a name of the actor "{first.id}" ({first.path}), so that no note links it to either'
            remedy = "take it out of also_known_as of one of the two, or list it under weak_names of both"
            yield problem("ambiguous-name", message, Place(other.path, key=join(other.key, key)), remedy)


def weak_names(site: Gathered) -> Iterator[Diagnostic]:
    """Find notes in whose text a weak name stands while they name none of the actors that it may mean."""
    linked = site.shown.site
    names = weak_names_of(actor.record for actor in linked.actors.values()) if linked.config.mentions == "link" else None
    if names is None or not names.actors:
        return
    finder = Finder(names)
    for note in linked.notes:
        text = site.texts.get(note.record.body.digest)
        html = text.html.decode() if text else ""
        settled = {actor.id for actor, _ in note.actors} | set(note.record.header.mentions.exclude)
        told = set()
        for actors, start, end in finder.occurrences(html, note.record.body):
            if settled.isdisjoint(actors) and actors not in told:
                told.add(actors)
                words = " ".join(unescape(html[start:end]).split())
                who = listing([linked.actors[one].link.name for one in actors])
                message = f'"{words}" may mean {who}, and the note names no such actor'
                remedy = f"link it, as in [{words}](actor:{actors[0]}); or, if nobody is meant, write mentions: {{exclude: [{actors[0]}]}}"
                yield problem("weak-name", message, _place(site, note, words), remedy)


def _key_of(name: str, actor: Actor) -> str:
    """The key under which a header has the name of which `name` is one of the `forms`."""
    others = actor.header.also_known_as
    return next((f"also_known_as[{i}]" for i, other in enumerate(others) if name in forms(other)), "name")


def _place(site: Gathered, note: LinkedNote, words: str) -> Place:
    """Where `words` stand first in the text of a note's file; the file as a whole where they are written in another way there."""
    path = note.record.path
    written = read_or_nothing(site.folder, path).decode(errors="replace")
    header = written.find("\n---", 3) if path.endswith(".md") else 0
    found = re.compile(r"\s+".join(map(re.escape, words.split()))).search(written, max(header, 0))
    if found is None:
        return Place(path)
    before = written[: found.start()]
    return Place(path, before.count("\n") + 1, len(before) - before.rfind("\n"), len(found.group().partition("\n")[0]))
