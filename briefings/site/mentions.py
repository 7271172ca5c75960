"""Mentions: where the running text of a note speaks of actors by name, and which of these places become links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind
from msgspec import Struct, structs

from briefings.content.bodies import Body
from briefings.content.headers import Involvement
from briefings.content.records import Note
from briefings.core.text import collation
from briefings.site.cards import ActorLink
from briefings.site.linked import MENTIONED, LinkedMention, LinkedNote, Target
from briefings.site.names import Names, is_word, straightened
from briefings.site.resolve import address

_TOKEN = re.compile(
    "<(a|blockquote|caption|cite|code|dt|figcaption|figure|h[2-6]|kbd|pre|q|rt|samp|summary|th)(?=[ >])[^>]*>"
    '|<(p|section) class="(?:admonition-title|footnotes)"[^>]*>'
    "|\x01(?:([0-9]+)|[^\x02]*)\x02"
    "|<[^> ]+ [^>]*>"
)
"""The beginning of what is no running text: of links, headings, code, quotations, captions, heads of tables and of definitions, titles of
boxes and footnotes; a hole; or a tag with attributes. Values of attributes have neither `<` nor `>` in them."""
_LINK_HOLE = re.compile("\x01[0-9]+\x02")


class Mention(Struct, frozen=True, array_like=True):
    """The first place in the running text of a note that speaks of an actor by a name that no other actor has."""

    actor: str
    """Its id."""
    start: int
    """The index in the HTML with holes, in characters, at which the name begins."""
    end: int
    """The index behind the name."""
    holes: int
    """How many holes of links and images come before it."""


Found = Mapping[str, tuple[Mention, ...]]
"""The mentions in texts, by `text_key`."""
Find = Callable[[Names, Collection[Note]], Found]
"""Finds the mentions of actors with certain names in the texts of notes."""


class Occurrence(NamedTuple):
    """A name in running text."""

    actors: tuple[str, ...]
    """The ids of those who have it."""
    start: int
    end: int


_Word = tuple[int, int, int]
"""Where a name begins in a text, its end with a minus sign, so that of two names the longer one is sorted first, and which form it is."""


class Finder:
    """Finds names in texts, all of them in one pass."""

    def __init__(self, names: Names) -> None:
        # A text may have the letters of a name composed or not.
        decomposed = {unicodedata.normalize("NFD", name): actors for name, actors in names.actors.items() if not name.isascii()}
        forms = {_escaped(name): actors for name, actors in (decomposed | names.actors).items()}
        self._actors = tuple(forms.values())
        self._automaton = AhoCorasick(list(forms), MatchKind.Standard, store_patterns=False)

    def mentions(self, html: str, body: Body) -> tuple[Mention, ...]:
        """The mentions in the text `body`, whose HTML with holes is `html`, in its order."""
        words = self._words(html)
        possible = {self._actors[form] for _, _, form in words if len(self._actors[form]) == 1}
        found: dict[str, Mention] = {}
        holes = counted = 0
        for (actor, *others), start, end in self._running(words, html, body) if possible else ():
            if not others and actor not in found:
                if body.holes:
                    holes, counted = holes + len(_LINK_HOLE.findall(html, counted, start)), start
                found[actor] = Mention(actor, start, end, holes)
                if len(found) == len(possible):
                    break
        return tuple(found.values())

    def occurrences(self, html: str, body: Body) -> Iterator[Occurrence]:
        """Every name in the running text of `html`: of those that overlap, the one that begins first, and of these the longest."""
        return self._running(self._words(html), html, body)

    def _words(self, html: str) -> list[_Word]:
        """Every name that stands by itself in `html`, in running text or not, in the order of the text."""
        text = straightened(html) + " "
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return sorted([(start, -end, form) for form, start, end in matches if is_word(text, start, end)])

    def _running(self, words: Sequence[_Word], html: str, body: Body) -> Iterator[Occurrence]:
        stretches = _running_text(html, body)
        begin = stretch_end = done = 0
        for start, negative_end, form in words:
            if start < done:
                continue
            done = -negative_end
            while stretch_end < done:
                begin, stretch_end = next(stretches, (len(html), len(html)))
            if begin <= start:
                yield Occurrence(self._actors[form], start, done)


def nothing_found(_names: Names, _notes: Collection[Note]) -> Found:
    """Find no mentions at all."""
    return {}


def text_key(body: Body) -> str:
    """The key of a text among those that were searched: equal for two with the same HTML whose links and images are at the same places."""
    return body.digest + "".join([hole.part[0] for hole in body.holes])


def mentioned(note: Note, found: Sequence[Mention]) -> set[str]:
    """The ids of the actors that `note` mentions and does not name otherwise; `found` are the mentions in its text."""
    return {mention.actor for mention in found} - named(note) - set(note.header.mentions.exclude)


def named(note: Note) -> set[str]:
    """The ids of the actors that the header of a note names, and of those that its text links to."""
    header = {actor.id if isinstance(actor, Involvement) else actor for actor in note.header.actors}
    return header | {reference.target for reference in note.body.references if reference.kind == "actor"}


def linked_mentions(note: Note, targets: Sequence[Target | None], found: Sequence[Mention], names: Names) -> tuple[LinkedMention, ...]:
    """Those of the mentions `found` in the text of `note` that become links: all but excluded actors and those linked before.

    `targets` are those of the text's references.
    """
    before = _linked_by_author(note.body, targets)
    links = []
    for mention in found:
        url = address("actor", mention.actor)
        if mention.actor not in note.header.mentions.exclude and url not in before[: mention.holes]:
            links.append(LinkedMention(mention.start, mention.end, url, names.markings.get(mention.actor, "TLP:CLEAR")))
    return tuple(links)


def with_mentions(note: LinkedNote, found: Found, names: Names, links: Mapping[str, ActorLink]) -> LinkedNote:
    """`note` with what its text mentions, if that is in `found`; `links` are those of actors."""
    mentions = found.get(text_key(note.record.body)) if found else None
    if not mentions:
        return note
    others = sorted(
        (links[identifier] for identifier in mentioned(note.record, mentions)), key=lambda link: (collation(link.name), link.id)
    )
    return structs.replace(
        note,
        actors=note.actors + tuple([(link, MENTIONED) for link in others]),
        mentions=linked_mentions(note.record, note.targets, mentions, names),
    )


def _linked_by_author(body: Body, targets: Sequence[Target | None]) -> list[str]:
    """For each hole of a text the address of the link that begins there; empty for other holes and for what may not be shown."""
    opened = (targets[hole.reference] if hole.part == "open" and hole.reference < len(targets) else None for hole in body.holes)
    return [target.url.partition("#")[0] if target else "" for target in opened]


def _escaped(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _running_text(html: str, body: Body) -> Iterator[tuple[int, int]]:
    """Begin and end of each stretch of running text in `html`. A stretch may have tags without attributes in it."""
    start = 0
    while token := _TOKEN.search(html, start):
        if token.start() > start:
            yield start, token.start()
        start = token.end()
        element, number = token[1] or token[2], token[3]
        if element:
            start = _behind_element(html, element, start)
        elif number and body.holes[int(number)].part == "open":
            closing = next(i for i in range(int(number) + 1, len(body.holes)) if body.holes[i].part == "close")
            start = html.index(f"\x01{closing}\x02", start)
    if start < len(html):
        yield start, len(html)


def _behind_element(html: str, element: str, inside: int) -> int:
    """The index behind the end of an `element`, in which others of the same name may lie; `inside` is the index behind its start tag."""
    depth, end_tag = 1, f"</{element}>"
    while depth:
        end = html.find(end_tag, inside)
        if end < 0:
            return len(html)
        depth += html.count(f"<{element}>", inside, end) + html.count(f"<{element} ", inside, end) - 1
        inside = end + len(end_tag)
    return inside
