"""The corpus: notes made up from a seed, so that everyone can build the same ones. A note is the same however many there are."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_FIELDS = ("Grain", "Gas", "Rail", "Fisheries", "Cyber", "Border", "Vaccine", "Harbour")
_ASPECTS = ("Policy", "Disputes", "Funding", "Security", "Reform")
_LANDS = ("Ald", "Bran", "Cor", "Dor", "Est", "Fal", "Gor", "Hal", "Ister", "Jor", "Kel", "Lor")
_ENDINGS = ("avia", "mark", "onia", "land", "istan")
_REGIONS = ("Northern", "Southern", "Eastern", "Western", "Coastal", "Alpine", "Island", "Lakeside", "Danubian")
_BODIES = (
    "Grid Board",
    "Fuel Bureau",
    "Port League",
    "Seed Bank",
    "Rail Union",
    "Loan Fund",
    "Data Office",
    "Court",
    "Press Guild",
    "Survey",
)
_GIVEN = ("Ada", "Bela", "Cleo", "Dario", "Edda", "Finn", "Gala", "Hugo", "Ida", "Jan", "Kira", "Luca", "Mina", "Noel", "Orla")
_FAMILY = ("Abarca", "Bihari", "Castell", "Dragan", "Ekholm", "Ferrant", "Gidney", "Hartog", "Iversen", "Jaspers")

_GROUPS = (
    "shippers",
    "growers",
    "mayors",
    "pilots",
    "grid engineers",
    "customs officers",
    "insurers",
    "deputies",
    "mediators",
    "surveyors",
)
_DEEDS = (
    "has put off",
    "has cleared",
    "has turned down",
    "has reopened",
    "has paid for",
    "has put to the vote",
    "has called for",
    "has backed",
)
_KINDS = ("two-year", "unsigned", "cross-border", "shared", "disputed", "smaller", "second", "interim", "costlier", "long-awaited")
_THINGS = (
    "schedule",
    "storage plan",
    "quota",
    "transit deal",
    "safety code",
    "berth",
    "loan",
    "census",
    "toll",
    "joint office",
    "permit",
    "audit",
)
_WHEN = ("at dawn on Monday", "in the last week of the session", "after a night of talks", "before the rains", "with one vote to spare")
_WHY = (
    "since neither side wished to wait for the court",
    "so that the spring deliveries can go ahead",
    "although the figures behind it are two years old",
    "because the old terms run out this summer",
    "and nobody in the room asked who would pay",
)
_OPENINGS = (
    "By most accounts",
    "On paper",
    "According to the minutes",
    "As two people tell it who were there",
    "Asked again",
    "In a letter",
)
_HEADINGS = ("Where things stand", "Who wants what", "How it came to this", "In figures", "What is not known", "Dates ahead", "Small print")
_MONTHS = ("January", "March", "April", "June", "September", "October", "December")

ActorType = Literal["state", "organization", "person"]


def address(name: str) -> str:
    """A name as part of an address: `grain-policy`."""
    return name.lower().replace(" ", "-")


TOPICS = tuple(f"{field} {aspect}" for field, aspect in itertools.product(_FIELDS, _ASPECTS))
ACTORS: dict[str, ActorType] = {
    **{land + ending: "state" for land, ending in itertools.product(_LANDS, _ENDINGS)},
    **{f"{region} {body}": "organization" for region, body in itertools.product(_REGIONS, _BODIES)},
    **{f"{given} {family}": "person" for given, family in itertools.product(_GIVEN, _FAMILY)},
}


@dataclass(frozen=True)
class Note:
    """A note before any generator's front matter."""

    id: str
    """Its file's name and the last part of its address."""
    title: str
    date: dt.datetime
    summary: str
    topics: tuple[str, ...]
    """Names, the main topic first."""
    actors: tuple[str, ...]
    body: str
    """Markdown, in which `note:<id>` leads to another note."""


class Corpus:
    """The notes that belong to a seed, each to be had by its number."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        shuffle = random.Random(f"{seed} ranks")
        # By rank, so that states, organisations and persons are mixed among the often and the seldom named.
        self._topics = shuffle.sample(TOPICS, len(TOPICS))
        self._actors = shuffle.sample(sorted(ACTORS), len(ACTORS))
        self._topic_weights = _zipf(len(TOPICS))
        self._actor_weights = _zipf(len(ACTORS))

    def note(self, number: int) -> Note:
        """The note of that number, from 0; it links to one with a smaller number."""
        chance = random.Random(f"{self.seed} note {number}")
        topics = _draw(chance, self._topics, self._topic_weights, chance.choice((1, 2, 2, 3)))
        actors = _draw(chance, self._actors, self._actor_weights, chance.choice((2, 3, 4, 5, 6)))
        title, name = self._headline(number)
        date = dt.datetime(2019, 3, 1, 7, tzinfo=dt.UTC) + dt.timedelta(minutes=41 * number)
        summary = f"{_sentence(chance, actors)} {_sentence(chance, actors)}"
        earlier = self._headline(chance.randrange(number))[1] if number else name
        return Note(name, title, date, summary, topics, actors, _body(chance, actors, earlier))

    def _headline(self, number: int) -> tuple[str, str]:
        """Title and id of a note, to be had without making the note."""
        chance = random.Random(f"{self.seed} headline {number}")
        who = chance.choice(self._actors[:120])
        title = f"{who} {chance.choice(_DEEDS).removeprefix('has ')} the {chance.choice(_KINDS)} {chance.choice(_THINGS)}"
        return title, f"{address(title)}-{number}"


def _zipf(count: int) -> list[float]:
    """Cumulative weights of ranks, the n-th of which is drawn about 1/n as often as the first."""
    return list(itertools.accumulate(1 / (rank + 2) for rank in range(1, count + 1)))


def _draw(chance: random.Random, names: Sequence[str], weights: Sequence[float], count: int) -> tuple[str, ...]:
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        drawn[chance.choices(names, cum_weights=weights)[0]] = None
    return tuple(drawn)


def _sentence(chance: random.Random, actors: Sequence[str]) -> str:
    who = chance.choice(actors) if chance.random() < 0.5 else f"the {chance.choice(_GROUPS)}' assembly"
    deed = f"{chance.choice(_DEEDS)} the {chance.choice(_KINDS)} {chance.choice(_THINGS)}"
    match chance.randrange(4):
        case 0:
            text = f"{chance.choice(_OPENINGS)}, {who} {deed}, {chance.choice(_WHY)}"
        case 1:
            text = f"{who} {deed} {chance.choice(_WHEN)}"
        case 2:
            text = f"{who} {deed} {chance.choice(_WHEN)}, {chance.choice(_WHY)}"
        case _:
            what = f"the {chance.choice(_KINDS)} {chance.choice(_THINGS)}"
            text = (
                f"for {chance.randint(3, 870)} million crowns, {who} is to get {what}, {chance.randint(2, 60)} per cent less than last year"
            )
    return f"{text[0].upper()}{text[1:]}."


def _adorned(chance: random.Random, text: str) -> str:
    """The sentence with two of its words strong, stressed or a link."""
    words = text.split(" ")
    at = chance.randrange(2, len(words) - 3)
    middle = " ".join(words[at : at + 2]).rstrip(",")
    comma = "," * (words[at + 1].endswith(","))
    web = f"https://papers.example.net/{chance.randint(100, 99999)}"
    wrapped = chance.choice((f"**{middle}**", f"*{middle}*", f"[{middle}]({web})"))
    return " ".join([*words[:at], wrapped + comma, *words[at + 2 :]])


def _paragraph(chance: random.Random, actors: Sequence[str], sentences: int) -> str:
    texts = (_sentence(chance, actors) for _ in range(sentences))
    return " ".join(_adorned(chance, text) if chance.random() < 0.3 else text for text in texts)


def _quotation(chance: random.Random, actors: Sequence[str]) -> str:
    said = f"> {_sentence(chance, actors)}\n> {_sentence(chance, actors)}"
    return f"{said}\n>\n> *{chance.choice(actors)}, {chance.choice(_MONTHS)}*"


def _table(chance: random.Random) -> str:
    rows = (
        f"| {chance.choice(_MONTHS)} | {chance.randint(10, 900)} | {chance.randint(-99, 99) / 10} |" for _ in range(chance.randint(4, 8))
    )
    return "\n".join(["| Month | Million crowns | Change in per cent |", "| --- | ---: | ---: |", *rows])


def _body(chance: random.Random, actors: Sequence[str], earlier: str) -> str:
    headings = chance.sample(_HEADINGS, 4)
    mark = chance.choice(("-", "-", "1."))
    footnote = chance.random() < 0.35
    items = (_sentence(chance, actors) for _ in range(chance.randint(4, 6)))
    blocks = [
        _paragraph(chance, actors, 4),
        f"## {headings[0]}",
        _paragraph(chance, actors, 3) + "[^1]" * footnote,
        _quotation(chance, actors),
        _paragraph(chance, actors, 3),
        f"## {headings[1]}",
        f"{_paragraph(chance, actors, 3)} More is in [the note before](note:{earlier}).",
        "\n".join(f"{mark} {_adorned(chance, item)}" for item in items),
        *([_table(chance)] if chance.random() < 0.1 else []),
        f"### {headings[2]}",
        _paragraph(chance, actors, 3),
        _quotation(chance, actors),
        f"## {headings[3]}",
        _paragraph(chance, actors, 2),
        *([f"[^1]: {_sentence(chance, actors)}"] if footnote else []),
    ]
    return "\n\n".join(blocks) + "\n"
