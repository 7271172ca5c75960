"""Collect the words that readers see from themes and program into templates of catalogues (`.pot`), with which translators begin.

`make words` writes them anew.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from jinja2.ext import babel_extract

REPOSITORY = Path(__file__).parents[2]
FILE = "messages.pot"
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}
_WITH_WORDS = ("core", "content", "pages", "rendering")
"""Parts of the package whose words stand on pages."""


def words_of_theme(folder: Path) -> Catalog:
    """Return the messages of a theme's templates."""
    return _catalogue(_found(path, folder, babel_extract) for path in sorted((folder / "templates").rglob("*.html")))


def words_of_program() -> Catalog:
    """Return the messages of the program itself."""
    package = REPOSITORY / "briefings"
    return _catalogue(_found(path, package, "python") for wing in _WITH_WORDS for path in sorted((package / wing).rglob("*.py")))


def templates_of_catalogues() -> dict[Path, bytes]:
    """Return the contents of every template of a catalogue, by its file."""
    themes = {path.parent: words_of_theme(path.parent) for path in sorted((REPOSITORY / "themes").glob("*/theme.yaml"))}
    catalogues = {**themes, REPOSITORY / "briefings": words_of_program()}
    return {folder / "locale" / FILE: _written(catalogue) for folder, catalogue in catalogues.items()}


def _found(path: Path, root: Path, method: object) -> Iterator[tuple[str, object, object]]:
    """Yield the messages of one file: its path from `root`, the message and the context."""
    with path.open("rb") as file:
        for _, message, _, context in extract(method, file, keywords=_KEYWORDS, options=_OPTIONS):  # type: ignore[arg-type]  # a method
            yield path.relative_to(root).as_posix(), message, context


def _catalogue(files: Iterator[Iterator[tuple[str, object, object]]]) -> Catalog:
    catalogue = Catalog()
    for file in files:
        for path, message, context in file:
            catalogue.add(message, locations=[(path, 0)], context=context)  # type: ignore[arg-type]  # as `extract` gives them
    return catalogue


def _written(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    # The header is left out because it has a date: the same words must give the same bytes.
    write_po(out, catalogue, width=120, sort_output=True, omit_header=True, include_lineno=False)
    return out.getvalue()


if __name__ == "__main__":
    for path, text in templates_of_catalogues().items():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text)
