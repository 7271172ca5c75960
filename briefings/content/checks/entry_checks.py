"""Checks of the entries and old addresses of a record beyond their types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from briefings.content.checks.id_checks import check_ids
from briefings.content.checks.quotation_checks import check_inline
from briefings.content.entries import Correction
from briefings.content.headers import NoteHeader, TopicHeader
from briefings.content.schema.validate import join
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import did_you_mean
from briefings.core.urls import alias_path


def check_note_entries(path: str, key: str, header: NoteHeader) -> Iterator[Diagnostic]:
    """Yield the problems in the ids, sources and corrections of a note's entries."""
    yield from check_ids(path, join(key, "events"), [event.id for event in header.events], "events of this note")
    cited = [citation.id for citation in header.sources]
    uses = [(f"figures[{i}].source", figure.source) for i, figure in enumerate(header.figures)]
    uses += [(f"events[{i}].source", event.source) for i, event in enumerate(header.events)]
    uses += [(f"quotations[{i}].source", quotation.source) for i, quotation in enumerate(header.quotations)]
    for name, identifier in uses:
        if identifier and identifier not in cited:
            remedy = did_you_mean(identifier, cited, "list it under sources in this header")
            message = f'no source of this note has the id "{identifier}"'
            yield problem("unknown-citation", message, Place(path, key=join(key, name)), remedy)
    if header.quotations:
        named = [(i, quotation.id) for i, quotation in enumerate(header.quotations) if quotation.id]
        yield from check_ids(path, join(key, "quotations"), [one for _, one in named], "quotations of this note", [i for i, _ in named])
        yield from check_inline(path, key, header.quotations)
    if header.positions:
        yield from _check_basis(path, key, header)
        yield from _check_stances(path, key, header)
    for index, correction in enumerate(header.corrections):
        yield from _check_correction(correction, Place(path, key=f"{join(key, 'corrections')}[{index}]"))


def check_topic_entries(path: str, key: str, header: TopicHeader) -> Iterator[Diagnostic]:
    """Yield the problems in the ids of a topic's propositions and measures."""
    yield from check_ids(path, join(key, "propositions"), [one.id for one in header.propositions], "propositions of this topic")
    yield from check_ids(path, join(key, "measures"), [one.id for one in header.measures], "measures of this topic")


def check_aliases(path: str, key: str, aliases: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield a problem for each old address that cannot be a path of the site, or is listed twice."""
    seen: set[str] = set()
    for index, alias in enumerate(aliases):
        place = Place(path, key=f"{join(key, 'aliases')}[{index}]")
        address = alias_path(alias)
        if address is None:
            parts = urlsplit(alias) if "://" in alias and "[" not in alias else None
            better = parts.path if parts else f"/{alias}"
            remedy = f"write {better}" if alias_path(better) else "write a path from the site's root, as in /world/981464/"
            yield problem("bad-alias", f'"{alias}" is no address of this site', place, remedy)
        elif address in seen:
            yield problem("bad-alias", f'"{alias}" is listed twice', place, "delete one of them")
        else:
            seen.add(address)


def _check_basis(path: str, key: str, header: NoteHeader) -> Iterator[Diagnostic]:
    """Yield an error for each position that rests on neither a source nor a quotation of the note, or on an id that both have."""
    cited = [citation.id for citation in header.sources]
    quoted = [quotation.id for quotation in header.quotations if quotation.id]
    for index, position in enumerate(header.positions):
        place = Place(path, key=f"{join(key, 'positions')}[{index}].basis")
        if not position.basis:
            continue
        if position.basis in cited and position.basis in quoted:
            message = f'a source and a quotation of this note both have the id "{position.basis}"'
            yield problem("duplicate-id", message, place, "give the quotation another id, and write here the one that is meant")
        elif position.basis not in cited and position.basis not in quoted:
            remedy = did_you_mean(
                position.basis, [*cited, *quoted], "list it under sources in this header, or give a quotation here this id"
            )
            message = f'no source or quotation of this note has the id "{position.basis}"'
            yield problem("unknown-basis", message, place, remedy)


def _check_stances(path: str, key: str, header: NoteHeader) -> Iterator[Diagnostic]:
    """Yield a warning for each position with another stance than an earlier one that is of the same day and rests on the same."""
    stances: dict[tuple[str, str, str, str], tuple[int, str]] = {}
    for index, position in enumerate(header.positions):
        date = position.date.text if position.date else ""
        first, stance = stances.setdefault((position.actor, position.proposition, date, position.basis), (index, position.stance))
        if stance != position.stance:
            message = (
                f'"{position.actor}" is {position.stance} "{position.proposition}" here, and {stance} in positions[{first}] of this note'
            )
            remedy = "correct one of the two, or give each its own date or basis"
            yield problem("two-stances", message, Place(path, key=f"{join(key, 'positions')}[{index}].stance"), remedy)


def _check_correction(correction: Correction, place: Place) -> Iterator[Diagnostic]:
    if not (correction.note.strip() or (correction.wrong.strip() and correction.right.strip())):
        message = "this correction does not say what was wrong and what is right"
        yield problem("missing-key", message, place, "add wrong and right, or a note that says both in a sentence")
