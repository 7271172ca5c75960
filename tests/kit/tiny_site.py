"""A tiny site with every feature, and for each of its parts several versions that random edits choose from."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from msgspec import Struct

from briefings.pages.views.record_views import TEMPLATES

CONFIG = "content/site.yaml"


class Record(Struct, frozen=True):
    """A record file before it is written as text."""

    header: Mapping[str, str]
    """Keys with their values as YAML; an empty value leaves the key out."""
    body: tuple[str, ...] = ()
    """The paragraphs of the text."""


def text_of(path: str, record: Record) -> bytes:
    """Return the file of `record`: Markdown below a header, or YAML with the text under `body`."""
    header = "".join(f"{key}: {value}\n" for key, value in record.header.items() if value)
    body = "\n\n".join(record.body)
    if path.endswith(".md"):
        return f"---\n{header}---\n\n{body}\n".encode()
    indented = "".join(f"  {line}\n" for line in body.split("\n")) if body else ""
    return f"{header}{'body: |' if body else ''}\n{indented}".encode()


def gif(width: int, height: int) -> bytes:
    """Return the beginning of a GIF, which is enough to read its size from."""
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\0\0\0;"


NOTES = tuple(f"n{i}" for i in range(1, 9))
"""Ids of the notes that may exist."""

_DATES = ("2016-05-05", "2017-11-30", "2017-12-15", "2017-12-15T23:30:00-05:00", "2017-12-31", "2018-01-02", "2017-12", "2018")
_VISIBLE = {
    "draft": ("", "", "true"),
    "embargo": ("", "", "2018-01-01", "2018-01-02T00:00:00+01:00"),
    "expires": ("", "", "2018-01-02", "2018-05-31T12:00:00Z"),
    "marking": ("", "", "TLP:GREEN"),
}

FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "notes": _VISIBLE
    | {
        "title": ("Talks begin", "Talks go on", "Talks", "Ünderstanding", "Zero & <one>"),
        "date": _DATES,
        "summary": ("", "One line.", "Two lines."),
        "updated": ("", "2018-01-03"),
        "kind": ("brief", "wire"),
        "dateline": ("", "{place: Geneva}", "{place: Vienna, date: 2018-01-02, agency: TASS}"),
        "topics": ("", "[peace]", "[talks, peace]", "[arms]", "[arms, talks]", "[spies]", "[new-topic]"),
        "actors": (
            "",
            "[un]",
            "[un, {id: guterres, role: speaker}]",
            "[{id: un, role: host}, japan]",
            "[guterres, japan, fr]",
            "[new-actor]",
        ),
        "authors": ("", "", "[guterres]", "[{name: Jane}]"),
        "priority": ("", "", "high", "low"),
        "mentions": ("", "", "", "{exclude: [un]}"),
        "sources": (
            "[{id: s1, source: tass}]",
            "[{id: s1, source: kcna, credibility: 2}, {id: s2, source: tass}]",
            "[{id: s1, source: kcna, origin: tass}, {id: s2, title: A copy, origin: s1}]",
            "[{id: s1, title: A paper, url: 'https://paper.example/'}]",
        ),
        "events": (
            "",
            "",
            "[{id: e1, title: A meeting, date: 2017-12-15, actors: [un], source: s1}]",
            "[{id: e1, title: Talks, date: 2018-01, status: postponed}, {id: e3, title: E, date: 2017-12-31/2018-01-02, status: expected}]",
            "[{id: e1, title: Met, date: 2018-01-01, embargo: 2018-01-01}, {id: e2, title: Two, date: 2017-12-31, topics: [arms]}]",
        ),
        "quotations": (
            "",
            "",
            "[{text: Words., speaker: guterres, event: e1, source: s1}]",
            "[{text: Plain text one, speaker: {name: Jane}, inline: true}, {text: Some, speaker: un, marking: TLP:GREEN}]",
        ),
        "positions": (
            "",
            "",
            "[{actor: un, proposition: p1, stance: for, basis: s1}]",
            "[{actor: fr, proposition: p1, stance: against, marking: TLP:GREEN}, {actor: un, proposition: p1, stance: undecided}]",
            "[{actor: un, proposition: p1, stance: against, date: 2017-12-15}, {actor: un, proposition: p2, stance: for}]",
        ),
        "figures": (
            "",
            "",
            "[{measure: m1, value: 3, as_of: 2017-12-15, source: s1, disputed: true}]",
            "[{measure: m1, value: 4, as_of: 2017-12-31, expires: 2018-01-02}, {measure: m1, value: 2, as_of: 2017-12-01, period: 2017}]",
            "[{measure: m1, value: 5, as_of: 2017-12-15, disputed: true, marking: TLP:GREEN}]",
        ),
        "judgements": (
            "",
            "",
            "[{id: j1, text: Talks begin, likelihood: likely, confidence: low, resolve_by: 2018-05-31, actors: [un, fr]}]",
            (
                "[{id: j1, text: End, likelihood: probable, outcome: {date: 2018-01-02, happened: true}}, {id: j2, text: No talks,"
                " likelihood: unlikely, embargo: 2018-01-01, outcome: {date: 2018-01-03, happened: false}}]"
            ),
        ),
        "corrections": ("", "", "[{date: 2017-12-16, wrong: One, right: Two}]"),
        "changes": ("", "", "[{date: 2017-12-16, note: Three.}]"),
        "continues": ("", "", "", "n2"),
        "withdrawn": ("", "", "", "{date: 2018-01-01, reason: It was wrong.}"),
        "aliases": ("", "", "[/old/a/]", "[/old/b.html]"),
    },
    "topics": _VISIBLE
    | {
        "name": ("Peace", "Talks", "Arms", "Éclat"),
        "summary": ("", "What it is.", "What it was."),
        "broader": ("", "[peace]", "[arms]", "[peace, arms]"),
        "status": ("", "{trend: worsening, as_of: 2017-12-31}", "{trend: stable, alert: [risk-of-conflict], as_of: 2018-01-01}"),
        "status_history": ("", "", "[{trend: stable, as_of: 2017-05-01}, {trend: improving, as_of: 2017-12-15}]"),
    },
    "actors": _VISIBLE
    | {
        "name": ("United Nations", "Guterres", "Japan", "Åland"),
        "type": ("organization", "person", "state"),
        "summary": ("", "Who it is."),
        "sort_name": ("", "Aaa", "Zzz"),
        "also_known_as": ("", "[UN]", "[France, Plain]"),
        "weak_names": ("", "[the chief]"),
        "identifiers": ("", "{wikidata: Q1065}"),
        "offices": (
            "",
            "[{role: Chief, organization: un, from: 2017-12-15, until: 2017-12-31}, {role: Envoy, from: 2018-01-02}]",
            "[{role: Member, organization: fr, from: 2018}]",
            "[{role: Guest, organization: japan, until: 2018-05}]",
        ),
    },
    "sources": _VISIBLE
    | {
        "name": ("TASS", "KCNA", "Zeit"),
        "type": ("", "News agency"),
        "summary": ("", "A source."),
        "url": ("", "https://source.example/"),
        "reliability": ("B", "B", "C"),
        "rationale": ("", "Often right."),
        "rated": ("", "2017-12-01"),
    },
    "pages": _VISIBLE | {"title": ("About", "Method"), "summary": ("", "Who we are.")},
    "site.yaml": {
        "title": ("Desk", "Other desk"),
        "description": ("", "What we know."),
        "url": ("https://desk.example.org/", "https://desk.example.org/base/"),
        "language": ("", "de", "ar"),
        "timezone": ("", "Asia/Tokyo", "America/New_York"),
        "theme": ("desk", "plain", "wire"),
        "navigation": (
            "",
            "[{title: About, to: 'page:about'}]",
            "[{title: All, to: notes/}, {title: UN, to: 'actor:un'}, {title: Web, to: 'https://example.org/'}]",
        ),
        "kinds": ("", "{brief: {name: Brief}, wire: {name: Cable}}"),
        "page_sizes": (
            "{home: 1, notes: 2, topic: 1, actor: 1, source: 1}",
            "{home: 2, notes: 3, topic: 2, actor: 2, source: 2}",
            "{notes: 1}",
        ),
        "mentions": ("", "", "", "none"),
        "undeclared": ("warn", "warn", "allow", "error"),
        "likelihood": ("", "", "icd-203", "phia"),
        "outputs": ("", "{feeds: site, documents: false}", "{feeds: none, structured_data: false, sitemap: false}"),
        "scripts": ("", "", "none"),
        "ai_crawlers": ("", "refuse"),
        "raw_html": ("", "true"),
        "footer": ("", "At the foot."),
    },
}
"""For each kind of file, its keys with their possible values."""

PARAGRAPHS = (
    "Plain text one.",
    "Plain text two.",
    "## Heading one",
    "### Heading two",
    "The talks with [them](note:{note}) go on. More follows.",
    "Before it, see [those talks](note:{note}) again.",
    "See [a part](note:{note}#heading-one).",
    "The [UN](actor:un) said so [@s1].",
    "[France](actor:fr), [Japan](actor:japan) and [nobody](actor:no-file).",
    "On [peace](topic:peace) and [arms](topic:arms#heading-one).",
    "They counted {figure:m1} of them.",
    "> Words.\n>\n> — [Guterres](actor:guterres), 2017-12-15",
    "> words.\n>\n> — [Guterres](actor:guterres), 2017-12-15, event:e1 [@s1]",
    "> Words for some.\n>\n> — [UN](actor:un), 2017-12-15 [@s1] {marking=TLP:GREEN}",
    "> Words for later, of [those talks](note:{note})[^1].\n>\n> — [Guterres](actor:guterres) {embargo=2018-01-01}",
    "A remark[^1].\n\n[^1]: Below.",
    "About [us](page:about), says [TASS](source:tass).",
    "![A picture](picture.gif)",
    "![](picture.gif)",
    "The [paper](paper.pdf) and [the rules](/assets/rules.txt).",
    "<b>Bold</b> [run](javascript:alert)",
    "Here [above](#heading-one).",
    "Guterres of the United Nations and Japan met in *France*.",
    "Before the UN[^2], Japan, Åland and the chief spoke.\n\n[^2]: Of Japan.",
    "word " * 601 + "\n\n## Heading one\n\n## Three\n\n## Four",
)
"""Paragraphs of texts; `{note}` stands for the id of a note."""


def _template(view: type[Struct], more: str = "") -> str:
    """Return a template that prints every field of a view, so that no stale value is hidden."""
    opening = '{% extends "frame.html" %}{% from "macros.html" import shown %}{% block main %}'
    return f"{opening}{more}{{{{ shown([{', '.join(view.__struct_fields__)}]) }}}}{{% endblock %}}\n"


_FRAME = (
    '<title>{{ page.title }}</title>{% include "parts/foot.html" %}{% include "parts/extra.html" ignore missing %}'
    "{% block main %}{% endblock %}\n"
)
_MACROS = "{% macro shown(value) %}<p>{{ value }}</p>{% endmacro %}\n"
_BROKEN = "{% if %}"

TEXTS: Mapping[str, tuple[str | bytes | None, ...]] = {
    "themes/plain/theme.yaml": ("name: Plain\n", "name: Plainer\n"),
    **{f"themes/plain/templates/{name}": (_template(view), _template(view, "<hr>")) for view, name in TEMPLATES.items()},
    "themes/plain/templates/frame.html": (_FRAME, _FRAME + "!", _FRAME.replace('"parts/foot.html"', '"parts/" ~ "foot.html"')),
    "themes/plain/templates/macros.html": (_MACROS, _MACROS.replace("p>", "q>"), _MACROS + "{{ "),
    "themes/plain/templates/parts/foot.html": ("<i>foot</i>", "<i>feet</i>", _BROKEN, "{{ page.nothing }}"),
    "themes/plain/assets/style.css": ("a{}", "b{}"),
    "themes/desk/theme.yaml": ("extends: plain\n", "extends: plain\nname: Desk\n", "extends: none\n"),
    "themes/desk/templates/parts/foot.html": (None, "<u>foot</u>", "<u>feet</u>"),
    "themes/desk/templates/parts/extra.html": (None, "<s>extra</s>"),
    "themes/desk/templates/macros.html": (None, _MACROS.replace("p>", "s>")),
    "themes/desk/templates/note.html": (
        None,
        '{% extends "plain/note.html" %}',
        '{% extends "frame.html" %}{% block main %}{{ body }}{% endblock %}',
    ),
    "themes/desk/assets/style.css": (None, "u{}", "s{}"),
    "themes/desk/assets/more.css": (None, "i{}"),
    "content/assets/rules.txt": ("Rule 1", "Rule 2"),
    "content/assets/mark.gif": (None, gif(3, 4), gif(4, 3)),
    "content/notes/picture.gif": (gif(10, 20), gif(20, 10)),
    "content/notes/paper.pdf": (b"paper 1", b"paper 2"),
    "content/notes/2017/picture.gif": (gif(10, 30), gif(30, 10)),
    "content/notes/2017/paper.pdf": (b"paper 3", b"paper 1"),
    "content/topics/picture.gif": (gif(10, 40),),
    "content/topics/paper.pdf": (b"paper 4",),
    "content/actors/states.yaml": (
        "records:\n  fr: {name: France, type: state}\n  spy: {name: Spy, type: person, draft: true}\n",
        "records:\n  fr: {name: République, type: state, summary: A state., body: The text.}\n",
        "records:\n  fr: {name: France, type: state, body: Another text.}\n  de: {name: Germany, type: state}\n",
    ),
    "content/topics/more.yaml": (
        (
            "records:\n  spies: {name: Spies, broader: [arms], body: One.,"
            " propositions: [{id: p1, text: Yes}, {id: p2, text: Perhaps}], measures: [{id: m1, name: Spies}]}\n"
        ),
        (
            "records:\n  spies: {name: Spies, broader: [arms], body: Two.,"
            " propositions: [{id: p1, text: No}, {id: p2, text: Perhaps}], measures: [{id: m1, name: All spies, stale_after: 10}]}\n"
            "  moles: {name: Moles, broader: [spies]}\n"
        ),
    ),
    "content/notes/counted.md": (
        "---\ntitle: Counted\ndate: 2017-01-01\nfigures: [{measure: m1, value: 1, as_of: 2017-01-01}]\n---\n",
        "---\ntitle: Counted\ndate: 2017-01-01\nfigures: [{measure: m1, value: 2, as_of: 2017-01-01}]\n---\n",
        "---\ntitle: Counted\ndate: 2017-01-01\nfigures: [{measure: m1, value: 1000, as_of: 2017-01-01, marking: TLP:GREEN}]\n---\n",
    ),
    "content/stray.md": (None, "Nobody reads this.", "Nor this."),
}
"""Files other than single records, each with its versions; None means absent. The first version is the initial one."""

PATHS: Mapping[str, tuple[str, ...]] = {
    **{i: (f"content/notes/{i}.md", f"content/notes/2017/12-15-{i}.md", f"content/notes/2017/{i}.yaml") for i in NOTES},
    "peace": ("content/topics/peace.yaml", "content/topics/peace.md"),
    "talks": ("content/topics/talks.md",),
    "arms": ("content/topics/arms.yaml",),
    "un": ("content/actors/un.yaml", "content/actors/un.md"),
    "guterres": ("content/actors/guterres.yaml",),
    "japan": ("content/actors/japan.yaml",),
    "tass": ("content/sources/tass.yaml",),
    "kcna": ("content/sources/kcna.yaml", "content/sources/kcna.md"),
    "about": ("content/pages/about.md",),
    "method": ("content/pages/method.md",),
}
"""For each record, the paths where its file may lie."""


def kind_of(path: str) -> str:
    """Return the key of a record's file in FIELDS."""
    return path.split("/")[1]


def _first(path: str, body: tuple[str, ...] = (), **header: str) -> Record:
    values = {key: versions[0] for key, versions in FIELDS[kind_of(path)].items()}
    return Record(values | header, body)


def first_records() -> dict[str, Record]:
    """Return the initial records and settings of the site, by path."""
    records = {CONFIG: _first(CONFIG)}
    for path in ("content/topics/peace.yaml", "content/actors/un.yaml", "content/sources/tass.yaml", "content/sources/kcna.yaml"):
        records[path] = _first(path)
    records["content/topics/talks.md"] = _first("content/topics/talks.md", ("Of talks.",), name="Talks", broader="[peace]")
    records["content/topics/arms.yaml"] = _first("content/topics/arms.yaml", ("## Heading one",), name="Arms")
    records["content/actors/guterres.yaml"] = _first(
        "content/actors/guterres.yaml", name="Guterres", offices=FIELDS["actors"]["offices"][1]
    )
    records["content/actors/japan.yaml"] = _first("content/actors/japan.yaml", name="Japan", type="state")
    records["content/pages/about.md"] = _first("content/pages/about.md", ("We are a desk.",))
    for number, identifier in enumerate(NOTES[:5]):
        path = PATHS[identifier][0]
        body = ("## Heading one", PARAGRAPHS[4].replace("{note}", NOTES[(number + 1) % 5]), PARAGRAPHS[7], f"Plain text {number}.")
        topics, actors = FIELDS["notes"]["topics"][number], FIELDS["notes"]["actors"][(number + 1) % 5]
        title = FIELDS["notes"]["title"][number]
        records[path] = _first(path, body, title=title, date=_DATES[number], topics=topics, actors=actors)
    return records


def first_texts() -> dict[str, bytes]:
    """Return all other initial files of the site."""
    return {path: encoded(versions[0]) for path, versions in TEXTS.items() if versions[0] is not None}


def encoded(version: str | bytes) -> bytes:
    """Return a version of a file as bytes."""
    return version if isinstance(version, bytes) else version.encode()
