"""What a site withholds from an audience, word by word, and what it shows: both from the records, in memory only."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from briefings.audit.own_words import own_words
from briefings.audit.patterns import Secret
from briefings.audit.words import runs, words
from briefings.content import front_matter
from briefings.content.entries import Visible
from briefings.content.parse import Parsed, parse, parse_config
from briefings.content.records import NO_BODY, AnyRecord, Body
from briefings.content.schema.dates import zone as load_zone
from briefings.content.yaml import loader
from briefings.content.yaml.positions import mark
from briefings.core.config import SiteConfig
from briefings.engine.api import Progress
from briefings.engine.build import scan_sources
from briefings.engine.cache import digest
from briefings.engine.likeness import alike
from briefings.engine.output import digest_of, has_bytes
from briefings.engine.read import sort_out, strips, without_metadata
from briefings.engine.reading import parse_files
from briefings.engine.rows import read_records_row
from briefings.engine.sites import CONFIG
from briefings.engine.workers import Workers
from briefings.rendering.theme import load_theme
from briefings.site.resolve import FOLDERS, address, path_of
from briefings.site.visibility import Audience, Readers

_NAMES = frozenset({"address", "title", "name", "sort_name", "also_known_as", "weak_names", "aliases", "identifiers", "id"})
"""Keys whose values name a record: they are looked for however short they are."""
_NAMES_OF_ENTRIES = frozenset({("events", "id"), ("events", "title"), ("propositions", "id"), ("measures", "id"), ("measures", "name")})
"""Keys whose values name an entry of a record, likewise."""
_REFERRED = frozenset({("propositions", "id"), ("measures", "id")})
"""Those that other records may name in their headers."""
_QUOTATION = re.compile(r'<figure class="quotation"><blockquote>(.*?)</blockquote>\n<figcaption>', re.DOTALL)
"""A quotation with a speaker, as `content/prose` writes it."""
_MARKS = (b"draft", b"embargo", b"expires", b"marking", b"withdrawn", b"TLP")
"""One of them stands in every text that withholds anything, if no header is in doubt."""
_MARKED = re.compile(rb"""(?:draft|embargo|expires|marking|withdrawn)["']?\s*:|TLP|\\|(?:^|[\r\n])\s*\?""")
"""The same of a header, as a key; escapes and keys that are written apart from their colon may hide one."""
_HEADER_END = re.compile(rb"[\r\n](?:---|\.\.\.)[ \t]*(?:[\r\n]|\Z)")
"""Where the header of a Markdown file ends."""
_COMMENT = re.compile(r"(?:^|\s)#(.*)$", re.MULTILINE)
_ASSETS = "content/assets/"
_LARGEST_TEXT = 1 << 22
"""Bytes up to which an attachment is read as a text."""


class Evidence(Struct, frozen=True):
    """What an audit of a site's output looks for, and what it must not take for a leak."""

    secrets: tuple[Secret, ...]
    withheld: tuple[str, ...]
    """The records that are withheld, as `path` or `path: key`, sorted."""
    attachments: Mapping[int, tuple[str, ...]]
    """By size, all files beside records: they are published only if a record that is shown uses them."""
    shown: Published
    audience: Audience


class Published:
    """What readers may see: the texts of records, settings, theme and program. Each is read when it is asked for."""

    def __init__(
        self, site: Path, config: SiteConfig, readers: Readers, records: Iterable[str], files: Iterable[str], hidden_ids: Container[str]
    ) -> None:
        self._site = site
        self._config = config
        self._readers = readers
        self.records = tuple(records)
        """Paths of the files that hold records, shown or not."""
        self._files = tuple(files)
        self._hidden_ids = hidden_ids
        self._published: dict[bytes, bool] = {}
        """What `publishes` said, by the digest of the bytes: a picture may stand in thousands of pages."""

    def frame(self) -> Iterator[str]:
        """What stands around the records: settings, what theme and program print, and the files that are published as they are."""
        yield from _leaves_of(self._config)
        theme, _ = load_theme(self._config.theme, self._site)
        yield from own_words(self._config, theme)
        for url, path in theme.assets if theme else ():
            yield url
            yield from _text_of(Path(path))
        for path in self._files:
            if path.startswith(_ASSETS):
                yield path
                yield from _text_of(self._site / path)

    def raw(self, path: str) -> bytes:
        """The file at `path` as it is; empty where it cannot be read."""
        try:
            return (self._site / path).read_bytes()
        except OSError:
            return b""

    def texts(self, path: str) -> Iterator[str]:
        """All that readers may see of the records in the file at `path`, and of the files that these use."""
        parsed = parse(path, self.raw(path), self._config)
        if any(self._readers.may_see(record.header) for record in parsed.records):
            yield path
        for record in parsed.records:
            for said in _said(record, parsed, self._readers):
                # A header may name what is withheld; readers do not see that.
                if not said.hidden and (said.is_name or said.text not in self._hidden_ids):
                    yield said.text
            for file in self._used_by(record):
                yield file
                if file in self._files:
                    yield from _text_of(self._site / file)

    def _used_by(self, record: AnyRecord) -> Iterator[str]:
        """The files that readers see through `record`."""
        for reference in _seen_body(record, self._readers).references:
            if reference.kind in ("path", "image"):
                yield path_of(record, reference.target)

    def publishes(self, size: int, name: bytes, attachments: Iterable[str]) -> bool:
        """Whether readers get the bytes with this size and digest anyway: as an asset, from the theme, or as one of the `attachments`."""
        if name not in self._published:
            bare = (path for path in self._files if path.startswith(_ASSETS) and strips(path, self._config))
            anyway = any(has_bytes(file, size, name) for file in self._anyway()) or any(name in self.forms(path) for path in bare)
            self._published[name] = anyway or any(map(self._uses, attachments))
        return self._published[name]

    def forms(self, path: str) -> Iterator[bytes]:
        """The digests of a file as it is, and as readers get it where pictures lose their metadata."""
        yield digest_of(self._site / path)
        if strips(path, self._config):
            yield digest(without_metadata(self.raw(path)))

    def _anyway(self) -> Iterator[Path]:
        """The files that are published whoever uses them."""
        theme, _ = load_theme(self._config.theme, self._site)
        yield from (self._site / path for path in self._files if path.startswith(_ASSETS))
        yield from (Path(path) for _, path in (theme.assets if theme else ()))

    def _uses(self, file: str) -> bool:
        """Whether a record that is shown uses the file."""
        name = posixpath.basename(file).encode()
        for path in self.records:
            raw = self.raw(path)
            if name in raw or b"%" in raw:
                parsed = parse(path, raw, self._config)
                if any(file in self._used_by(record) for record in parsed.records):
                    return True
        return False


class AuditRequest(Struct, frozen=True):
    """Which tree is to be looked through, and for whom it must be fit."""

    site: Path
    """The folder of the site from which the tree was built."""
    tree: Path
    now: dt.datetime
    """The instant that decides what is embargoed and expired; with a time zone."""
    audience: Audience | None = None
    """None for the site's own."""
    sound: bool = False
    """Whether a build has just found no header in doubt; otherwise every file is read for one."""


def gather_evidence(request: AuditRequest, pool: Workers, progress: Progress) -> Evidence | None:
    """What a site withholds, and what it shows; None when its settings are wrong."""
    site = request.site
    config, _ = parse_config(CONFIG, (site / CONFIG).read_bytes())
    if config is None:
        return None
    readers = Readers(request.audience or config.audience, request.now, load_zone(config.timezone))
    seen = scan_sources(site)
    sources = sort_out(path for path in seen.files if path.startswith("content/"))
    secrets: list[Secret] = []
    withheld: list[str] = []
    hidden_ids: set[str] = set()
    hidden_files: set[str] = set()
    for path in _suspicious(site, config, sources.records, pool, progress, sound=request.sound):
        data = (site / path).read_bytes()
        parsed = parse(path, data, config)
        hidden = [record for record in parsed.records if not readers.may_see(record.header)]
        gone = [record for record in parsed.records if record.header.withdrawn is not None and record not in hidden]
        for record in (*parsed.records, *parsed.suspects):
            said = _said(record, parsed, readers if record in parsed.records else None)
            for part in said:
                if part.hidden:
                    secrets += part.secrets(path)
                    hidden_ids.update((part.text,) if _parts(part.field) in _REFERRED else ())
        hidden_ids.update(record.id for record in (*hidden, *parsed.suspects))
        # The first name of a thing is the one that is told: its id or title before its file's name.
        if parsed.withheld or parsed.suspects or len(hidden) == len(parsed.records) > 0:
            hidden_files.add(path)
            withheld.append(path)
            secrets += (*_of_names(path), *_of_file(path, data))
        elif gone and len(gone) == len(parsed.records):
            withheld.append(path)
            secrets += _of_file(path, data)
        else:
            withheld += (f"{path}: {record.key or 'a part'}" for record in (*hidden, *gone))
            secrets += _of_parts(path, data, (*hidden, *gone))
    attachments: dict[int, tuple[str, ...]] = {}
    for path in sources.attachments:
        if not path.startswith(_ASSETS):
            bare = {len(without_metadata((site / path).read_bytes()))} if strips(path, config) else set()
            for size in {seen.files[path][0], *bare}:
                attachments[size] = (*attachments.get(size, ()), path)
            secrets.append(_secret(path, "file name", posixpath.basename(path), is_name=True))
            secrets += (Secret(path, "text", tuple(run)) for text in _text_of(site / path) for run in runs(text))
    # A copy of a withheld note does not make its words public, unless it says that it is meant for readers.
    public = sorted(set(sources.records).difference(hidden_files))
    undeclared = {found.place.path for found in alike(site, config, readers, public, sorted(hidden_files), None)}
    records = [path for path in sources.records if path not in undeclared]
    shown = Published(site, config, readers, records, sources.attachments, hidden_ids)
    return Evidence(tuple(s for s in secrets if s.words), tuple(sorted(withheld)), attachments, shown, readers.audience)


def _suspicious(site: Path, config: SiteConfig, paths: tuple[str, ...], pool: Workers, progress: Progress, *, sound: bool) -> Iterator[str]:
    """The files that may withhold something."""
    doubtful = set()
    for path, file in () if sound else parse_files(site, config, paths, None, pool, progress):
        parsed = read_records_row(file.row)
        if parsed.withheld or parsed.suspects:
            doubtful.add(path)
    for path in paths:
        if path in doubtful or _may_withhold(path, (site / path).read_bytes()):
            yield path


def _may_withhold(path: str, data: bytes) -> bool:
    """Whether what is in no doubt may withhold anything; to read a whole site closely would take as long as to build it."""
    if front_matter.is_markdown(path) and (end := _HEADER_END.search(data)):
        header, body = data[: end.start()], data[end.start() :]
        # In a text, conditions stand between braces; and many a note speaks of a draft.
        return _MARKED.search(header) is not None or (b"{" in body and any(mark in body for mark in _MARKS))
    return _MARKED.search(data) is not None or any(mark in data for mark in _MARKS)


def _of_names(path: str) -> Iterator[Secret]:
    """The names of a file of which all is withheld, and of the folders around it."""
    _, _, *folders, name = path.split("/")
    yield _secret(path, "file name", PurePosixPath(name).stem, is_name=True)
    for folder in folders:
        yield _secret(path, "folder name", folder, is_name=True)


def _of_file(path: str, data: bytes) -> Iterator[Secret]:
    """The text of a file of which all is withheld, as it is written, and its comments."""
    text, _ = front_matter.decode(path, data)
    if text is None:
        yield _secret(path, "text", data.decode(errors="ignore"))
        return
    if not front_matter.is_markdown(path):
        yield from _comments(path, text)
        yield from _raw_bodies(path, text)
        return
    parts, _ = front_matter.split(path, text)
    if parts is None:
        yield _secret(path, "text", text)
        return
    yield from _comments(path, parts.header)
    yield _secret(path, "body", parts.body)
    if loader.load(parts.header, path=path)[0] is None:
        yield _secret(path, "header", parts.header)


def _of_parts(path: str, data: bytes, hidden: Iterable[AnyRecord]) -> Iterator[Secret]:
    """The raw texts and comments of those records of a file that are withheld."""
    text, _ = front_matter.decode(path, data)
    if text is None:
        return
    marked = mark(text)
    lines = text.split("\n")
    for record in hidden:
        node, name = marked.node(record.key), marked.locate(record.key, name=True)
        if node is not None and name is not None:
            yield from _comments(path, "\n".join(lines[name.line - 1 : text.count("\n", 0, node.end) + 1]))
            yield from _raw_bodies(path, text, record.key)


def _raw_bodies(path: str, text: str, key: str = "") -> Iterator[Secret]:
    """The bodies in a YAML file as they are written: of the record at `key`, or of all."""
    tree, _ = loader.load(text, path=path, limit=loader.MAX_FILE)
    if not isinstance(tree, dict):
        yield _secret(path, "text", text)
        return
    records = tree.get("records")
    entries = {f"records.{name}": record for name, record in records.items()} if isinstance(records, dict) else {"": tree}
    for name, record in entries.items():
        body = record.get("body") if isinstance(record, dict) and key in ("", name) else None
        if isinstance(body, str):
            yield _secret(path, f"{name}.body".lstrip("."), body)


class _Said(Struct, frozen=True):
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
            yield _secret(path, self.field, self.text, is_name=self.is_name)


def _said(record: AnyRecord, parsed: Parsed, readers: Readers | None) -> Iterator[_Said]:
    """All that a record says, part by part. Without `readers`, who is to see it is in doubt, and all is hidden."""
    hidden = readers is None or not readers.may_see(record.header)
    gone = record.header.withdrawn is not None

    def key(name: str) -> str:
        return f"{record.key}.{name}" if record.key else name

    yield _Said(key("id"), record.id, hidden)
    if FOLDERS[record.kind]:
        yield _Said(key("address"), address(record.kind, record.id), hidden)
    for name, text, out in _leaves(record.header, "", hidden, readers):
        # Of what was withdrawn, readers see that it was, and where.
        yield _Said(key(name), text, out or (gone and not name.startswith(("withdrawn.", "aliases", "id"))))
    whole = record.bodies[-1] if record.bodies else record.body
    seen = NO_BODY if readers is None else _seen_body(record, readers)
    if whole.digest and whole.digest != seen.digest:
        yield _Said(key("body"), parsed.html.get(whole.digest, ""), hidden=True)
        yield from (_Said(key("body"), reference.label, hidden=True) for reference in whole.references)
        # A short one is in no run of words of its own: each holds words around it, too.
        public = set(_QUOTATION.findall(parsed.html.get(seen.digest, "")))
        for quotation in _QUOTATION.findall(parsed.html.get(whole.digest, "")):
            if quotation not in public:
                yield _Said(key("body"), quotation, hidden=True)
    if seen.digest:
        yield _Said(key("body"), parsed.html.get(seen.digest, ""), hidden=False)
        yield from (_Said(key("body"), reference.label, hidden=False) for reference in seen.references)


def _seen_body(record: AnyRecord, readers: Readers) -> Body:
    """What readers see of a record's text."""
    if record.header.withdrawn is not None or not readers.may_see(record.header):
        return NO_BODY
    return readers.see_of(record).body


def _comments(path: str, header: str) -> Iterator[Secret]:
    comments = [found[1] for found in _COMMENT.finditer(header)]
    yield _secret(path, "comment", "\n".join(comments))


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


def _leaves_of(value: object) -> Iterator[str]:
    yield from (text for _, text, _ in _leaves(value, "", False, None))


def _is_name(key: str) -> bool:
    """Whether the value at `key` names the record itself or one of its entries."""
    parts = _parts(key)
    return parts[0] in _NAMES or parts in _NAMES_OF_ENTRIES


def _parts(key: str) -> tuple[str, ...]:
    """The names in `key`, below that of its record."""
    parts = re.sub(r"\[\d+\]", "", key).split(".")
    return tuple(parts[2:] if parts[0] == "records" else parts)


def _secret(path: str, field: str, text: str, *, is_name: bool = False) -> Secret:
    return Secret(path, field, tuple(words(text)), is_name)


def _text_of(file: Path) -> Iterator[str]:
    """What the file says, if it is a text and not too large."""
    try:
        data = file.read_bytes() if file.stat().st_size <= _LARGEST_TEXT else b"\0"
    except OSError:
        return
    if b"\0" not in data:
        yield data.decode(errors="ignore")
