"""The text of a new record's file: a YAML header with what was asked for, and hints about other keys as comments."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from briefings.content.records import HEADERS, Kind

SCHEMA_KINDS: tuple[Kind | Literal["site"], ...] = ("site", *HEADERS)
"""The kinds whose JSON Schema a new site keeps in .schemas/ for editors."""

_PLAIN = re.compile(r"[^\W\d_][\w .()/’–—-]*(?<! )")
_WORDS_OF_YAML = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})


def scalar(text: str) -> str:
    """Write `text` as a YAML scalar that every parser reads as text: plain where that is certain, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    return json.dumps(text, ensure_ascii=False)  # JSON's strings are YAML's double-quoted ones


def _items(key: str, ids: Iterable[str]) -> list[str]:
    """Return the lines of a YAML list of ids under `key`."""
    return [f"{key}:", *(f"  - {scalar(i)}" for i in ids)]


def modeline(path: str) -> str:
    """Return the first line of a YAML file at `path` that tells editors its schema, relative to the file; empty for other files."""
    match path.split("/"):
        case ["content", "site.yaml"]:
            kind, depth = "site", 1
        case ["content", ("notes" | "actors" | "topics" | "sources" | "pages") as folder, *rest]:
            kind, depth = folder.removesuffix("s"), 1 + len(rest)
        case _:
            return ""
    return f"# yaml-language-server: $schema={'../' * depth}.schemas/{kind}.json\n"


class NewNote(Struct, frozen=True):
    """The header of a new note; its id is in the file's name."""

    title: str
    date: str
    """A day, or an instant with an offset."""
    kind: str
    """An id of site.yaml's `kinds`."""
    summary: str = ""
    topics: Sequence[str] = ()
    """Ids of topics."""
    actors: Sequence[tuple[str, str]] = ()
    """Ids of actors, each with a role or the empty text."""
    headings: Sequence[str] = ()
    draft: bool = False


def note(new: NewNote) -> str:
    """Return the file of a note: Markdown with front matter."""
    lines = [
        f"title: {scalar(new.title)}",
        f"summary: {scalar(new.summary)}" if new.summary else "# summary: One or two sentences for lists and feeds.",
    ]
    lines += [f"date: {new.date}", f"kind: {scalar(new.kind)}"]
    lines += _items("topics", new.topics) if new.topics else ["# topics:", "#   - main-topic"]
    lines += _involved(new.actors) if new.actors else ["# actors:", "#   - some-actor", "#   - id: another", "#     role: speaker"]
    lines += ["# sources:", "#   - id: s1", "#     source: some-source", "#     url: https://…"]
    if new.draft:
        lines.append("draft: true")
    return "\n".join(["---", *lines, "---", *(f"\n## {heading}" for heading in new.headings), ""])


def actor(name: str, kind: str) -> str:
    """Return the YAML file of an actor."""
    lines = [f"name: {scalar(name)}", f"type: {kind}", "# summary: Who this is, in one sentence."]
    if kind == "person":
        lines.append("# sort_name: Family, Given")
    lines += ["# also_known_as:", "#   - Another name"]
    lines += ["# offices:", "#   - role: Minister", "#     organization: some-actor", "#     from: 2017-01-01"]
    return "\n".join(lines) + "\n"


def topic(name: str, broader: Sequence[str]) -> str:
    """Return the YAML file of a topic."""
    lines = [f"name: {scalar(name)}", *(_items("broader", broader) if broader else ["# broader:", "#   - some-topic"])]
    lines += ["# summary: What this is about, in one sentence.", "# status:", "#   trend: stable", "#   as_of: 2017-12-31"]
    return "\n".join(lines) + "\n"


def source(name: str, kind: str, url: str) -> str:
    """Return the YAML file of a source."""
    lines = [
        f"name: {scalar(name)}",
        f"type: {scalar(kind)}" if kind else "# type: news agency",
        f"url: {scalar(url)}" if url else "# url: https://…",
    ]
    lines.append("# reliability: B  # from A (completely reliable) to F (cannot be judged)")
    return "\n".join(lines) + "\n"


def _involved(actors: Sequence[tuple[str, str]]) -> list[str]:
    """Return the lines for a note's actors: an id each, or an id with a role."""
    lines = ["actors:"]
    for identifier, role in actors:
        lines += [f"  - id: {scalar(identifier)}", f"    role: {scalar(role)}"] if role else [f"  - {scalar(identifier)}"]
    return lines
