"""Gettext catalogues: the words of themes and of the program in other languages, read from `locale/LANGUAGE/LC_MESSAGES/messages.po`."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.language import PLURAL_CONTEXT, Language
from briefings.core.text import listing

if TYPE_CHECKING:
    from babel.messages import Catalog

LOCALE = "locale"
"""The folder of catalogues, in a theme and in the package."""
CATALOGUE = "LC_MESSAGES/messages.po"
"""Where a catalogue lies in the folder of its language."""

_PERCENT = re.compile(r"%(%|\(\w+\)s|)")
"""A percent sign, with what makes a sign for readers or a placeholder of it; nothing behind it where it begins neither."""
_NUMBERS = range(201)
"""The numbers with which the plural forms of a catalogue are tried."""


def package_locale() -> Path:
    """The folder of the catalogues for the words that come from the program itself."""
    return Path(__file__).parent.parent / LOCALE


def read_language(tag: str, folders: Iterable[tuple[Path, str]]) -> tuple[Language, tuple[Diagnostic, ...]]:
    """The language `tag` with its catalogues in `folders`, each with its name for messages: an earlier one goes before a later one.

    In each folder, the catalogue of a variety of a language (`pt_BR`) goes before the one of the language itself (`pt`).
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
    from gettext import GNUTranslations

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        lines = _CatalogueLines(path.read_bytes())
    except OSError as error:
        return [problem("unreadable-file", f"this cannot be read: {error.strerror}", name, "mend its permissions, or delete it")]
    try:
        catalogue = read_po(lines, abort_invalid=True)
    except Exception as error:
        # Babel and gettext raise whatever a line leads to that they do not expect.
        at = error.lineno + 1 if isinstance(error, PoFileError) and error.lineno is not None else lines.reached
        return [_unusable(error, Place(name, at))]
    try:
        used = _used(catalogue)
    except Exception as error:
        remedy = "write it as other catalogues of the language do: nplurals=2; plural=(n != 1);"
        return [problem("theme-invalid", f"Plural-Forms cannot be used: {error}", Place(name, lines.first("plural-forms")), remedy)]
    try:
        _leave_out_empty(catalogue)
        if wrong := [*_wrong(catalogue, used, name)]:
            return wrong
        _set_apart(catalogue)
        out = io.BytesIO()
        write_mo(out, catalogue)
        GNUTranslations(io.BytesIO(out.getvalue()))
    except Exception as error:
        return [_unusable(error, Place(name))]
    return out.getvalue()


class _CatalogueLines:
    """The lines of a catalogue, one after another."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.reached = 0
        """The number of the last line that was asked for."""

    def __iter__(self) -> Iterator[bytes]:
        for number, line in enumerate(io.BytesIO(self._data), 1):
            self.reached = number
            yield line

    def first(self, word: str) -> int:
        """The number of the first line with `word`, in letters of any case; 0 for none."""
        return next((number for number, line in enumerate(io.BytesIO(self._data), 1) if word.encode() in line.lower()), 0)


def _unusable(error: Exception, place: Place) -> Diagnostic:
    remedy = "mend it with an editor for .po files, or run `msgfmt --check` on it"
    return problem("theme-invalid", f"this is no catalogue of gettext: {error}", place, remedy)


def _used(catalogue: Catalog) -> Mapping[int, int]:
    """For each plural form, how many of `_NUMBERS` use it. Raises whatever the catalogue's own expression for plurals raises."""
    from gettext import c2py

    used = Counter(map(c2py(catalogue.plural_expr), _NUMBERS))
    if beyond := used.keys() - range(catalogue.num_plurals):
        raise ValueError(f"plural gives {max(beyond)}, and nplurals is {catalogue.num_plurals}")
    return used


def _leave_out_empty(catalogue: Catalog) -> None:
    """Delete messages without a translation. Where plural forms are empty, gettext would print English and ask no other catalogue."""
    for message in [*catalogue]:
        if message.id and not any(_texts(message.string)):
            catalogue.delete(message.id, message.context)


def _set_apart(catalogue: Catalog) -> None:
    """Move messages with plural forms to the context `PLURAL_CONTEXT`.

    The form for one thing is kept beside them, for `_("Note")`, unless it has other placeholders than the msgid.
    """
    from gettext import c2py

    of_one = c2py(catalogue.plural_expr)(1)
    for message in [*catalogue]:
        if message.pluralizable and not message.fuzzy:
            catalogue.delete(message.id, message.context)
            catalogue.add(message.id, message.string, context=PLURAL_CONTEXT)
            if _names(message.string[of_one]) == _names(message.id[0]):
                catalogue.add(message.id[0], message.string[of_one], context=message.context)


def _wrong(catalogue: Catalog, used: Mapping[int, int], name: str) -> Iterator[Diagnostic]:
    """Translations that would lose a value, need one that is not there, or cannot be filled in."""
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        ids, forms = _texts(message.id), _texts(message.string)
        place = Place(name, message.lineno or 0)
        if len(ids) > 2:
            yield problem("theme-invalid", "the message has two msgid_plural", place, "take one out")
        elif not all(forms):
            empty = listing(f"msgstr[{number}]" for number, text in enumerate(forms) if not text)
            yield problem("theme-invalid", f"the translation lacks {empty}", place, "translate each form")
        elif len(ids) == 2:
            for number, text in enumerate(forms):
                yield from _misplaced(ids, text, place, f"msgstr[{number}]", for_one=used.get(number) == 1)
        elif _names(ids[0]) or _names(forms[0]):
            # Other texts are not filled in, and may have percent signs as they like.
            yield from _misplaced(ids, forms[0], place, "the translation", for_one=False)


def _misplaced(ids: Sequence[str], text: str, place: Place, form: str, *, for_one: bool) -> Iterator[Diagnostic]:
    """What is wrong with the placeholders of the translation `text`; `for_one` says whether its plural form is for one number only."""
    needed = _names(ids[-1])
    if for_one:
        needed = needed & _names(ids[0]) - {"num"}
    names = _names(text)
    remedy = "write each placeholder as the msgid has it, and %% for a sign"
    if unknown := names.difference(*map(_names, ids)):
        yield problem("theme-invalid", f"{form} has {_named(unknown)}, which the message does not have", place, remedy)
    elif lost := needed - names:
        if "num" in lost and len(ids) == 2:
            remedy += "; only a form for one number alone may leave %(num)s out"
        yield problem("theme-invalid", f"{form} lacks {_named(lost)} of the message", place, remedy)
    elif "" in _PERCENT.findall(text):
        yield problem("theme-invalid", f'a "%" of {form} begins no placeholder', place, remedy)


def _names(text: str) -> frozenset[str]:
    """The names of the placeholders in a text."""
    return frozenset(sign[1:-2] for sign in _PERCENT.findall(text) if len(sign) > 1)


def _named(placeholders: Iterable[str]) -> str:
    return listing(f"%({one})s" for one in sorted(placeholders))


def _texts(text: str | Sequence[str] | None) -> Sequence[str]:
    """The one text of a message, or each of its plural forms; none where it has no translation."""
    return (text,) if isinstance(text, str) else text or ()
