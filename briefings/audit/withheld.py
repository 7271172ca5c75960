"""Everything that a site withholds from an audience, word by word; it is kept in memory only."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath

from msgspec import Struct

from briefings.audit.patterns import Secret
from briefings.audit.published_texts import ASSET_FOLDER, Published, text_in
from briefings.audit.said import REFERRED, parts_of, said_by, secret
from briefings.audit.words import runs
from briefings.content import front_matter
from briefings.content.folder import sort_out, strips
from briefings.content.images.stripping import without_metadata
from briefings.content.parse import parse, parse_config
from briefings.content.record_rows import read_records_row
from briefings.content.records import AnyRecord
from briefings.content.schema.dates import zone as load_zone
from briefings.content.yaml import loader
from briefings.content.yaml.positions import mark_positions
from briefings.core.config import SiteConfig
from briefings.core.language import ENGLISH
from briefings.engine.api import Progress
from briefings.engine.reading import parse_files
from briefings.engine.scan import CONFIG, read_or_nothing, scan_sources
from briefings.executors.executor import Executor
from briefings.rendering.theme import load_theme
from briefings.site.likeness import alike
from briefings.site.visibility import Audience, Readers

_MARKS = (b"draft", b"embargo", b"expires", b"marking", b"withdrawn", b"TLP")
"""Words of which every file that withholds anything, and whose headers are valid, has at least one."""
_MARKED = re.compile(rb"""(?:draft|embargo|expires|marking|withdrawn)["']?\s*:|TLP|\\|(?:^|[\r\n])\s*\?""")
"""Keys of which every header that withholds anything has one; or an escape or complex key, which may hide such a key."""
_HEADER_END = re.compile(rb"[\r\n](?:---|\.\.\.)[ \t]*(?:[\r\n]|\Z)")
"""Where the header of a Markdown file ends."""
_COMMENT = re.compile(r"(?:^|\s)#(.*)$", re.MULTILINE)


class Evidence(Struct, frozen=True):
    """What an audit searches for, and what it must not take for a leak."""

    secrets: tuple[Secret, ...]
    withheld: tuple[str, ...]
    """The records that are withheld, as `path` or `path: key`, sorted."""
    attachments: Mapping[int, tuple[str, ...]]
    """All files beside records, by size in bytes: they may be published only if a visible record uses them."""
    shown: Published
    audience: Audience


class AuditRequest(Struct, frozen=True):
    """The tree to audit, and the readers for whom it must be fit."""

    site: Path
    """The folder of the site from which the tree was built."""
    tree: Path
    now: dt.datetime
    """The instant, with a time zone, that decides what is embargoed and what has expired."""
    audience: Audience | None = None
    """The readers; None for those of site.yaml."""
    sound: bool = False
    """Whether a build has just found every header valid; otherwise every file is read to find invalid ones."""


def gather_evidence(request: AuditRequest, executor: Executor, progress: Progress) -> Evidence | None:
    """Collect what the site of `request` withholds and what it shows; None when its settings have errors."""
    site = request.site
    config, _ = parse_config(CONFIG, (site / CONFIG).read_bytes())
    if config is None:
        return None
    readers = Readers(request.audience or config.audience, request.now, load_zone(config.timezone))
    seen = scan_sources(site)
    sources = sort_out(path for path in seen.files if path.startswith("content/"))
    theme, _ = load_theme(config.theme, site, config.language)
    language = theme.language if theme else ENGLISH
    secrets: list[Secret] = []
    withheld: list[str] = []
    hidden_ids: set[str] = set()
    hidden_files: set[str] = set()
    for path in _suspicious(site, config, sources.records, executor, progress, sound=request.sound):
        data = (site / path).read_bytes()
        parsed = parse(path, data, config)
        hidden = [record for record in parsed.records if not readers.may_see(record.header)]
        gone = [record for record in parsed.records if record.header.withdrawn is not None and record not in hidden]
        for record in (*parsed.records, *parsed.suspects):
            said = said_by(record, parsed, readers if record in parsed.records else None, language)
            for part in said:
                if part.hidden:
                    secrets += part.secrets(path)
                    hidden_ids.update((part.text,) if parts_of(part.field) in REFERRED else ())
        hidden_ids.update(record.id for record in (*hidden, *parsed.suspects))
        # A text that stands in several places is reported as the first: id or title come before the file's name.
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
        if not path.startswith(ASSET_FOLDER):
            bare = without_metadata((site / path).read_bytes()) if strips(path, config) else None
            for size in {seen.files[path][0], *([] if bare is None else [len(bare)])}:
                attachments[size] = (*attachments.get(size, ()), path)
            secrets.append(secret(path, "file name", posixpath.basename(path), is_name=True))
            secrets += (Secret(path, "text", tuple(run)) for text in text_in(site / path) for run in runs(text))
    # The text of a withheld note is not made public by a copy of it, unless the copy is declared as the public version.
    public = sorted(set(sources.records).difference(hidden_files))
    undeclared = {found.place.path for found in alike(partial(read_or_nothing, site), config, readers, public, sorted(hidden_files), None)}
    records = [path for path in sources.records if path not in undeclared]
    shown = Published(site=site, config=config, readers=readers, records=records, files=sources.attachments, hidden_ids=hidden_ids)
    return Evidence(
        secrets=tuple(s for s in secrets if s.words),
        withheld=tuple(sorted(withheld)),
        attachments=attachments,
        shown=shown,
        audience=readers.audience,
    )


def _suspicious(
    site: Path, config: SiteConfig, paths: tuple[str, ...], executor: Executor, progress: Progress, *, sound: bool
) -> Iterator[str]:
    """Yield the paths of the files that may withhold something."""
    doubtful = set()
    for path, file in () if sound else parse_files(site, config, paths, None, executor, progress):
        parsed = read_records_row(file.row)
        if parsed.withheld or parsed.suspects:
            doubtful.add(path)
    for path in paths:
        if path in doubtful or _may_withhold(path, (site / path).read_bytes()):
            yield path


def _may_withhold(path: str, data: bytes) -> bool:
    """Whether a file with valid headers may withhold anything; reading every file closely would take as long as a build."""
    if front_matter.is_markdown(path) and (end := _HEADER_END.search(data)):
        header, body = data[: end.start()], data[end.start() :]
        # In a Markdown text, conditions stand between braces; the word draft alone means nothing.
        return _MARKED.search(header) is not None or (b"{" in body and any(mark in body for mark in _MARKS))
    return _MARKED.search(data) is not None or any(mark in data for mark in _MARKS)


def _of_names(path: str) -> Iterator[Secret]:
    """Yield the names of a wholly withheld file and of the folders around it."""
    _, _, *folders, name = path.split("/")
    yield secret(path, "file name", PurePosixPath(name).stem, is_name=True)
    for folder in folders:
        yield secret(path, "folder name", folder, is_name=True)


def _of_file(path: str, data: bytes) -> Iterator[Secret]:
    """Yield the text of a wholly withheld file, as it is written, and its comments."""
    text, _ = front_matter.decode(path, data)
    if text is None:
        yield secret(path, "text", data.decode(errors="ignore"))
        return
    if not front_matter.is_markdown(path):
        yield from _comments(path, text)
        yield from _raw_bodies(path, text)
        return
    parts, _ = front_matter.split(path, text)
    if parts is None:
        yield secret(path, "text", text)
        return
    yield from _comments(path, parts.header)
    yield secret(path, "body", parts.body)
    if loader.load(parts.header, path=path)[0] is None:
        yield secret(path, "header", parts.header)


def _of_parts(path: str, data: bytes, hidden: Iterable[AnyRecord]) -> Iterator[Secret]:
    """Yield the raw texts and comments of the `hidden` records of a file."""
    text, _ = front_matter.decode(path, data)
    if text is None:
        return
    marked = mark_positions(text)
    lines = text.split("\n")
    for record in hidden:
        node, name = marked.node(record.key), marked.locate(record.key, name=True)
        if node is not None and name is not None:
            yield from _comments(path, "\n".join(lines[name.line - 1 : text.count("\n", 0, node.end) + 1]))
            yield from _raw_bodies(path, text, record.key)


def _raw_bodies(path: str, text: str, key: str = "") -> Iterator[Secret]:
    """Yield the bodies in a YAML file as they are written: of the record at `key`, or of all records."""
    tree, _ = loader.load(text, path=path, limit=loader.MAX_FILE)
    if not isinstance(tree, dict):
        yield secret(path, "text", text)
        return
    records = tree.get("records")
    entries = {f"records.{name}": record for name, record in records.items()} if isinstance(records, dict) else {"": tree}
    for name, record in entries.items():
        body = record.get("body") if isinstance(record, dict) and key in ("", name) else None
        if isinstance(body, str):
            yield secret(path, f"{name}.body".lstrip("."), body)


def _comments(path: str, header: str) -> Iterator[Secret]:
    comments = [found[1] for found in _COMMENT.finditer(header)]
    yield secret(path, "comment", "\n".join(comments))
