"""Reads the published files of search as a browser does, and finds what stands in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from briefings.pages.search.terms import bucket, fold, terms

_BEFORE, _AFTER = b"briefings.part(", b");\n"


def part(data: bytes) -> tuple[str, Any]:
    """The name and the content that a file of search gives to the script of the theme."""
    assert data.startswith(_BEFORE), data[:40]
    assert data.endswith(_AFTER), data[-40:]
    assert data.count(b"\n") == 1, "it is one line"
    name, content = json.loads(b"[%b]" % data.removeprefix(_BEFORE).removesuffix(_AFTER))
    return name, content


class SearchFiles:
    """The search of a published site; `tree` has its files by path."""

    def __init__(self, tree: Mapping[str, bytes]) -> None:
        self.parts: dict[str, Any] = {}
        """What each file gives, by the name that the file itself gives."""
        for path, data in tree.items():
            if path.startswith("search/") and path.endswith(".js"):
                name, content = part(data)
                assert path == f"search/{name}.js", "a file lies where its name says"
                self.parts[name] = content
        self.segments = {name: (version, notes, shards) for name, version, notes, shards, _ in self.parts["segments"]["segments"]}
        for name, content in self.parts.items():
            segment = name.partition("/")[0]
            if segment in self.segments:
                assert content["of"] == self.segments[segment][0], "all files of a segment are of one version"

    def found(self, query: str) -> list[str]:
        """The addresses of what has all words of `query` in title, summary or text; of the last word, the beginning is enough."""
        wanted = list(terms(query))
        return [address for segment in self.segments for address in self._found_in(segment, wanted)] if wanted else []

    def numbers(self, segment: str, term: str, *, is_prefix: bool = False) -> dict[int, bool]:
        """The numbers of the texts of a segment in which a term stands, each with whether it is frequent there."""
        shards = self.segments[segment][2]
        words: Mapping[str, str] = self.parts[f"{segment}/words-{bucket(term) % shards}"]["words"]
        postings = [words[one] for one in words if one.startswith(term)] if is_prefix else [words[term]] if term in words else []
        return dict(sorted(pair for one in postings for pair in _numbers(one)))

    def _found_in(self, segment: str, wanted: list[str]) -> Iterator[str]:
        cards, details = self.parts[f"{segment}/cards"], self.parts[f"{segment}/details"]
        addresses = cards["urls"] if "urls" in cards else [f"notes/{identifier}/" for identifier in cards["ids"]]
        found = set(range(len(addresses)))
        for position, term in enumerate(wanted):
            is_prefix = position == len(wanted) - 1
            shown = {n for n in range(len(addresses)) if _stands(term, f"{cards['titles'][n]} {details['summaries'][n]}", is_prefix)}
            found &= shown | self.numbers(segment, term, is_prefix=is_prefix).keys()
        return (addresses[number] for number in sorted(found))


def _stands(term: str, text: str, is_prefix: bool) -> bool:
    return any(one.startswith(term) if is_prefix else one == term for one in terms(fold(text)))


def _numbers(postings: str) -> Iterator[tuple[int, bool]]:
    number = 0
    for one in postings.split(" "):
        number += int(one.removesuffix("!"), 36)
        yield number, one.endswith("!")
