"""A site with secrets: a unique token stands in every field of every kind of withheld record."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from tests.kit.small_sites import SMALL_SITE, note
from tests.kit.tiny_site import gif

PUBLIC_NOTE = "content/notes/2017-12-15-un-offer.md"


class Canaries:
    """Makes tokens that occur nowhere else, and remembers where each stands."""

    def __init__(self) -> None:
        self.meaning: dict[str, str] = {}
        self._numbers = itertools.count(1)

    def __call__(self, meaning: str) -> str:
        """Return a new token, which is valid as an id, a word and a part of a file's name."""
        token = f"zq{next(self._numbers):03}xw"
        self.meaning[token] = meaning
        return token


class Secrets(Struct, frozen=True):
    """Files with secrets, to be added to the small site."""

    files: dict[str, str | bytes | None]
    meaning: dict[str, str]
    """For each token, where it stands."""
    unpublished: frozenset[str]
    """Tokens that are never published, for any readers: comments, and names of files."""


def secrets(guard: str) -> Secrets:
    """Return a site whose secrets are protected by `guard`, a header line such as `marking: TLP:RED`; an empty one makes them public."""
    c = Canaries()
    entry = f", {guard}" if guard else ""
    attributes = f" {{{guard.replace(': ', '=')}}}" if guard else ""
    key = f"{guard}\n" if guard else ""
    unpublished: set[str] = set()

    def kept(meaning: str) -> str:
        token = c(meaning)
        unpublished.add(token)
        return token

    topic, actor, source, page, slug = c("topic id"), c("actor id"), c("source id"), c("page id"), c("note id")
    folder, file, proposition, measure = kept("folder"), kept("file name"), c("proposition id"), c("measure id")
    picture, paper = c("image name"), c("attachment name")
    unused = kept("name of an unused attachment")
    new_topic, new_actor = c("undeclared topic"), c("undeclared actor")
    files: dict[str, str | bytes | None] = {
        "content/site.yaml": SMALL_SITE["content/site.yaml"] + "undeclared: allow\n",
        f"content/topics/{topic}.yaml": f"name: {c('topic name')}\nsummary: {c('topic summary')}\n{key}# {kept('YAML comment')}\n"
        f"status: {{trend: stable, alert: [{c('alert')}], as_of: 2017-12-15}}\n"
        f"status_history: [{{trend: stable, alert: [{c('former alert')}], as_of: 2017-12-14}}]\n"
        f"broader: [mediation]\naliases: [/{c('topic alias')}/]\n"
        f"propositions: [{{id: {proposition}, text: {c('proposition')}}}]\n"
        f"measures: [{{id: {measure}, name: {c('measure')}, unit: {c('unit')}}}]\nbody: {c('topic body')}\n",
        f"content/actors/{actor}.md": f"---\nname: {c('actor name')}\ntype: person\nsummary: {c('actor summary')}\n{key}"
        f"sort_name: {c('sort name')}\nalso_known_as: [{c('other name')}]\nweak_names: [{kept('weak name')}]\n"
        f"identifiers: {{wikidata: {c('identifier')}}}\n"
        f"offices: [{{role: {c('office')}, organization: un, from: 2010}}]\n---\n{c('profile')}\n",
        f"content/sources/{source}.yaml": f"name: {c('source name')}\ntype: {c('source type')}\n{key}summary: {c('source summary')}\n"
        f"url: https://{c('source address')}.example/\nreliability: C\nrationale: {c('rationale')}\nrated: 2017-12-01\n",
        f"content/pages/{page}.md": f"---\ntitle: {c('page title')}\nsummary: {c('page summary')}\n{key}---\n{c('page body')}\n",
        f"content/notes/{folder}/2017-12-14-{file}.md": f"---\nid: {slug}\ntitle: {c('title')}\ndate: 2017-12-14\n{key}"
        f"# {kept('comment')}\ncontinues: un-offer\n"
        f"summary: {c('summary')}\nkind: wire\ndateline: {{place: {c('place')}, agency: {c('agency')}}}\n"
        f"authors: [{actor}, {{name: {c('author')}}}]\npriority: high\n"
        f"topics: [mediation, {topic}, {new_topic}]\n"
        f"actors: [un, {{id: {actor}, role: {c('role')}}}, {new_actor}, guterres]\n"
        f"sources: [{{id: s1, source: {source}, title: {c('document')}, url: 'https://{c('address')}.example/'}}, "
        f"{{id: s2, source: tass}}]\n"
        f"events: [{{id: e1, title: {c('event')}, date: 2017-12-14, place: {c('event place')}}}, "
        f"{{id: e3, title: {c('event ahead')}, date: 2018-06-01}}]\n"
        f"quotations: [{{text: {c('said text')}, speaker: {{name: {c('said speaker')}}}, place: {c('said place')}, event: e1, source: s1, "
        f"relayed_by: {actor}, translated_from: {{language: ko, text: {c('said original')}}}}}]\n"
        f"positions: [{{actor: {actor}, proposition: {proposition}, stance: for, note: {c('position note')}}}]\n"
        f"figures: [{{measure: {measure}, value: 20, as_of: 2017-12-14, period: 2017-Q4, qualifier: about}}]\n"
        f"judgements: [{{id: {c('judgement id')}, text: {c('judgement')}, likelihood: likely, confidence: low, resolve_by: 2019-02-03,"
        f" outcome: {{date: 2017-12-20, happened: false, note: {c('outcome')}}}}}]\n"
        f"corrections: [{{date: 2017-12-16, wrong: {c('wrong')}, right: {c('right')}}}]\n"
        f"changes: [{{date: 2017-12-16, note: {c('change')}}}]\naliases: [/{c('alias')}/]\n---\n\n"
        f"{c('body')} [x](note:un-offer) [back](actor:un) `{c('code')}`\n\n```\n{c('code block')}\n```\n\n"
        f"## {c('heading')}\n\n<!-- {kept('HTML comment')} -->\n\n![{c('alternative text')}]({picture}.gif)\n\n"
        f"[{c('label')}]({paper}.txt) {c('before a footnote')}[^1].\n\n[^1]: {c('footnote')}\n\n"
        f"> {c('quotation')}\n>\n> — [{c('speaker')}](actor:{actor}), 2017-12-15 [@s1]\n",
        f"content/notes/{folder}/{picture}.gif": gif(3, 4) + c("image bytes").encode(),
        f"content/notes/{folder}/{paper}.txt": c("attachment bytes"),
        f"content/notes/{folder}/{unused}.txt": kept("bytes of an unused attachment"),
        "content/actors/many.yaml": f"records:\n  seen: {{name: Seen, type: state}}\n"
        f"  {c('id among others')}: {{name: {c('name among others')}, type: state{entry}}}\n",
        "content/topics/open.yaml": "name: Open\npropositions: [{id: p1, text: Open}]\nmeasures: [{id: m1, name: Counted}]\n",
        # Secrets in a public note.
        "content/notes/half.md": f"---\ntitle: Half\ndate: 2017-12-13\ntopics: [mediation, open]\nactors: [un]\n"
        f"sources: [{{id: s1, source: tass}}]\n"
        f"events: [{{id: e2, title: {c('confidential event')}, date: 2017-12-01, actors: [japan]{entry}}}, "
        f"{{id: e4, title: {c('confidential event ahead')}, date: 2018-06-01{entry}}}]\n"
        f"quotations: [{{text: {c('confidential said text')}, "
        f"speaker: un, place: {c('confidential said place')}{entry}}}]\n"
        f"positions: [{{actor: un, proposition: p1, stance: for, note: {c('confidential position')}{entry}}}]\n"
        f"figures: [{{measure: m1, value: 987654321, as_of: 2017-12-01{entry}}}]\n"
        f"judgements: [{{id: {c('confidential judgement id')}, text: {c('confidential judgement')}, "
        f"likelihood: likely, actors: [un]{entry}}}]\n"
        f"---\n\nOpen {{figure:m1}}.\n\n"
        f"> {c('confidential quotation')} [{c('confidential label')}](note:un-offer) {c('confidential remark')}[^1]\n>\n"
        f"> — [{c('confidential speaker')}](actor:japan), 2017-12-15 [@s1]{attributes}\n\n[^1]: {c('confidential footnote')}\n\nEnd.\n",
        "content/notes/links.md": note(
            "Links",
            "2017-12-12",
            f"See [them](note:{slug}), [him](actor:{actor}), [it](topic:{topic}), [that](source:{source}), [this](page:{page})\n"
            f"and [by path]({folder}/2017-12-14-{file}.md).\n",
            topics=f"[mediation, {topic}]",
            actors=f"[un, {actor}]",
            authors=f"[{actor}]",
            continues=slug,
            sources=f"[{{id: s1, source: {source}}}, {{id: s2, source: tass, origin: {source}}}, {{id: s3, title: Open, origin: s1}}]",
            positions="[{actor: japan, proposition: " + proposition + ", stance: for}]",
            figures="[{measure: " + measure + ", value: 1, as_of: 2017-12-14}]",
        ),
    }
    return Secrets(files, c.meaning, frozenset(unpublished))


def found_in(folder: Path, tokens: Mapping[str, str], *, but: frozenset[str] = frozenset()) -> set[str]:
    """Return what those tokens mean that occur below `folder`, in names or in bytes, except in files called `but`."""
    text = bytearray()
    for path in sorted(folder.rglob("*")):
        if path.name not in but:
            text += path.relative_to(folder).as_posix().encode() + b"\n"
            if path.is_file():
                text += path.read_bytes() + b"\n"
    found = text.lower()
    return {meaning for token, meaning in tokens.items() if token.encode() in found}
