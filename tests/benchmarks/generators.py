"""The generators: how each is found and run, how its notes begin, and where its files lie."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.corpus import ACTORS, Note, address

HERE = Path(__file__).parent
SOURCES = ("gazette", "register", "wire", "ministry")
"""Ids of the sources that notes cite on the site with ledgers."""
_SPEAKER = re.compile(r"^> \*(.+), \w+\*$", re.MULTILINE)
PEERS = "BENCH_PEERS"
"""The environment variable that names folders with the other generators' programs, as PATH does; they are looked in first."""


@dataclass(frozen=True)
class Generator:
    """A program and the form of site that it builds."""

    key: str
    """What the command line calls it."""
    label: str
    """What tables call it."""
    program: str
    """The name of its executable."""
    arguments: tuple[str, ...]
    """What makes it build the site in the current folder, and say nothing."""
    notes: str
    """The folder of the notes, from the site's own."""
    header: Callable[[Note], str]
    """A note's front matter, up to its text."""
    output: str
    """Where the site is written to."""
    caches: tuple[str, ...]
    """What else a build leaves behind; gone before a cold build."""
    base: str
    """The template that all pages go through."""
    overlay: Path | None = None
    """The folder of templates and settings that is laid over the generated notes."""
    link: str = r"/notes/\1/"
    r"""How a text leads to another note, whose id stands at `\1`."""
    base_text: str = ""
    """What the base template says where the site needs none of its own before it is edited."""
    body: Callable[[Note], str] = lambda note: note.body
    """A note's text before its links are made."""
    records: Callable[[str], str] = lambda topic: f"name: {topic}\n"
    """What our sites say of a topic."""
    plain_css: str = ""
    """Where the style sheet goes that all the minimal sites have."""


def _yaml(note: Note, date: str, fields: Mapping[str, str]) -> str:
    common = {"title": json.dumps(note.title), "date": date, **fields}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in common.items()) + "---\n\n"


def _our_header(note: Note) -> str:
    ids = {"topics": note.topics, "actors": note.actors}
    lists = {key: f"[{', '.join(map(address, names))}]" for key, names in ids.items()}
    return _yaml(note, note.date.isoformat(), {"id": note.id, "summary": json.dumps(note.summary), **lists})


def _ledger_header(note: Note) -> str:
    """What a desk writes that keeps ledgers: an event, a position, a figure and three sources to each note."""
    chance = random.Random(note.id)  # noqa: S311 - nothing secret
    topic, actor, day = address(note.topics[0]), address(note.actors[0]), note.date.date().isoformat()
    stance = chance.choice(("for", "against", "conditional", "undecided"))
    # Of another month than those of the notes of that day, which would contradict it.
    year, month = divmod(int(note.id.rpartition("-")[2]) % 600, 12)
    counted = f"value: {chance.randint(1, 999)}, period: {1960 + year}-{month + 1:02}, as_of: {day}"
    sources = ", ".join(f"{{id: s{n}, source: {chance.choice(SOURCES)}, title: Document {n}, credibility: {n}}}" for n in (1, 2, 3))
    entries = {
        "sources": f"[{sources}]",
        "events": f"[{{id: {note.id}, title: {json.dumps(note.title)}, date: {day}, actors: [{actor}]}}]",
        "positions": f"[{{actor: {actor}, proposition: {topic}, stance: {stance}, basis: s1}}]",
        "figures": f"[{{measure: {topic}, {counted}, source: s2}}]",
    }
    return _our_header(note).replace("\n---\n\n", "".join(f"\n{key}: {value}" for key, value in entries.items()) + "\n---\n\n")


def _with_speakers(note: Note) -> str:
    """The text of a note, whose two quotations name their speakers so that they stand in the ledger."""
    return _SPEAKER.sub(lambda said: f"> — [{said[1]}](actor:{address(said[1])}), {note.date.date().isoformat()} [@s3]", note.body)


def _declaring(topic: str) -> str:
    identifier = address(topic)
    proposition = f"propositions: [{{id: {identifier}, text: {topic} should change}}]"
    return f"name: {topic}\n{proposition}\nmeasures: [{{id: {identifier}, name: Cost of {topic}, unit: crown}}]\n"


def _named_header(note: Note) -> str:
    names = {"topics": json.dumps(note.topics), "actors": json.dumps(note.actors)}
    return _yaml(note, f"{note.date:%Y-%m-%dT%H:%M:%SZ}", {"slug": note.id, "description": json.dumps(note.summary), **names})


def _pelican_header(note: Note) -> str:
    tags, authors = ", ".join(note.topics), "; ".join(note.actors)
    named = {"Slug": note.id, "Summary": note.summary, "Tags": tags, "Authors": authors}
    return f"Title: {note.title}\nDate: {note.date:%Y-%m-%d %H:%M}\n" + "".join(f"{k}: {v}\n" for k, v in named.items()) + "\n"


_EQUAL = Generator(
    key="equal",
    label="briefings, equal terms",
    program="briefings",
    arguments=("build", "--quiet"),
    notes="content/notes",
    header=_our_header,
    output="_site",
    caches=(".briefings",),
    base="themes/equal/templates/base.html",
    overlay=HERE / "equal",
    link=r"note:\1",
)
_DEFAULT = replace(
    _EQUAL,
    key="default",
    label="briefings, default theme",
    base="themes/folio/templates/base.html",
    base_text='{% extends "folio/base.html" %}\n{% block foot %}\n{{ super() }}\n<p>Made up for a benchmark.</p>\n{% endblock %}\n',
    overlay=None,
)
_LEDGERS = replace(
    _DEFAULT,
    key="ledgers",
    label="briefings, with ledgers",
    header=_ledger_header,
    body=_with_speakers,
    records=_declaring,
)
GENERATORS = (
    _EQUAL,
    _DEFAULT,
    _LEDGERS,
    Generator(
        key="hugo",
        label="Hugo",
        program="hugo",
        arguments=("--quiet", "--cacheDir", "{site}/cache"),
        notes="content/notes",
        header=_named_header,
        output="public",
        caches=("cache", "resources", ".hugo_build.lock"),
        base="layouts/baseof.html",
        overlay=HERE / "peers/hugo",
        plain_css="static",
    ),
    Generator(
        key="pelican",
        label="Pelican",
        program="pelican",
        arguments=("--quiet",),
        notes="content/notes",
        header=_pelican_header,
        output="output",
        caches=("cache", "__pycache__"),
        base="theme/templates/base.html",
        overlay=HERE / "peers/pelican",
        plain_css="content",
    ),
    Generator(
        key="mkdocs",
        label="MkDocs",
        program="mkdocs",
        arguments=("build", "--quiet"),
        notes="docs/notes",
        header=_named_header,
        output="site",
        caches=(),
        base="theme/main.html",
        overlay=HERE / "peers/mkdocs",
        link=r"\1.md",
        plain_css="docs",
    ),
    Generator(
        key="eleventy",
        label="Eleventy",
        program="eleventy",
        arguments=("--quiet",),
        notes="src/notes",
        header=_named_header,
        output="_site",
        caches=(".cache",),
        base="src/_includes/base.njk",
        overlay=HERE / "peers/eleventy",
        plain_css="src",
    ),
)


def find(generator: Generator) -> Path | None:
    """The generator's executable, or None. Ours is the one that belongs to the Python that runs this."""
    if generator.program == "briefings":
        ours = Path(sys.executable).with_name("briefings")
        return ours if ours.exists() else None
    folders = [folder for folder in (os.environ.get(PEERS), os.environ.get("PATH")) if folder]
    found = shutil.which(generator.program, path=os.pathsep.join(folders))
    return Path(found).absolute() if found else None


def version(executable: Path, generator: Generator) -> str:
    """What the program calls its version, with its name before it."""
    asked = "version" if generator.key == "hugo" else "--version"
    said = subprocess.run([executable, asked], capture_output=True, encoding="utf-8", check=False, timeout=60).stdout
    words = (word.strip(",").lstrip("v").partition("-")[0] for word in said.split())
    number = next((word for word in words if word[:1].isdigit()), "")
    return f"{generator.label.partition(',')[0]} {number}".strip()


def write_records(generator: Generator, folder: Path, topics: Iterable[str], actors: Iterable[str]) -> None:
    """What only our sites need: the settings, and a file for each topic and actor, of which the others learn from the notes."""
    files = {"site.yaml": "title: Dispatches\nurl: https://example.org/\n"}
    files |= {f"topics/{address(name)}.yaml": generator.records(name) for name in topics}
    files |= {f"actors/{address(name)}.yaml": f"name: {name}\ntype: {ACTORS[name]}\n" for name in actors}
    if generator is _LEDGERS:
        files["sources/all.yaml"] = "records:\n" + "".join(f"  {name}: {{name: The {name}, reliability: B}}\n" for name in SOURCES)
    for name, text in files.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
