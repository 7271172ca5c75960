"""The texts of a record, each with the key of the field that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from briefings.audit.patterns import Secret
from briefings.audit.words import runs, words_of
from briefings.content.bodies import NO_BODY, Body
from briefings.content.entries import Visible
from briefings.content.markdown.word_holes import filled
from briefings.content.parse import Parsed
from briefings.content.records import AnyRecord
from briefings.core.language import Language
from briefings.site.resolve import PAGE_FOLDERS, address
from briefings.site.visibility import Readers

_NAMES = frozenset({"address", "title", "name", "sort_name", "also_known_as", "weak_names", "aliases", "identifiers", "id"})
"""Keys whose values name a record; names are searched for even if they are short."""
_NAMES_OF_ENTRIES = frozenset(
    {("events", "id"), ("events", "title"), ("judgements", "id"), ("propositions", "id"), ("measures", "id"), ("measures", "name")}
)
"""Keys whose values name an entry of a record; they count as names too."""
REFERRED = frozenset({("propositions", "id"), ("measures", "id")})
"""Keys of ids that other records may use in their headers."""
_QUOTATION = re.compile(r'<figure class="quotation" id="[^"]*"><blockquote>(.*?)</blockquote>\n<figcaption>', re.DOTALL)
"""A quotation with a speaker, in the HTML that `content/markdown/prose` writes."""


class Said(Struct, frozen=True):
    """A text of a record, with the key of the field that holds it."""

    field: str
    text: str
    """The words; for the body of a record, its HTML."""
    hidden: bool
    """Whether readers may not see the text."""

    @property
    def is_name(self) -> bool:
        """Whether the text names the record or one of its entries."""
        return _is_name(self.field)

    def secrets(self, path: str) -> Iterator[Secret]:
        """Yield what an audit must search for when this text, of the file at `path`, is withheld."""
        if self.field.endswith("body"):
            for run in runs(self.text):
                yield Secret(path, self.field, tuple(run))
        else:
            yield secret(path, self.field, self.text, is_name=self.is_name)


def said_by(record: AnyRecord, parsed: Parsed, readers: Readers | None, language: Language) -> Iterator[Said]:
    """Yield every text of `record`. Without `readers` the record's header is in doubt, and every text is hidden.

    Words of the program within texts are in `language`, as pages show them.
    """
    hidden = readers is None or not readers.may_see(record.header)
    gone = record.header.withdrawn is not None

    def key(name: str) -> str:
        return f"{record.key}.{name}" if record.key else name

    def html(body: Body) -> str:
        # What links lead to is told by the references.
        return filled(parsed.html.get(body.digest, ""), lambda _: "", language)

    yield Said(key("id"), record.id, hidden)
    if PAGE_FOLDERS[record.kind]:
        yield Said(key("address"), address(record.kind, record.id), hidden)
    for name, text, out in _leaves(record.header, "", hidden, readers):
        # Of a withdrawn record, readers see its address and the reason.
        yield Said(key(name), text, out or (gone and not name.startswith(("withdrawn.", "aliases", "id"))))
    whole = record.bodies[-1] if record.bodies else record.body
    seen = NO_BODY if readers is None else seen_body(record, readers)
    if whole.digest and whole.digest != seen.digest:
        yield Said(key("body"), html(whole), hidden=True)
        yield from (Said(key("body"), reference.label, hidden=True) for reference in whole.references)
        # A short quotation makes no run by itself: each run would include words around it.
        public = set(_QUOTATION.findall(html(seen)))
        for quotation in _QUOTATION.findall(html(whole)):
            if quotation not in public:
                yield Said(key("body"), quotation, hidden=True)
    if seen.digest:
        yield Said(key("body"), html(seen), hidden=False)
        yield from (Said(key("body"), reference.label, hidden=False) for reference in seen.references)


def seen_body(record: AnyRecord, readers: Readers) -> Body:
    """Return the version of the record's text that `readers` see."""
    if record.header.withdrawn is not None or not readers.may_see(record.header):
        return NO_BODY
    return readers.see_of(record).body


def _leaves(value: object, key: str, hidden: bool, readers: Readers | None) -> Iterator[tuple[str, str, bool]]:
    """Yield every text in `value` with its key, and whether the text, or an entry around it, is withheld."""
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
    """Yield every text in `value`, such as the settings of a site."""
    yield from (text for _, text, _ in _leaves(value, "", False, None))


def _is_name(key: str) -> bool:
    """Whether the value at `key` names the record itself or one of its entries."""
    parts = parts_of(key)
    return parts[0] in _NAMES or parts in _NAMES_OF_ENTRIES


def parts_of(key: str) -> tuple[str, ...]:
    """Return the names in `key`, without list indexes, below the key of the record."""
    parts = re.sub(r"\[\d+\]", "", key).split(".")
    return tuple(parts[2:] if parts[0] == "records" else parts)


def secret(path: str, field: str, text: str, *, is_name: bool = False) -> Secret:
    """Return the secret for a record that holds `text` in the field `field`."""
    return Secret(path, field, tuple(words_of(text)), is_name)
