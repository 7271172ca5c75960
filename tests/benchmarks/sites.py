"""A generator's site on the disk: written from the corpus, changed by hand, and put back as it was."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.benchmarks.corpus import Corpus, Note
from tests.benchmarks.generators import HERE, Generator, write_records

_LINK = re.compile(r"\]\(note:([a-z0-9-]+)\)")
_NUMBERS = itertools.count(1)
_TITLE = re.compile(r'^(title: "?)', re.IGNORECASE | re.MULTILINE)


class Site:
    """The folder of one generator's site."""

    def __init__(self, generator: Generator, folder: Path, notes: int) -> None:
        self.generator = generator
        self.folder = folder
        self.notes = notes
        self.edited = ""
        """The id of the note in the middle of the corpus, which is the one that is edited."""
        self._before: dict[Path, str | None] = {}
        """What changed files held before; None for those that did not exist."""

    @property
    def output(self) -> Path:
        """The folder that is built."""
        return self.folder / self.generator.output

    @property
    def page(self) -> Path:
        """The built page of the edited note."""
        return self.output / "notes" / self.edited / "index.html"

    @property
    def source(self) -> Path:
        """The file of the edited note."""
        return self.folder / self.generator.notes / f"{self.edited}.md"

    def clean(self) -> None:
        """Move all that builds have left out of the way.

        It is deleted when all is measured: a file system that has just deleted many files may be slow to make new ones (ext4 without a
        journal passes over each of them), and the more files a generator writes, the more it would pay for those of its last build.
        """
        gone = self.folder.with_name(f"{self.folder.name}-gone")
        gone.mkdir(exist_ok=True)
        for name in (self.generator.output, *self.generator.caches):
            path = self.folder / name
            if path.exists():
                path.rename(gone / f"{name}-{next(_NUMBERS)}")

    def change_body(self, mark: str) -> None:
        """Put `mark` before the first word of the edited note's text."""
        self._change(self.source, lambda text: text.replace("\n\n", f"\n\n{mark} ", 1))

    def change_title(self, mark: str) -> None:
        """Put `mark` before the title of the edited note."""
        self._change(self.source, lambda text: _TITLE.sub(rf"\g<1>{mark} ", text, count=1))

    def change_template(self, mark: str) -> None:
        """Put `mark` at the end of the last paragraph that the base template has."""
        path = self.folder / self.generator.base
        path.parent.mkdir(parents=True, exist_ok=True)
        self._change(path, lambda text: f" {mark}</p>".join(text.rsplit("</p>", 1)))

    def restore(self) -> None:
        """Undo all changes."""
        for path, text in self._before.items():
            if text is None:
                path.unlink(missing_ok=True)
            else:
                _write(path, text)
        self._before.clear()

    def _change(self, path: Path, edit: Callable[[str], str]) -> None:
        """Change a file from what it was at first, in place, as most editors do."""
        if path not in self._before:
            self._before[path] = path.read_text(encoding="utf-8") if path.exists() else None
        before = self._before[path] or self.generator.base_text
        after = edit(before)
        if after == before:
            raise ValueError(f"{path} has no place for the edit")
        _write(path, after)


def write_sites(sites: Iterable[Site], corpus: Corpus) -> None:
    """Write the notes, and what else each generator needs, for all `sites` at once: they have the same number of notes."""
    sites = tuple(sites)
    topics: set[str] = set()
    actors: set[str] = set()
    for site in sites:
        (site.folder / site.generator.notes).mkdir(parents=True)
    for number in range(sites[0].notes):
        note = corpus.note(number)
        topics.update(note.topics)
        actors.update(note.actors)
        for site in sites:
            _write(site.folder / site.generator.notes / f"{note.id}.md", text(site.generator, note))
            if number == site.notes // 2:
                site.edited = note.id
    for site in sites:
        generator = site.generator
        if generator.program == "briefings":
            write_records(generator, site.folder, topics, actors)
        if generator.overlay:
            shutil.copytree(generator.overlay, site.folder, dirs_exist_ok=True)
        if generator.plain_css:
            (site.folder / generator.plain_css).mkdir(exist_ok=True)
            shutil.copy(HERE / "equal/themes/equal/assets/plain.css", site.folder / generator.plain_css / "plain.css")


def text(generator: Generator, note: Note) -> str:
    """The note's file: its front matter, and its words, which are the same for all generators (a speaker's line aside)."""
    return generator.header(note) + _LINK.sub(f"]({generator.link})", generator.body(note))


def link_modules(site: Site, executable: Path) -> None:
    """Let a JavaScript program's site find the modules that are installed beside the program."""
    modules = next((folder for folder in executable.resolve().parents if folder.name == "node_modules"), None)
    if modules:
        (site.folder / "node_modules").symlink_to(modules)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
