"""Random sites of which a half is withheld, each with the site on which that half was never written."""

from __future__ import annotations

import random

from hypothesis import strategies as st
from msgspec import Struct

GUARDS = ("marking: TLP:RED", "draft: true", "embargo: 2018-01-01T12:00:01Z", "expires: 2017-12-31")
TOPICS, ACTORS, SOURCES, NOTES = ("t1", "t2", "t3"), ("a1", "a2", "a3"), ("s1", "s2"), tuple(f"n{i}" for i in range(7))
SETTINGS = "title: Desk\nurl: https://desk.example.org/\nlikelihood: phia\npage_sizes: {notes: 2, topic: 2, actor: 2, source: 1}\n"


class Part(Struct, frozen=True):
    """A piece of text that is left out if it is withheld, or anything that it needs."""

    text: str
    needs: frozenset[str] = frozenset()
    guard: str = ""
    instead: str = ""
    """The text in its place if it is left out."""


class Version(Struct):
    """Which of the versions of a site is being written, and the dice that decide what is in it, the same way for each version."""

    secret: frozenset[str]
    """Ids of the records that are withheld."""
    whole: bool
    """False for the version in which nothing was ever written that is withheld, nor any reference to it."""
    word: str
    """A word that stands in all that is withheld."""
    dice: random.Random

    def has(self, record: str) -> bool:
        """Return whether a record is in this version, so that others may name it."""
        return self.whole or record not in self.secret

    def hidden(self, record: str) -> str:
        """Return the word that stands in a record."""
        return self.word if record in self.secret else "word"

    def joined(self, parts: list[Part], between: str) -> str:
        """Return the texts of those parts that are in this version."""
        kept = [p.text if self.whole or not (p.guard or p.needs & self.secret) else p.instead for p in parts]
        return between.join(text for text in kept if text)

    def listed(self, parts: list[Part]) -> str:
        """Return those parts as a list in YAML."""
        return f"[{self.joined(parts, ', ')}]"

    def named(self, records: list[str]) -> str:
        """Return the ids of those records that are in this version as a list in YAML."""
        return self.listed([Part(record, frozenset({record})) for record in records])

    def guard(self) -> str:
        """Return what restricts a part of a note, or nothing."""
        return self.dice.choice(("", *GUARDS[:2]))


class Half(Struct, frozen=True):
    """A site with its withheld part."""

    guards: dict[str, str]
    """For each record, the header line that restricts it; empty for a public record."""
    chance: int

    def whole(self) -> dict[str, str]:
        """Return all files."""
        return self._files(whole=True, word="word")

    def without(self) -> dict[str, str]:
        """Return the files without what is withheld, and without references to it."""
        return self._files(whole=False, word="word")

    def otherwise(self) -> dict[str, str]:
        """Return all files, with other words in the withheld part."""
        return self._files(whole=True, word="otherwise")

    def _files(self, *, whole: bool, word: str) -> dict[str, str]:
        secret = frozenset(record for record, guard in self.guards.items() if guard)
        version = Version(secret, whole, word, random.Random(self.chance))  # noqa: S311 - the same for each version
        written = {f"content/topics/{t}.yaml": (t, _topic(t, self.guards[t], version)) for t in TOPICS}
        written |= {f"content/actors/{a}.yaml": (a, _actor(a, self.guards[a], version)) for a in ACTORS}
        written |= {f"content/sources/{s}.yaml": (s, f"name: {s} {version.hidden(s)}\n{self.guards[s]}\n") for s in SOURCES}
        written |= {f"content/notes/{n}.md": (n, _note(n, self.guards[n], version)) for n in NOTES}
        return {"content/site.yaml": SETTINGS} | {path: text for path, (record, text) in written.items() if version.has(record)}


def _topic(t: str, guard: str, version: Version) -> str:
    hidden, dice = version.hidden(t), version.dice
    return (
        f"name: {t} {hidden}\nbroader: {version.named([x for x in TOPICS if x < t and dice.random() < 0.5])}\n{guard}\n"
        f"propositions: [{{id: p-{t}, text: Say {hidden}}}]\nmeasures: [{{id: m-{t}, name: Count {hidden}}}]\n"
        f"status: {{trend: stable, alert: [{hidden}], as_of: 2017-12-2{dice.randint(0, 8)}}}\n"
        f"status_history: [{{trend: worsening, alert: [{hidden}], as_of: 2017-12-1{dice.randint(0, 8)}}}]\n"
    )


def _actor(a: str, guard: str, version: Version) -> str:
    elsewhere = [x for x in ACTORS if x != a and version.dice.random() < 0.4]
    offices = [Part(f"{{role: Chief, organization: {x}}}", frozenset({x}), "", "{role: Chief}") for x in elsewhere]
    return f"name: {a} {version.hidden(a)}\ntype: person\noffices: {version.listed(offices)}\n{guard}\n"


def _note(n: str, guard: str, version: Version) -> str:
    dice, number = version.dice, NOTES.index(n)
    header = (
        f"title: {n} {version.hidden(n)}\ndate: 2017-1{number % 2 + 1}-{dice.randint(1, 28):02}\n"
        f"topics: {version.named(dice.sample(TOPICS, 2))}\nactors: {version.named(dice.sample(ACTORS, 2))}\n"
        f"authors: {version.listed([Part(f'{{name: Ann of {n}}}'), *(Part(x, frozenset({x})) for x in dice.sample(ACTORS, 1))])}\n"
        f"priority: {dice.choice(('high', 'normal', 'low'))}\naliases: [/old/{n}/]\n{guard}\n"
        f"corrections: [{{date: 2017-12-{dice.randint(29, 31)}, wrong: Wrong {version.hidden(n)}, right: Right {version.hidden(n)}}}]\n"
        f"changes: [{{date: 2017-12-{dice.randint(29, 31)}, level: {dice.choice(('major', 'minor'))}, note: New {version.hidden(n)}}}]\n"
    )
    # None continues a later one: they would go on for ever.
    continued = dice.choice(("", *NOTES[:number]))
    header += f"continues: {continued}\n" if continued and version.has(continued) else ""
    cited, copied = dice.choice(SOURCES), dice.choice(SOURCES)
    source, origin = (f"{key}: {s}, " if version.has(s) else "" for key, s in (("source", cited), ("origin", copied)))
    header += f"sources: [{{id: c, {source}{origin}title: Paper}}, {{id: d, origin: c, title: Copy}}]\n"
    return f"---\n{header}{_entries(n, version)}---\n\n{_body(n, version)}"


def _entries(n: str, version: Version) -> str:
    """Entries of each kind in the header, each of which may be withheld itself, or be about what is."""
    dice, lines = version.dice, []
    guards = {kind: version.guard() for kind in ("quotation", "event", "position", "figure", "judgement")}
    event, speaker = dice.choice(("e1", "e2", f"e-{n}")), dice.choice(ACTORS)
    # Neither an event nor a quotation that was never written can be named. Other notes tell of the events with short ids, too.
    at = f", event: {event}" if event == f"e-{n}" and (version.whole or not guards["event"]) else ""
    basis = "q" if version.whole or not (guards["quotation"] or speaker in version.secret) else ""
    for kind, guard in guards.items():
        t, a, other = dice.choice(TOPICS), dice.choice(ACTORS), dice.choice(ACTORS)
        w, tail = (version.word, f", {guard}") if guard else (version.hidden(n), "")
        day = f"2017-12-{dice.randint(1, 28):02}"
        by = f", relayed_by: {other}" if version.has(other) else ""
        outcome = dice.choice(("", f", outcome: {{date: 2017-12-30, happened: true, note: So {w}}}"))
        about = f"resolve_by: 2018-02-03, actors: {version.named([a])}{outcome}"
        text, needs = {
            "quotation": (
                f"{{id: q, text: Said {n} {w}, speaker: {speaker}, date: {day}, place: {w}, source: c{by}{at}{tail}}}",
                {speaker},
            ),
            "event": (f"{{id: {event}, title: Event {w}, date: {day}, actors: {version.named([a])}, place: {w}{tail}}}", set[str]()),
            "position": (f"{{actor: {a}, proposition: p-{t}, stance: for, date: {day}, basis: '{basis}', note: {w}{tail}}}", {a, t}),
            "figure": (f"{{measure: m-{t}, value: {dice.randint(1, 99)}, as_of: {day}, source: d, disputed: true{tail}}}", {t}),
            "judgement": (f"{{id: j, text: Judged {n} {w}, likelihood: likely, {about}{tail}}}", set[str]()),
        }[kind]
        lines.append(f"{kind}s: {version.listed([Part(text, frozenset(needs), guard)])}\n")
    return "".join(lines)


def _body(n: str, version: Version) -> str:
    quote, other, actor = version.guard(), version.dice.choice(NOTES), version.dice.choice(ACTORS)
    hidden = version.hidden(n)
    w = version.word if quote else hidden
    attributes = f" {{{quote.replace(': ', '=')}}}" if quote else ""
    quotation = f"> Quoted {n} {w}[^1] [x](note:{other}) {n}.\n>\n> — [Y](actor:{actor}) [@c]{attributes}"
    if not quote:
        for link, target in ((f"[x](note:{other})", other), (f"[Y](actor:{actor})", actor)):
            quotation = quotation if version.has(target) else quotation.replace(link, link[1])
    # Each note has words of its own: a public copy of a withheld text would be an error.
    parts = [
        Part(f"Text {n} {hidden} of {n} [that]"),
        Part(quotation, frozenset(), quote),
        Part(f"See {n} [the note](note:{other}) {n} and [@c].", frozenset({other}), "", f"See {n} the note {n} and [@c]."),
        Part(f"[Him](actor:{actor}) again {n}[^2].", frozenset({actor}), "", f"Him again {n}[^2]."),
    ]
    return f"{version.joined(parts, chr(10) * 2)}\n\n[^1]: One {n} {w}.\n\n[^2]: Two {n}.\n"


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
