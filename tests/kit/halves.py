"""Random sites of which a half is withheld, each with the site on which that half was never written."""

from __future__ import annotations

import random

from hypothesis import strategies as st
from msgspec import Struct

GUARDS = ("marking: TLP:RED", "draft: true", "embargo: 2018-01-01T12:00:01Z", "expires: 2017-12-31")
TOPICS, ACTORS, SOURCES, NOTES = ("t1", "t2", "t3"), ("a1", "a2", "a3"), ("s1", "s2"), tuple(f"n{i}" for i in range(7))


class Part(Struct, frozen=True):
    """A piece of text that is left out if it is withheld, or anything that it needs."""

    text: str
    needs: frozenset[str] = frozenset()
    guard: str = ""
    instead: str = ""
    """The text in its place if it is left out."""


class Half(Struct, frozen=True):
    """A site with its withheld part."""

    guards: dict[str, str]
    """For each record, the header line that restricts it; empty for a public record."""
    chance: int

    def whole(self) -> dict[str, str]:
        """Return all files."""
        return self._files(all_=True, word="word")

    def without(self) -> dict[str, str]:
        """Return the files without what is withheld, and without references to it."""
        return self._files(all_=False, word="word")

    def otherwise(self) -> dict[str, str]:
        """Return all files, with other words in the withheld part."""
        return self._files(all_=True, word="otherwise")

    def _files(self, *, all_: bool, word: str) -> dict[str, str]:
        dice = random.Random(self.chance)  # noqa: S311 - the same for each version
        secret = {record for record, guard in self.guards.items() if guard}
        files = {
            "content/site.yaml": "title: Desk\nurl: https://desk.example.org/\npage_sizes: {notes: 2, topic: 2, actor: 2, source: 1}\n"
        }

        def said(parts: list[Part], between: str) -> str:
            kept = [p.text if all_ or not (p.guard or p.needs & secret) else p.instead for p in parts]
            return between.join(text for text in kept if text)

        def listed(parts: list[Part]) -> str:
            return f"[{said(parts, ', ')}]"

        def keep(path: str, record: str, text: str) -> None:
            if all_ or record not in secret:
                files[path] = text

        for t in TOPICS:
            hidden = word if t in secret else "word"
            above = [Part(x, frozenset({x})) for x in TOPICS if x < t and dice.random() < 0.5]
            keep(
                f"content/topics/{t}.yaml",
                t,
                f"name: {t} {hidden}\nbroader: {listed(above)}\n{self.guards[t]}\n"
                f"propositions: [{{id: p-{t}, text: Say {hidden}}}]\nmeasures: [{{id: m-{t}, name: Count {hidden}}}]\n",
            )
        for a in ACTORS:
            hidden = word if a in secret else "word"
            elsewhere = [x for x in ACTORS if x != a and dice.random() < 0.4]
            offices = [Part(f"{{role: Chief, organization: {x}}}", frozenset({x}), "", "{role: Chief}") for x in elsewhere]
            keep(f"content/actors/{a}.yaml", a, f"name: {a} {hidden}\ntype: person\noffices: {listed(offices)}\n{self.guards[a]}\n")
        for s in SOURCES:
            keep(f"content/sources/{s}.yaml", s, f"name: {s} {word if s in secret else 'word'}\n{self.guards[s]}\n")
        for number, n in enumerate(NOTES):
            hidden = word if n in secret else "word"
            topics = [Part(x, frozenset({x})) for x in dice.sample(TOPICS, 2)]
            actors = [Part(x, frozenset({x})) for x in dice.sample(ACTORS, 2)]

            def guarded() -> str:
                return dice.choice(("", *GUARDS[:2]))

            entries = []
            for kind in ("event", "position", "figure"):
                guard, t, a = guarded(), dice.choice(TOPICS), dice.choice(ACTORS)
                w, tail = (word, f", {guard}") if guard else (hidden, "")
                day = f"2017-12-{dice.randint(1, 28):02}"
                text, needs = {
                    "event": (f"{{id: e{dice.randint(1, 3)}, title: Event {w}, date: {day}{tail}}}", frozenset[str]()),
                    "position": (f"{{actor: {a}, proposition: p-{t}, stance: for, date: {day}, note: {w}{tail}}}", frozenset({a, t})),
                    "figure": (f"{{measure: m-{t}, value: {dice.randint(1, 99)}, as_of: {day}, disputed: true{tail}}}", frozenset({t})),
                }[kind]
                entries.append(f"{kind}s: {listed([Part(text, needs, guard)])}")
            quote, other, actor = guarded(), dice.choice(NOTES), dice.choice(ACTORS)
            w = word if quote else hidden
            attributes = f" {{{quote.replace(': ', '=')}}}" if quote else ""
            # Each note has words of its own: a public copy of a withheld text would be an error.
            body = [
                Part(f"Text {n} {hidden} of {n} [that]", frozenset(), "", ""),
                Part(f"> Quoted {n} {w}[^1] [x](note:{other}) {n}.\n>\n> — [Y](actor:{actor}) [@c]{attributes}", frozenset(), quote),
                Part(f"See {n} [the note](note:{other}) {n} and [@c].", frozenset({other}), "", f"See {n} the note {n} and [@c]."),
                Part(f"[Him](actor:{actor}) again {n}[^2].", frozenset({actor}), "", f"Him again {n}[^2]."),
            ]
            if not all_ and not quote:
                links = {f"[x](note:{other})": other, f"[Y](actor:{actor})": actor}
                text = body[1].text
                for link, target in links.items():
                    text = text.replace(link, link[1]) if target in secret else text
                body[1] = Part(text)
            cited = dice.choice(SOURCES)
            source = f"source: {cited}, " if all_ or cited not in secret else ""
            keep(
                f"content/notes/{n}.md",
                n,
                f"---\ntitle: {n} {hidden}\ndate: 2017-1{number % 2 + 1}-{dice.randint(1, 28):02}\ntopics: {listed(topics)}\n"
                f"actors: {listed(actors)}\nsources: [{{id: c, {source}title: Paper}}]\naliases: [/old/{n}/]\n{self.guards[n]}\n"
                + "\n".join(entries)
                + f"\n---\n\n{said(body, chr(10) * 2)}\n\n[^1]: One {n} {w}.\n\n[^2]: Two {n}.\n",
            )
        return files


_RECORDS = (*TOPICS, *ACTORS, *SOURCES, *NOTES)


@st.composite
def halves(draw: st.DrawFn) -> Half:
    """Draw sites of which any part may be withheld, in any way."""
    guards = {record: draw(st.sampled_from(("", "", *GUARDS))) for record in _RECORDS}
    return Half(guards, draw(st.integers(0, 2**20)))


def _some(seed: int) -> Half:
    dice = random.Random(seed)  # noqa: S311 - always the same
    return Half({record: dice.choice(("", "", *GUARDS)) for record in _RECORDS}, seed)


HALVES = (_some(1), _some(2))
"""Two such sites, always the same."""
