"""A site without Latin letters in its texts, and a catalogue that translates all words of themes and program into Greek letters.

So a Latin letter on a page shows a word that does not go through the catalogues.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

from babel.messages import Catalog
from babel.messages.pofile import write_po

from briefings.content.markdown.word_holes import Box
from tests.kit.words import words_of_program, words_of_theme

_TABLE = "| Έτος | Λαός |\n|---|---|\n| α | β |\n\n"
MARKDOWN = (
    "".join(f"> [!{box}]\n> Κουτί.\n\n::: {box} Τίτλος\nΚουτί.\n:::\n\n" for box in get_args(Box))
    + f"- [ ] Πρώτο\n- [x] Δεύτερο\n\n{_TABLE}{_TABLE}|  |\n|---|\n| α |\n\n"
    + "> Λόγια.\n>\n> — [Γκουτέρες](actor:γκουτέρες), 2017-12-15 [@π1]\n\n"
    + "Σημείωση[^1] και πάλι[^1].\n\n[^1]: Υποσημείωση.\n"
)
"""A text in which the program has words of its own wherever it can."""
GREEK: dict[str, str] = {
    "content/site.yaml": (
        "title: Γραφείο\ndescription: Σημειώσεις\nurl: https://desk.example.org/\nlanguage: el\ntheme: {theme}\n"
        "raw_html: {raw_html}\nfooter: Υπουργείο\n"
        "page_sizes: {home: 1, notes: 2, topic: 2, actor: 2, source: 2}\n"
    ),
    "content/notes/a.md": (
        "---\nid: α\ntitle: Προσφορά\nsummary: Καλές υπηρεσίες.\ndate: 2017-12-15\nupdated: 2017-12-17\n"
        "dateline: {place: Νέα Υόρκη, date: 2017-12-14, agency: ΑΠΕ}\ntopics: [ειρήνη, κορέα]\n"
        "actors: [{id: γκουτέρες, role: ομιλητής}, οηε, ιαπωνία, κίνα, ρωσία]\naliases: [/παλιά/]\n"
        "sources:\n  - {id: π1, source: απε, title: Έτοιμος, date: 2017-12-14, accessed: 2017-12-15, credibility: 2,\n"
        '     archived: "https://example.org/1"}\n  - {id: π2, source: απε, title: Πάλι, accessed: 2017-12-15}\n'
        "  - {id: π3, title: Αντίγραφο, origin: π1}\n"
        "events: [{id: γ1, title: Συνάντηση, date: 2017-12-15, until: 2017-12-16, place: Αθήνα, actors: [οηε]}]\n"
        "positions:\n  - {actor: οηε, proposition: συνομιλίες, stance: for, basis: π1}\n"
        "  - {actor: ιαπωνία, proposition: συνομιλίες, stance: conditional}\n"
        "  - {actor: κίνα, proposition: συνομιλίες, stance: undecided}\n  - {actor: ρωσία, proposition: συνομιλίες, stance: against}\n"
        "figures: [{measure: εκτοξεύσεις, value: 2000.5, period: 2017-12, as_of: 2017-12-15, source: π1}]\n"
        "judgements:\n  - {id: κ1, text: Θα συναντηθούν, likelihood: likely, confidence: low, resolve_by: 2018-12-31}\n"
        "  - {id: κ2, text: Δεν θα συναντηθούν, likelihood: roughly even chance, confidence: moderate,\n"
        "     outcome: {date: 2017-12-20, happened: true, note: Έτσι έγινε.}}\n"
        "  - {id: κ3, text: Τίποτα, likelihood: unlikely, confidence: high, outcome: {date: 2017-12-20, happened: false}}\n"
        "corrections:\n  - {date: 2017-12-16, wrong: παλιό, right: νέο}\n  - {date: 2017-12-17, note: Λάθος.}\n"
        "changes: [{date: 2017-12-18, level: major, note: Προστέθηκε.}]\n---\n\nΚείμενο [πηγή](note:β).\n\n{markdown}"
    ),
    "content/notes/b.md": (
        "---\nid: β\ntitle: Δεύτερη\ndate: 2017-12-10\ntopics: [ειρήνη, κορέα]\nactors: [οηε, γκουτέρες, ιαπωνία, κίνα, ρωσία]\n"
        "sources: [{id: π1, source: απε, title: Έτοιμος}]\n---\n\nΤο [πρώτο](note:α).\n"
    ),
    "content/notes/c.md": "---\nid: γ\ntitle: Τρίτη\ndate: 2016-11-10\ntopics: [ειρήνη, κορέα]\nactors: [οηε]\n---\n\nΚείμενο.\n",
    "content/notes/d.md": (
        "---\nid: δ\ntitle: Κρυφή\ndate: 2017-12-11\ntopics: [ειρήνη]\nwithdrawn: {date: 2018-01-01, reason: Ψευδής.}\n---\n\nΤίποτα.\n"
    ),
    **{
        f"content/notes/more-{n}.md": f"---\nid: ν{n}\ntitle: Άλλη {n}\ndate: 2017-10-{n:02}\ntopics: [ειρήνη]\nactors: [οηε]\n"
        "sources: [{id: π1, source: απε, title: Έτοιμος}]\n---\n\nΚείμενο.\n"
        for n in range(1, 5)
    },
    "content/topics/ειρήνη.yaml": (
        "name: Ειρήνη\nsummary: Θέμα.\nbroader: [κορέα, ασία]\n"
        "status: {trend: worsening, alert: [κίνδυνος], as_of: 2017-12-15}\n"
        "propositions: [{id: συνομιλίες, text: Να αρχίσουν}]\nmeasures: [{id: εκτοξεύσεις, name: Εκτοξεύσεις, unit: βολή, units: βολές}]\n"
    ),
    "content/topics/κορέα.yaml": "name: Κορέα\n",
    "content/topics/ασία.yaml": "name: Ασία\n",
    "content/actors/all.yaml": (
        "records:\n  οηε: {name: ΟΗΕ, type: organization, also_known_as: [Ηνωμένα Έθνη], summary: Οργανισμός.}\n"
        "  ιαπωνία: {name: Ιαπωνία, type: state}\n  κίνα: {name: Κίνα, type: state}\n  ρωσία: {name: Ρωσία, type: state}\n"
        "  γκουτέρες:\n    name: Γκουτέρες\n    type: person\n    offices:\n"
        "      - {role: Γενικός Γραμματέας, organization: οηε, from: 2017-01-01}\n"
        "      - {role: Αρμοστής, organization: οηε, from: 2005-06, until: 2015-12}\n      - {role: Βουλευτής, until: 2002}\n"
    ),
    "content/sources/ape.yaml": "records:\n  απε: {name: ΑΠΕ, type: πρακτορείο, reliability: B, rationale: Ακριβές, rated: 2017-12-01}\n",
    "content/pages/σχετικά.md": "---\ntitle: Σχετικά\n---\n\nΚείμενο.\n",
}

_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "αβψδεφγηιξκλμνοπχρστθωςχυζΑΒΨΔΕΦΓΗΙΞΚΛΜΝΟΠΧΡΣΤΘΩΣΧΥΖ")
_KEPT = re.compile(r"%\(\w+\)s|<[^>]*>|&\w+;")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_NAMES = frozenset({"Atom", "JSON", "iCalendar", "BibTeX", "CSL"})
"""Names of formats, which no language translates."""
_SEEN = ("aria-label", "title", "alt", "content", "data-foot")
"""Attributes that readers see or hear."""
_FOR_PROGRAMS = re.compile(r"https?://\S+|\b\d{4}(?:-\d\d)*\.[0-9a-f]{8}\b")
"""Addresses and versions of notes."""
_IN_FEEDS = re.compile(r"<(title|subtitle|summary|name)>(.*?)</\1>", re.DOTALL)
"""What readers see of a feed, as XML."""
_IN_JSON = frozenset({"title", "description", "summary", "name", "value", "period", "content_text", "tags", "body"})
"""Keys of feeds and documents whose values readers see; those of others are names for programs, such as `worsening`, and addresses."""


def in_greek(text: str) -> str:
    """Return `text` in Greek letters, with tags and placeholders unchanged."""
    end, made = 0, ""
    for kept in _KEPT.finditer(text):
        made += text[end : kept.start()].translate(_LETTERS) + kept.group()
        end = kept.end()
    return made + text[end:].translate(_LETTERS)


def translated(*catalogues: Catalog) -> bytes:
    """Return a Greek catalogue (`.po`) with the messages of `catalogues`."""
    made = Catalog(locale="el", charset="utf-8")
    for message in (message for catalogue in catalogues for message in catalogue if message.id):
        forms: Sequence[str] = [message.id] if isinstance(message.id, str) else message.id
        words = [in_greek(form) for form in forms]
        made.add(message.id, words[0] if isinstance(message.id, str) else tuple(words), context=message.context)
    out = io.BytesIO()
    write_po(out, made)
    return out.getvalue()


def greek_site(theme: str, themes: Path, *, raw_html: bool) -> dict[str, str | bytes]:
    """Return the files of the site, with the theme `theme` from the folder `themes` and its catalogue."""
    values = {"{theme}": theme, "{raw_html}": str(raw_html).lower(), "{markdown}": MARKDOWN}
    files: dict[str, str | bytes] = {path: _with_values(text, values) for path, text in GREEK.items()}
    catalogue = translated(words_of_theme(themes / theme), words_of_program())
    return {**files, f"themes/{theme}/locale/el/LC_MESSAGES/messages.po": catalogue}


def _with_values(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # What stands in `pre` is for programs: the Greek site has no text with code.
        self._silent = tag in ("script", "style", "pre")
        named = dict(attrs)
        if tag == "meta" and named.get("name") != "description":
            return
        self.found += [value or "" for name, value in attrs if name in _SEEN]

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def latin_words(path: str, text: str) -> set[str]:
    """Return the words in Latin letters that readers see or hear of a published page, feed or document."""
    if path.endswith(".html"):
        return _latin_words(text)
    if path.endswith(".xml"):
        return set().union(*(_latin_words(found[2]) for found in _IN_FEEDS.finditer(text)))
    return set().union(*map(_latin_words, _texts_in(json.loads(text))))


def _texts_in(value: object, key: str = "") -> Iterator[str]:
    """Yield the texts for readers in a JSON value that stands at `key`."""
    if isinstance(value, str) and key in _IN_JSON:
        yield value
    for name, part in value.items() if isinstance(value, dict) else [(key, part) for part in value] if isinstance(value, list) else ():
        yield from _texts_in(part, name)


def _latin_words(html: str) -> set[str]:
    parser = _Seen()
    parser.feed(html)
    return {word for text in parser.found for word in _LATIN.findall(_FOR_PROGRAMS.sub("", text))} - _NAMES
