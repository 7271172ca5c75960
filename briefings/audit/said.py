"""What a record says, word by word, with the key at which each text stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from briefings.audit.patterns import Secret
from briefings.audit.words import runs, words
from briefings.content.entries import Visible
from briefings.content.parse import Parsed
from briefings.content.records import NO_BODY, AnyRecord, Body
from briefings.site.resolve import FOLDERS, address
from briefings.site.visibility import Readers

_NAMES = frozenset({"address", "title", "name", "sort_name", "also_known_as", "weak_names", "aliases", "identifiers", "id"})
"""Keys whose values name a record: they are looked for however short they are."""
_NAMES_OF_ENTRIES = frozenset({("events", "id"), ("events", "title"), ("propositions", "id"), ("measures", "id"), ("measures", "name")})
"""Keys whose values name an entry of a record: these too."""
REFERRED = frozenset({("propositions", "id"), ("measures", "id")})
"""Those that other records may name in their headers."""
_QUOTATION = re.compile(r'<figure class="quotation"><blockquote>(.*?)</blockquote>\n<figcaption>', re.DOTALL)
"""A quotation with a speaker, as `content/markdown/prose` writes it."""


class Said(Struct, frozen=True):
    """Something that a record says."""

    field: str
    text: str
    """With markup, if it is the body."""
    hidden: bool
    """Whether readers may not see it."""

    @property
    def is_name(self) -> bool:
        """Whether it names the record or an entry of it."""
        return _is_name(self.field)

    def secrets(self, path: str) -> Iterator[Secret]:
        """What to look for, where this is withheld."""
        if self.field.endswith("body"):
            for run in runs(self.text):
                yield Secret(path, self.field, tuple(run))
        else:
            yield secret(path, self.field, self.text, is_name=self.is_name)


def said_by(record: AnyRecord, parsed: Parsed, readers: Readers | None) -> Iterator[Said]:
    """All that a record says, part by part. Without `readers`, who is to see it is in doubt, and all is hidden."""
    hidden = readers is None or not readers.may_see(record.header)
    gone = record.header.withdrawn is not None

    def key(name: str) -> str:
        return f"{record.key}.{name}" if record.key else name

    yield Said(key("id"), record.id, hidden)
    if FOLDERS[record.kind]:
        yield Said(key("address"), address(record.kind, record.id), hidden)
    for name, text, out in _leaves(record.header, "", hidden, readers):
        # Of what was withdrawn, readers see that it was, and where.
        yield Said(key(name), text, out or (gone and not name.startswith(("withdrawn.", "aliases", "id"))))
    whole = record.bodies[-1] if record.bodies else record.body
    seen = NO_BODY if readers is None else seen_body(record, readers)
    if whole.digest and whole.digest != seen.digest:
        yield Said(key("body"), parsed.html.get(whole.digest, ""), hidden=True)
        yield from (Said(key("body"), reference.label, hidden=True) for reference in whole.references)
        # A short one is in no run of words of its own: each holds words around it, too.
        public = set(_QUOTATION.findall(parsed.html.get(seen.digest, "")))
        for quotation in _QUOTATION.findall(parsed.html.get(whole.digest, "")):
            if quotation not in public:
                yield Said(key("body"), quotation, hidden=True)
    if seen.digest:
        yield Said(key("body"), parsed.html.get(seen.digest, ""), hidden=False)
        yield from (Said(key("body"), reference.label, hidden=False) for reference in seen.references)


def seen_body(record: AnyRecord, readers: Readers) -> Body:
    """What readers see of a record's text."""
    if record.header.withdrawn is not None or not readers.may_see(record.header):
        return NO_BODY
    return readers.see_of(record).body


def _leaves(value: object, key: str, hidden: bool, readers: Readers | None) -> Iterator[tuple[str, str, bool]]:
    """Every text in `value` with its key, and whether it or what holds it is withheld."""
    if isinstance(value, str):
        yield key, value, hidden
    elif isinstance(value, Struct):
        hidden = hidden or (isinstance(value, Visible) and readers is not None and not readers.may_see(value))
        for name, written in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True):
            yield from _leaves(getattr(value, name), f"{key}.{written}".lstrip("."), hidden, readers)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, f"{key}.{name}".lstrip("."), hidden, readers)
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{key}[{number}]", hidden, readers)


def texts_in(value: object) -> Iterator[str]:
    """Every text in a value, such as the settings of a site."""
    yield from (text for _, text, _ in _leaves(value, "", False, None))


def _is_name(key: str) -> bool:
    """Whether the value at `key` names the record itself or one of its entries."""
    parts = parts_of(key)
    return parts[0] in _NAMES or parts in _NAMES_OF_ENTRIES


def parts_of(key: str) -> tuple[str, ...]:
    """The names in `key`, below that of its record."""
    parts = re.sub(r"\[\d+\]", "", key).split(".")
    return tuple(parts[2:] if parts[0] == "records" else parts)


def secret(path: str, field: str, text: str, *, is_name: bool = False) -> Secret:
    """What to look for where a record holds `text` at the key `field`."""
    return Secret(path, field, tuple(words(text)), is_name)
