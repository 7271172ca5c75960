"""Gettext catalogues: the words of themes and of the program in other languages, read from `locale/LANGUAGE/LC_MESSAGES/messages.po`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.language import Language
from briefings.core.text import listing

if TYPE_CHECKING:
    from babel.messages import Catalog
    from babel.messages.catalog import Message

LOCALE = "locale"
"""The folder of catalogues, in a theme and in the package."""
CATALOGUE = "LC_MESSAGES/messages.po"
"""Where a catalogue lies in the folder of its language."""

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def package_locale() -> Path:
    """The folder of the catalogues for the words that come from the program itself."""
    return Path(__file__).parent.parent / LOCALE


def read_language(tag: str, folders: Iterable[tuple[Path, str]]) -> tuple[Language, tuple[Diagnostic, ...]]:
    """The language `tag` with its catalogues in `folders`, each with its name for messages: an earlier one goes before a later one.

    In each folder, a catalogue of the very language (`pt_BR`) goes before that of the language which it is a variety of (`pt`).
    Diagnostics tell of catalogues that cannot be used.
    """
    compiled: list[bytes] = []
    problems: list[Diagnostic] = []
    for folder, shown in folders:
        for path in _of_language(tag, folder):
            name = f"{shown}/{path.relative_to(folder).as_posix()}"
            read = _compiled(path, name)
            if isinstance(read, bytes):
                compiled.append(read)
            else:
                problems += read
    return Language(tag, tuple(compiled)), tuple(problems)


def messages(language: Language) -> Iterator[str]:
    """Every text that the catalogues of `language` hold in that language."""
    from babel.messages.mofile import read_mo

    for compiled in language.catalogues:
        for message in read_mo(io.BytesIO(compiled)):
            if message.id:
                yield from _texts(message.string)


def _of_language(tag: str, folder: Path) -> Iterator[Path]:
    """The catalogues for `tag` in a folder `locale`, the nearest first."""
    if not folder.is_dir():
        return
    there = {path.name.replace("_", "-").lower(): path for path in sorted(folder.iterdir())}
    parts = tag.lower().split("-")
    for length in range(len(parts), 0, -1):
        found = there.get("-".join(parts[:length]))
        if found and (found / CATALOGUE).is_file():
            yield found / CATALOGUE


def _compiled(path: Path, name: str) -> bytes | Sequence[Diagnostic]:
    """The catalogue at `path`, which messages call `name`, as gettext reads it; or what is wrong with it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        catalogue = read_po(io.BytesIO(path.read_bytes()), abort_invalid=True)
    except OSError as error:
        return [problem("unreadable-file", f"this cannot be read: {error.strerror}", name, "mend its permissions, or delete it")]
    except (PoFileError, ValueError, LookupError) as error:
        line = error.lineno + 1 if isinstance(error, PoFileError) and error.lineno is not None else 0
        message = f"this is no catalogue of gettext: {error}"
        return [problem("theme-invalid", message, Place(name, line), "mend it with an editor for .po files, or run `msgfmt --check` on it")]
    if wrong := [*_wrong(catalogue, name)]:
        return wrong
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def _wrong(catalogue: Catalog, name: str) -> Iterator[Diagnostic]:
    """Translations whose placeholders are not those of the message, so that a value would be lost or is not there."""
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        known = {placeholder for text in _texts(message.id) for placeholder in _PLACEHOLDER.findall(text)}
        for text in filter(None, _texts(message.string)):
            used = {*_PLACEHOLDER.findall(text)}
            lost = known - used if isinstance(message.id, str) else set()
            if unknown := used - known:
                yield _misplaced(message, name, f"the translation has {_named(unknown)}, which the message does not have")
            elif lost:
                yield _misplaced(message, name, f"the translation lacks {_named(lost)} of the message")
            elif _is_misprinted(text):
                yield _misplaced(message, name, 'a "%" of the translation begins no placeholder')


def _misplaced(message: Message, name: str, what: str) -> Diagnostic:
    return problem("theme-invalid", what, Place(name, message.lineno or 0), "write each placeholder as the msgid has it, and %% for a sign")


def _named(placeholders: Iterable[str]) -> str:
    return listing(f"%({one})s" for one in sorted(placeholders))


def _is_misprinted(text: str) -> bool:
    """Whether a text with placeholders has a percent sign that is part of none."""
    rest = _PLACEHOLDER.sub("", text).replace("%%", "")
    return "%" in rest and rest != text


def _texts(text: str | Sequence[str] | None) -> Sequence[str]:
    """The one text of a message, or each of its plural forms; none where it has no translation."""
    return (text,) if isinstance(text, str) else text or ()
