"""Where the links of a text lead: by id, by path to another content file, or by address from the site's root."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, unquote

from msgspec import Struct

from briefings.content.bodies import NO_BODY, Body, Reference
from briefings.content.markdown.links import meant_by_path
from briefings.content.parse import id_of_stem
from briefings.content.records import AnyRecord, Kind
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import did_you_mean, is_left_out, listing
from briefings.core.urls import alias_path, encode
from briefings.site.candidates import Candidates
from briefings.site.gather import Key, Records
from briefings.site.linked import Attachment, Target
from briefings.site.visibility import highest

PAGE_FOLDERS: dict[Kind, str] = {"note": "notes/", "actor": "actors/", "topic": "topics/", "source": "sources/", "page": ""}
"""Where the pages of each kind stand, from the site's root."""

SECTIONS = frozenset({"", "notes/", "topics/", "actors/", "sources/"})
"""Addresses of pages that exist without a record."""

_ENDINGS = frozenset({".md", ".markdown", ".yaml", ".yml", ".html", ".htm"})
"""Endings that other programs put behind the name of a page."""

_FEW = 8
"""How many headings a remedy lists."""


class Fault(Struct, frozen=True):
    """What is wrong with a reference. Where it stands is found out only for those that are wrong, which are few."""

    code: str
    message: str
    remedy: str

    def at(self, place: Place) -> Diagnostic:
        """The problem, with its place."""
        return problem(self.code, self.message, place, self.remedy)


Outcome = Target | Fault | None
"""A target; what is wrong; or None for what may not be shown, and then the label stands as plain text."""


class Resolved(Struct, frozen=True):
    """What became of one text's references."""

    targets: tuple[Target | None, ...]
    copies: tuple[tuple[str, str], ...]
    """Address and content file of each attachment that this text uses."""
    diagnostics: tuple[Diagnostic, ...]


def address(kind: Kind, identifier: str) -> str:
    """The address of a record's page from the site's root, escaped."""
    return f"{PAGE_FOLDERS[kind]}{encode(identifier)}/"


def path_of(record: AnyRecord, target: str) -> str:
    """The path of the file that a link or image of `record` leads to, in NFC, unless `target` is an address from the site's root."""
    return unicodedata.normalize("NFC", posixpath.normpath(posixpath.join(posixpath.dirname(record.path), unquote(target))))


def keys_at(target: str, by_alias: Mapping[str, Key]) -> Iterator[Key]:
    """The records, whether they exist or not, that may have their page, or had it, at an unescaped address from the site's root."""
    path = unicodedata.normalize("NFC", target).strip("/") + "/"
    for kind, folder in PAGE_FOLDERS.items():
        if path.startswith(folder):
            yield kind, path.removeprefix(folder).rstrip("/")
    former = alias_path("/" + quote(target.lstrip("/"))) if by_alias else None
    if former is not None and former in by_alias:
        yield by_alias[former]


def resolve(
    record: AnyRecord,
    records: Records,
    attachments: Mapping[str, Attachment],
    candidates: Candidates,
    figure: Callable[[str, AnyRecord], Outcome],
) -> Resolved:
    """Find the target of each reference in `record`'s text; `figure` gives what becomes of a measure that a text quotes."""
    targets: list[Target | None] = []
    copies: list[tuple[str, str]] = []
    diagnostics: list[Diagnostic] = []
    for reference in record.body.references:
        outcome: Outcome
        match reference.kind:
            case "path" | "image":
                outcome = _file(reference, record, records, attachments, candidates, copies)
            case "figure":
                outcome = figure(reference.target, record)
            case "event":
                outcome = _event(reference.target, record, records, candidates)
            case kind:
                outcome = _page(kind, reference.target, reference.fragment, records, candidates)
        if isinstance(outcome, Fault):
            diagnostics.append(outcome.at(_place(reference, record)))
            outcome = None
        targets.append(outcome)
    return Resolved(tuple(targets), tuple(copies), tuple(diagnostics))


def resolve_address(to: str, records: Records, attachments: Mapping[str, Attachment], candidates: Candidates) -> Outcome:
    """The target of an address in the configuration: `page:about`, or a path from the site's root."""
    path, _, fragment = to.partition("#")
    scheme, _, identifier = path.partition(":")
    for kind in PAGE_FOLDERS:
        if kind == scheme:
            return _page(kind, identifier, fragment, records, candidates)
    return _from_root(path, fragment, records, attachments, candidates)


def _page(kind: Kind, identifier: str, fragment: str, records: Records, candidates: Candidates) -> Outcome:
    known = records.of(kind)
    if identifier in known:
        found = known[identifier]
        note = identifier if kind == "note" else ""
        marking = found.header.marking if found is not None else "TLP:CLEAR"
        if not fragment:
            return Target(address(kind, identifier), note=note, marking=marking)
        body = found.body if found is not None else NO_BODY
        anchor = body.anchor(fragment)
        if anchor:
            return Target(f"{address(kind, identifier)}#{encode(anchor)}", note=note, marking=marking)
        remedy = "add the heading there, or link to the page without the part after #"
        return _no_anchor(f'the {kind} "{identifier}"', fragment, body, remedy)
    if (kind, identifier) in records.withheld:
        return None
    code = "broken-link" if kind == "page" else f"unknown-{kind}"
    return Fault(code, f'there is no {kind} "{identifier}"', candidates.of(kind).remedy(identifier))


def _event(identifier: str, record: AnyRecord, records: Records, candidates: Candidates) -> Outcome:
    """The target of an event at which something was said: the newest note that tells of it; no address on that note's own page."""
    if identifier in records.events.newest:
        note, event = records.events.newest[identifier]
        marking = highest((note.header.marking, event.marking))
        is_here = record.kind == "note" and record.id == note.id
        return Target("" if is_here else address("note", note.id), marking=marking, words=event.title)
    return Fault(*records.events.advice(identifier, candidates.events)) if records.events.unknown(identifier) else None


def _file(
    reference: Reference,
    record: AnyRecord,
    records: Records,
    attachments: Mapping[str, Attachment],
    candidates: Candidates,
    copies: list[tuple[str, str]],
) -> Outcome:
    """The target of a path: a place in this text, an attachment (then noted in `copies`), or the page of a content file."""
    fragment = f"#{encode(reference.fragment)}" if reference.fragment else ""
    if not reference.target:
        anchor = record.body.anchor(reference.fragment)
        if anchor or not fragment:
            return Target(f"#{encode(anchor)}")
        return _no_anchor("this text", reference.fragment, record.body, "add the heading, or correct the part after #")
    target = unquote(reference.target)
    if target.startswith("/"):
        return _from_root(target, reference.fragment, records, attachments, candidates)
    path = path_of(record, reference.target)
    attachment = attachments.get(path)
    if attachment is not None:
        published = path.removeprefix("content/")
        if not published.startswith("assets/"):
            # A file beside the note is published beside its page, and only if a visible note uses it.
            published = f"{PAGE_FOLDERS[record.kind]}{record.id}/{posixpath.basename(path)}"
        copies.append((published, attachment.file))
        return Target(encode(published) + fragment, attachment.width, attachment.height)
    if reference.kind == "path" and path in records.by_path:
        return _page(*records.by_path[path], reference.fragment, records, candidates)
    if dropped := _left_out(path):
        return Fault("broken-link", f'there is no file "{path}"', dropped)
    folder = posixpath.dirname(path)
    otherwise = "put the file there, or correct the path; it is read from this file's own folder"
    remedy = meant_by_path(target) or (_by_id(path, reference.fragment, records) if reference.kind == "path" else "")
    remedy = remedy or did_you_mean(posixpath.basename(path), candidates.beside(folder), otherwise)
    return Fault("broken-link", f'there is no file "{path}"', remedy)


def _by_id(path: str, fragment: str, records: Records) -> str:
    """How to link by id to the record that a path to no file names by its address or another ending; empty when there is none."""
    *folders, name = path.removesuffix("/index.html").split("/")
    stem, ending = posixpath.splitext(name)
    stem = stem if ending.lower() in _ENDINGS else name
    found = [kind for kind in PAGE_FOLDERS if id_of_stem(kind, stem) in records.of(kind)]
    # Where the path names a folder of records, it means one of these.
    found = [kind for kind in found if PAGE_FOLDERS[kind].strip("/") in folders] or found
    part = f"#{fragment}" if fragment else ""
    links = [f"{kind}:{id_of_stem(kind, stem)}{part}" for kind in found]
    return f"write {' or '.join(links)}{', whichever is meant' * (len(links) > 1)}" if links else ""


def _from_root(target: str, fragment: str, records: Records, attachments: Mapping[str, Attachment], candidates: Candidates) -> Outcome:
    path = unicodedata.normalize("NFC", target).lstrip("/")
    attachment = attachments.get(f"content/{path}") if path.startswith("assets/") else None
    if attachment is not None:
        return Target(encode(path), attachment.width, attachment.height)
    page = path if path.endswith("/") or not path else path + "/"
    if page in SECTIONS and not fragment:
        return Target(page)
    keys = list(keys_at(path, records.by_alias))
    # What is withheld may have the address of what is shown, and must not come between.
    for kind, identifier in keys:
        if identifier in records.of(kind):
            return _page(kind, identifier, fragment, records, candidates)
    if not records.withheld.isdisjoint(keys):
        return None
    if dropped := _left_out(path):
        return Fault("broken-link", f'this site has no page or asset at "/{path}"', dropped)
    otherwise = "link by id, as in note:un-offer, or correct the address; it is read from the site's root"
    remedy = did_you_mean(f"/{path}", candidates.addresses(PAGE_FOLDERS, SECTIONS), otherwise)
    return Fault("broken-link", f'this site has no page or asset at "/{path}"', remedy)


def _left_out(path: str) -> str:
    """What to do where no site has a file of this name, because programs give such names to what they drop; empty for any other path."""
    name = next((part for part in path.split("/") if part not in (".", "..") and is_left_out(part)), "")
    if not name:
        return ""
    why = "hidden" if name.startswith(".") else "copies, locks and half-saved files of other programs"
    return f'files and folders with names like "{name}" are left out of a site, because they are {why}: give it another name, here as well'


def _no_anchor(where: str, fragment: str, body: Body, otherwise: str) -> Fault:
    headings = [f"#{heading.id}" for heading in body.outline]
    few = f"; there is {listing(headings)}" if 0 < len(headings) <= _FEW else ""
    remedy = did_you_mean(fragment, body.anchors, otherwise + few)
    return Fault("broken-anchor", f'{where} has no heading or footnote "#{fragment}"', remedy)


def _place(reference: Reference, record: AnyRecord) -> Place:
    written = reference.target if reference.kind in ("path", "image") else f"{reference.kind}:{reference.target}"
    width = len(written) + (len(reference.fragment) + 1 if reference.fragment else 0)
    return Place(record.path, reference.line, reference.column, max(width, 1))
