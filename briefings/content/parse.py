"""Parse one content file: from its bytes to records, HTML of their texts, and problems."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from msgspec import Struct, structs

from briefings.content import front_matter
from briefings.content.bodies import NO_BODY
from briefings.content.checks.id_checks import check_id, explicit_id
from briefings.content.checks.plain_texts import markup_in_plain_texts, may_hold_markup
from briefings.content.checks.quotation_checks import quoted_in_text, unquoted
from briefings.content.checks.record_checks import (
    as_read,
    check_config,
    check_header,
    config_as_read,
    missing_from_config,
    missing_headings,
)
from briefings.content.headers import NoteHeader, RecordHeader
from briefings.content.markdown import quotations, texts
from briefings.content.markdown.comments import without_comments
from briefings.content.places import with_places
from briefings.content.records import BY_ID, HEADERS, RECORDS, AnyRecord, Kind
from briefings.content.schema import validate
from briefings.content.schema.dates import in_own_time
from briefings.content.steps import Steps, alone
from briefings.content.yaml import cut_text, loader
from briefings.content.yaml.positions import Invalid, Marked, Tree, mark_positions
from briefings.content.yaml.salvage import check_salvaged, salvaged
from briefings.core.config import SiteConfig
from briefings.core.diagnostics import Diagnostic, Place, has_errors, problem
from briefings.core.text import is_id, slugify

T = TypeVar("T", bound=Struct)

FOLDERS: Final[dict[str, Kind]] = {"notes": "note", "actors": "actor", "topics": "topic", "sources": "source", "pages": "page"}
"""The folders of the content folder that hold records, each with the kind of its records."""
_SUFFIXES: Final = (".md", ".yaml", ".yml")
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
# A leading `YYYY-MM` is cut off only where no day follows: a file named by a date alone keeps it as its name.
_LEADING_DATE = re.compile(rf"\A(?:\d{{4}}-{_MONTH}-{_DAY}|{_MONTH}-{_DAY}|\d{{4}}-{_MONTH}(?!-{_DAY}(?!\w)))[-_]+(?=.)")
_RECORD_KEY = re.compile(r"^( +)[\"']?([^\s#:\"'][^:\n\"']*)[\"']?[ ]*:", re.MULTILINE)
_OWN_ID = re.compile(r"^id:[ ]*[\"']?([^\s#\"']+)", re.MULTILINE)


class Parsed(Struct, frozen=True):
    """The result of parsing one file."""

    path: str
    """From the site folder, with forward slashes: `content/notes/2017/12-15-un-offer.md`."""
    records: tuple[AnyRecord, ...] = ()
    html: dict[str, str] = {}
    r"""The HTML, with holes (`\x01<index>\x02`), of each text, by its digest."""
    plain: dict[str, str] = {}
    """The plain text of each, by the same digest."""
    diagnostics: tuple[Diagnostic, ...] = ()
    suspects: tuple[AnyRecord, ...] = ()
    """Records with an invalid header, as far as they can be read: they are checked, and never shown."""
    withheld: tuple[tuple[Kind, str], ...] = ()
    """Kind and id of each record with an invalid header: it exists, but may not be shown."""


class _ParsedRecord(Struct, frozen=True):
    """One record after validation, with its text."""

    problems: tuple[Diagnostic, ...]
    record: AnyRecord | None = None
    """None where its header is invalid."""
    suspect: AnyRecord | None = None
    """The record with an invalid header, as far as it can be read; None for a valid record, and where too little can be read."""
    versions: dict[str, texts.Rendered] = {}
    """Each version of the text, by its digest."""


class _MarkdownText(Struct, frozen=True):
    """A Markdown text and its place in the file."""

    markdown: str
    first_line: int = 1
    place: Callable[[int, int], tuple[int, int]] | None = None
    """Converts line and column of the text to those of the file, where they differ by more than `first_line`."""


class _RawRecord(Struct, frozen=True):
    """One record as it stands in its file, before validation."""

    tree: Tree
    id: str
    """The id from the file's name or from the key; empty when neither gives one."""
    key: str = ""
    text: _MarkdownText | None = None


def kind_of(path: str) -> Kind | None:
    """Return the kind of the records in the file at `path`, from the site folder; None for a file without records."""
    # Every build asks this of every file, so the path is split as text, without pathlib.
    if not path.lower().endswith(_SUFFIXES):
        return None
    root, _, rest = path.partition("/")
    folder, inside, _ = rest.partition("/")
    return FOLDERS.get(folder) if inside and root == "content" else None


def parse(path: str, data: bytes, config: SiteConfig) -> Parsed:
    """Read one content file; every problem is a diagnostic, and a record whose header is in doubt is withheld.

    Raises ValueError for a path that `kind_of` does not know.
    """
    return alone(parsing(path, data, config))


def parsing(path: str, data: bytes, config: SiteConfig) -> Steps[Parsed]:
    """Parse one content file like `parse`, as a task: parsing short files in step takes a tenth less time than one after another."""
    kind = kind_of(path)
    if kind is None:
        raise ValueError(f"{path} is not a content file")
    name = path.rpartition("/")[2]
    stem = unicodedata.normalize("NFC", name.rpartition(".")[0] or name)
    own_id = id_of_stem(kind, stem)
    entries, problems = yield from _raw_records(path, data, kind, own_id)
    records: list[AnyRecord] = []
    suspects: list[AnyRecord] = []
    versions: dict[str, texts.Rendered] = {}
    in_doubt = has_errors(problems)
    withheld = [(kind, name) for name in _ids_in_ruins(kind, data, own_id or stem)] if in_doubt and not entries else []
    for entry in entries:
        one = yield from _record(kind, path, entry, config)
        if one.suspect is not None:
            suspects.append(one.suspect)
        if one.record is None or in_doubt:
            withheld.append((kind, explicit_id(entry.tree) or entry.id or stem))
        else:
            records.append(one.record)
        if not in_doubt:
            versions |= one.versions
        problems += one.problems
    if problems:
        # The text of an invalid record may be secret, so no public log may quote it.
        told = [structs.replace(d, confidential=True) for d in problems] if withheld else problems
        problems = with_places(data, told)
    return Parsed(
        path=path,
        records=tuple(records),
        html={text: one.html for text, one in versions.items()},
        plain={text: one.plain for text, one in versions.items()},
        diagnostics=problems,
        suspects=tuple(suspects),
        withheld=tuple(withheld),
    )


def read_yaml(path: str, data: bytes, type_: type[T]) -> tuple[T | None, tuple[Diagnostic, ...]]:
    """Read a YAML file with the schema `type_`: return the value, or None with every problem at its line."""
    value, problems = _read(path, data, type_)
    return value, with_places(data, problems)


def parse_config(path: str, data: bytes) -> tuple[SiteConfig | None, tuple[Diagnostic, ...]]:
    """Read `content/site.yaml`: the settings, or None and every problem with its line."""
    config, problems = _read(path, data, SiteConfig)
    if config is not None:
        # A missing setting is reported only when the others are valid.
        checked = tuple(check_config(path, config))
        config = config if has_errors(checked) else config_as_read(config)
        problems += checked or tuple(missing_from_config(path, config))
    return (None if has_errors(problems) else config), with_places(data, problems)


def id_of_stem(kind: Kind, stem: str) -> str:
    """Return the id for a file called `stem`: lower case, for a note without a leading date; empty when no letter is left."""
    name = unicodedata.normalize("NFC", stem)
    name = (_LEADING_DATE.sub("", name) if kind == "note" else name).lower()
    return name if is_id(name) else slugify(name)


def _raw_records(path: str, data: bytes, kind: Kind, own_id: str) -> Steps[tuple[list[_RawRecord], tuple[Diagnostic, ...]]]:
    """Return the records of a file before validation, with the problems of reading them."""
    text, problems = front_matter.decode(path, data)
    if text is None:
        return [], problems
    if front_matter.is_markdown(path):
        parts, more = front_matter.split(path, text)
        problems += more
        if parts is None:
            return [], problems
        yield
        tree, found = loader.load(parts.header, path=path, first_line=parts.header_line)
        if cut_text.may_be_cut(parts.header):
            found += tuple(cut_text.cut_texts(mark_positions(parts.header, first_line=parts.header_line), HEADERS[kind], path))
        if tree is not None and may_hold_markup(parts.header):
            found += tuple(markup_in_plain_texts(path, tree))
        return ([] if tree is None else [_RawRecord(tree, own_id, "", _MarkdownText(parts.body, parts.body_line))]), problems + found
    tree, found = loader.load(text, path=path, limit=loader.MAX_FILE)
    problems += found
    if tree is None:
        return [], problems
    if cut_text.may_be_cut(text):
        problems += tuple(cut_text.cut_texts(mark_positions(text), HEADERS[kind], path))
    if may_hold_markup(text):
        problems += tuple(markup_in_plain_texts(path, tree))
    if kind in ("note", "page") or not isinstance(tree, dict) or "records" not in tree:
        return [_RawRecord(tree, own_id, "", _body_of(tree, "", functools.cache(lambda: mark_positions(text))))], problems
    return _many(path, tree, text, problems)


def _many(path: str, tree: dict[str, Tree], text: str, problems: tuple[Diagnostic, ...]) -> tuple[list[_RawRecord], tuple[Diagnostic, ...]]:
    """Return the records of a YAML file that maps ids to records."""
    marks = functools.cache(lambda: mark_positions(text))
    problems += tuple(
        problem("unknown-key", f'"{name}" stands beside "records"', Place(path, key=name), "move it into a record, or delete it")
        for name in tree
        if name != "records"
    )
    records = tree["records"]
    if isinstance(records, dict):
        return [
            _RawRecord(record, unicodedata.normalize("NFC", name), f"records.{name}", _body_of(record, f"records.{name}", marks))
            for name, record in records.items()
        ], problems
    if not isinstance(records, Invalid):
        message = '"records" must be a mapping from id to record'
        problems += (problem("wrong-type", message, Place(path, key="records"), "write each id, a colon, and its record indented below"),)
    return [], problems


def _body_of(tree: Tree, key: str, marks: Callable[[], Marked]) -> _MarkdownText | None:
    """Return the Markdown text of a record in a YAML file. Only a block after `|` keeps the file's lines; others count from their start."""
    body = tree.get("body") if isinstance(tree, dict) else None
    if not isinstance(body, str) or not body.strip():
        return None
    marked = marks()
    node = marked.node(validate.join(key, "body"))
    assert node is not None  # the same text has just been read  # noqa: S101
    line, column, _ = marked.lines.span(node.start, node.end)
    if node.style != "|":
        # A text in double quotes may have line breaks where the file has none.
        return _MarkdownText(front_matter.normalise_newlines(body), place=lambda _line, _column: (line, column))
    index, first = next((i, text) for i, text in enumerate(body.split("\n")) if text)
    indent = len(marked.text.split("\n")[line + index]) - len(first)
    return _MarkdownText(body, place=lambda text_line, text_column: (line + text_line, text_column + indent))


def _record(kind: Kind, path: str, entry: _RawRecord, config: SiteConfig) -> Steps[_ParsedRecord]:
    """Validate a record and render its text."""
    yield
    tree = entry.tree
    problems: list[Diagnostic] = []
    if isinstance(tree, dict) and not front_matter.is_markdown(path) and "body" in tree:
        if isinstance(tree["body"], dict | list):
            place = Place(path, key=validate.join(entry.key, "body"))
            problems.append(problem("wrong-type", '"body" must be text', place, "write body: | and the text below it, indented"))
        tree = {name: value for name, value in tree.items() if name != "body"}
    header, found = validate.convert(tree, HEADERS[kind], path=path, key=entry.key)
    problems += (structs.replace(one, remedy=in_own_time(one.remedy, config.timezone)) for one in found)
    record_id = explicit_id(tree) or entry.id
    problems += check_id(path, entry.key, tree, record_id)
    if header is not None:
        problems += check_header(path, entry.key, header, config)
    in_doubt = header is None or has_errors(problems)
    if header is not None and not in_doubt:
        header = as_read(header)
    if header is None:
        rest = salvaged(kind, tree, path)
        if rest is None:
            return _ParsedRecord(tuple(problems))
        problems += check_salvaged(path, entry.key, rest, config)
        header = rest.header
    guards = quotations.NO_CONDITIONS
    versions: list[texts.Rendered] = []
    if entry.text is not None:
        text, doubts = _uncommented(path, entry.text)
        guards, more_doubts = _conditions(path, text, config)
        doubts += more_doubts
        problems += doubts
        in_doubt = in_doubt or bool(doubts)
        yield
        for shown in guards.combinations:
            version = guards.text(text.markdown, shown)
            versions.append((yield from _version_to_html(path, text, version, header, config)))
        problems += _found_in(versions, doubts)
    record = RECORDS[kind](
        id=record_id,
        path=path,
        header=header,  # type: ignore[arg-type]  # the kind decides both
        body=versions[0].body if versions else NO_BODY,
        key=entry.key,
        guards=guards.different,
        bodies=tuple(one.body for one in versions) if guards.different else (),
    )
    by_digest = {one.body.digest: one for one in versions if one.html}
    if in_doubt:
        return _ParsedRecord(tuple(problems), suspect=record, versions=by_digest)
    if isinstance(header, NoteHeader):
        problems += missing_headings(path, entry.key, header, record.body, config)
        problems += unquoted(path, entry.key, header.quotations, record.body)
    return _ParsedRecord(tuple(problems), record, versions=by_digest)


def _found_in(versions: Sequence[texts.Rendered], doubts: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the problems in the versions of a text: the first holds what everybody may see, the last holds all.

    Left out are problems on lines of which `doubts` tell already, and footnotes that only a hidden quotation refers to.
    """
    first, last = versions[0].diagnostics, versions[-1].diagnostics
    doubtful = {doubt.place.line for doubt in doubts}
    for found in dict.fromkeys((*first, *last)):
        if found.code == "markup-as-text" and found.place.line in doubtful:
            continue
        if found.code == "text-not-shown" and found not in last:
            continue
        yield found if found in first else structs.replace(found, confidential=True)


def _uncommented(path: str, text: _MarkdownText) -> tuple[_MarkdownText, list[Diagnostic]]:
    """Remove the comments from a text; return it with the problems of comments, at their places in the file."""
    found, problems = without_comments(text.markdown, path)
    first, outer = text.first_line, text.place

    def placed(line: int, column: int) -> tuple[int, int]:
        return outer(line, column) if outer else (first - 1 + line, column)

    told = [_placed(one, _MarkdownText("", place=placed)) for one in problems]
    return (_MarkdownText(found.text, place=lambda line, column: placed(*found.place(line, column))) if found.cuts else text), told


def _conditions(path: str, text: _MarkdownText, config: SiteConfig) -> tuple[quotations.Conditions, list[Diagnostic]]:
    """Return the conditions under which quotations of a text may be shown, with the problems of unreadable ones."""
    found, problems = quotations.conditions(text.markdown, path=path, first_line=text.first_line, raw_html=config.raw_html)
    return (quotations.NO_CONDITIONS if problems else found), [_placed(one, text) for one in problems]


def _version_to_html(path: str, text: _MarkdownText, version: str, header: RecordHeader, config: SiteConfig) -> Steps[texts.Rendered]:
    """Convert one `version` of a text; all versions have the same lines."""
    citations = tuple(citation.id for citation in header.sources) if isinstance(header, NoteHeader) else ()
    quoted = quoted_in_text(header.quotations) if isinstance(header, NoteHeader) and header.quotations else texts.NOTHING_QUOTED
    rendered = yield from texts.to_html(
        version, path=path, first_line=text.first_line, raw_html=config.raw_html, citations=citations, quoted=quoted
    )
    if text.place is None:
        return rendered
    references = []
    for reference in rendered.body.references:
        line, column = text.place(reference.line, reference.column)
        references.append(structs.replace(reference, line=line, column=column))
    said = tuple(structs.replace(one, line=text.place(one.line - text.first_line, 0)[0]) for one in rendered.body.quotations)
    body = structs.replace(rendered.body, references=tuple(references), quotations=said) if references or said else rendered.body
    return structs.replace(rendered, body=body, diagnostics=tuple(_placed(one, text) for one in rendered.diagnostics))


def _placed(diagnostic: Diagnostic, text: _MarkdownText) -> Diagnostic:
    """Return a problem of a text with line and column of the file."""
    if text.place is None:
        return diagnostic
    line, column = text.place(diagnostic.place.line, diagnostic.place.column)
    return structs.replace(diagnostic, place=structs.replace(diagnostic.place, line=line, column=column), excerpt="")


def _ids_in_ruins(kind: Kind, data: bytes, own_id: str) -> list[str]:
    """Return the ids that an unreadable file seems to hold, so that links to its records are not reported as broken."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    _, found, records = ("\n" + text).partition("\nrecords:")
    names = _RECORD_KEY.findall(records) if found and kind in BY_ID else []
    outermost = [name.rstrip() for indent, name in names if indent == names[0][0]]
    # Only the header is searched: a line of the text may look like an id.
    given = _OWN_ID.search(text.partition("\n---")[0])
    return [unicodedata.normalize("NFC", name) for name in outermost or [given[1] if given else own_id]]


def _read(path: str, data: bytes, type_: type[T]) -> tuple[T | None, tuple[Diagnostic, ...]]:
    """Read a YAML file into `type_`; the problems give keys as places."""
    text, problems = front_matter.decode(path, data)
    if text is None:
        return None, problems
    tree, found = loader.load(text, path=path, limit=loader.MAX_FILE)
    problems += found
    if tree is None:
        return None, problems
    if cut_text.may_be_cut(text):
        problems += tuple(cut_text.cut_texts(mark_positions(text), type_, path))
    if may_hold_markup(text):
        problems += tuple(markup_in_plain_texts(path, tree))
    value, found = validate.convert(tree, type_, path=path)
    return (None if has_errors(problems) else value), problems + found
