"""The list of checks that `briefings check` runs besides those of a build."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from briefings.content.folder import unreadable_image
from briefings.content.records import Note
from briefings.content.schema.validate import join
from briefings.core.diagnostics import Diagnostic, Place, problem
from briefings.core.text import listing
from briefings.core.urls import ascii_host, has_device_name, is_example_host
from briefings.deploy.addresses import repository
from briefings.deploy.limits import excesses
from briefings.deploy.placement import mismatches
from briefings.desk.gathered import Gathered
from briefings.desk.image_metadata import revealing_metadata
from briefings.desk.name_checks import ambiguous_names, weak_names
from briefings.desk.near_quotations import near_quotations
from briefings.engine.scan import CONFIG
from briefings.site.visibility import Readers, deciding_parts
from briefings.site.withheld_references import withheld_references

_SOON = dt.timedelta(days=31)
"""How far ahead of the build a note or figure may be dated without a warning."""


class Check(Struct, frozen=True):
    """One question that `briefings check` asks of a site."""

    find: Callable[[Gathered], Iterable[Diagnostic]]
    """Finds the problems, by looking at nothing but the gathered content; its name says what it finds."""
    public: bool = False
    """Whether a public log may print its findings, except those in withheld files."""


def unreadable_images(site: Gathered) -> Iterator[Diagnostic]:
    """Find files that have the suffix of an image and no readable size."""
    return (broken for file in site.attachments if (broken := unreadable_image(file.path, file.width, file.height)) is not None)


def image_metadata(site: Gathered) -> Iterator[Diagnostic]:
    """Find published pictures and documents whose metadata tell who made them, where and with what."""
    strips = site.config.images.metadata == "strip"
    copies = sorted({path for path in site.shown.site.copies.values() if path.startswith("content/")})
    return (found for path in copies if (found := revealing_metadata(site.folder, path, strips=strips)) is not None)


def unused_files(site: Gathered) -> Iterator[Diagnostic]:
    """Find attachments that no text links to: they are not published, and one may be a note with a wrong suffix."""
    used = set(site.whole.site.copies.values())
    for file in site.attachments:
        if file.file not in used and not file.path.startswith("content/assets/"):
            remedy = "lead to it from a text; give it a name that ends in .md if it is a note; or delete it"
            yield problem("unused-file", "no text leads to this file, so it is not published", file.file, remedy)


def unportable_names(site: Gathered) -> Iterator[Diagnostic]:
    """Find files and page folders with names that Windows reserves for devices: there the site can be neither checked out nor built."""
    remedy = "give it another name, also in what leads to it: on Windows nobody can check out or build the site"
    for path in site.seen.files:
        if path.startswith("content/") and (name := next(filter(has_device_name, path.split("/")), None)):
            yield problem("unportable-name", f'Windows gives no file or folder the name "{name}"', path, remedy)
    for record in site.records:
        if has_device_name(record.id) and not has_device_name(record.path.rpartition("/")[2]):
            message = f'the folder of its page would be "{record.id}", a name that Windows gives no folder'
            yield problem(
                "unportable-name", message, Place(record.path, key=join(record.key, "id")), "choose another id, also in what refers to it"
            )


def copies_of_withheld(site: Gathered) -> Iterable[Diagnostic]:
    """Find visible notes that have the text of a withheld one."""
    return site.alike


def references_to_withheld(site: Gathered) -> Iterator[Diagnostic]:
    """Find links and ids by which visible records refer to withheld ones."""
    return withheld_references(site.parsed, site.config, site.readers)


def early_withdrawals(site: Gathered) -> Iterator[Diagnostic]:
    """Find records that are withdrawn with a date still to come: a withdrawal takes effect at once, whatever its date."""
    for record in site.records:
        withdrawal = record.header.withdrawn
        if withdrawal is not None and withdrawal.date.start(site.readers.zone) > site.readers.now:
            message = f'the {record.kind} "{record.id}" is withdrawn at once, though its date, {withdrawal.date.text}, is still to come'
            remedy = "correct the date, or leave withdrawn out until then; what is to lapse at a known time has expires"
            yield problem("early-withdrawal", message, Place(record.path, key=join(record.key, "withdrawn.date")), remedy)


def dates_far_ahead(site: Gathered) -> Iterator[Diagnostic]:
    """Find visible notes and figures dated far ahead, which stand above all others until then: most likely the year is mistyped."""
    latest = site.readers.now + _SOON
    for record in site.records:
        if not isinstance(record, Note) or not site.readers.may_see(record.header):
            continue
        date, zone = record.header.date, site.readers.zone
        if date.start(zone) > latest:
            message = f"this note is shown now and dated {date.text}: until then it stands above all others"
            place = Place(record.path, key=join(record.key, "date"))
            wait = date.text if date.has_time else date.day(zone).isoformat()
            yield problem("odd-dates", message, place, f"correct the date, or let the note wait for it: add embargo: {wait}")
        for i, figure in enumerate(record.header.figures):
            if figure.as_of.start(zone) > latest and site.readers.may_see(figure):
                message = f"this figure is shown now and dated {figure.as_of.text}: until then it passes for the latest"
                place = Place(record.path, key=join(record.key, f"figures[{i}].as_of"))
                yield problem("odd-dates", message, place, "write the day on which the value was known; what was counted stands in period")


def positions_without_basis(site: Gathered) -> Iterator[Diagnostic]:
    """Find positions for which a note names no source: readers cannot see on whose word they stand there."""
    for record in site.records:
        for i, position in enumerate(record.header.positions if isinstance(record, Note) else ()):
            if not position.basis:
                message = f'no source shows the position of "{position.actor}" on "{position.proposition}"'
                place = Place(record.path, key=join(record.key, f"positions[{i}]"))
                yield problem("position-without-basis", message, place, "add basis with the id of a source or a quotation of this note")


def misquotations(site: Gathered) -> Iterator[Diagnostic]:
    """Find quotations of one speaker that are nearly the same, word for word."""
    return near_quotations(site.records)


def overdue_judgements(site: Gathered) -> Iterator[Diagnostic]:
    """Find judgements whose time is over, and of which nothing says what became of them."""
    for record in site.records:
        judgements = record.header.judgements if isinstance(record, Note) and record.header.withdrawn is None else ()
        for i, one in enumerate(judgements):
            if one.resolve_by and one.outcome is None and one.resolve_by.end(site.readers.zone) <= site.readers.now:
                message = f'the time of the judgement "{one.id}" was over on {one.resolve_by.text}'
                remedy = "add outcome with its date and happened: true or false, or give it a later resolve_by"
                place = Place(record.path, key=join(record.key, f"judgements[{i}].resolve_by"))
                yield problem("judgement-overdue", message, place, remedy)


def unarchived_links(site: Gathered) -> Iterator[Diagnostic]:
    """Find links of sources without an archived copy, each note told once: what they lead to may be gone one day."""
    for record in site.records:
        cited = record.header.sources if isinstance(record, Note) and record.header.withdrawn is None else ()
        lacking = [(i, one.id) for i, one in enumerate(cited) if one.url and not one.archived]
        if lacking:
            names = listing(f'"{identifier}"' for _, identifier in lacking)
            message = f"no archived copy is named for the link{'s' * (len(lacking) > 1)} of {names}"
            remedy = "save the page in a web archive and add archived with the copy's address, or turn this off under severities"
            yield problem("unarchived-link", message, Place(record.path, key=join(record.key, f"sources[{lacking[0][0]}].url")), remedy)


def public_repository(site: Gathered) -> Iterator[Diagnostic]:
    """Find content above TLP:CLEAR in a repository that looks public."""
    if not site.remote:
        return
    everybody = Readers("TLP:CLEAR", site.readers.now, site.readers.zone, drafts=True)
    marked = sorted({record.path for record in site.records if not all(map(everybody.may_see, deciding_parts(record)))})
    if marked:
        more = f" and {len(marked) - 1} more files" if len(marked) > 1 else ""
        message = f"this file{more} have a marking above TLP:CLEAR" if more else "this file has a marking above TLP:CLEAR"
        remedy = (
            "whoever reads the repository reads them, whatever a build leaves out: make sure that it is private, or keep them elsewhere"
        )
        yield problem("public-repository", f"{message}, and the repository's remote looks public: {site.remote}", Place(marked[0]), remedy)


def address_mismatches(site: Gathered) -> Iterable[Diagnostic]:
    """Find a `url` in site.yaml that differs from where the repository's site is published."""
    return mismatches(site.folder, site.config)


def example_addresses(site: Gathered) -> Iterator[Diagnostic]:
    """Find a `url` that is reserved for examples, on a site about to be published."""
    host = ascii_host(site.config.url)
    if not is_example_host(host) or not site.hosting.is_begun:
        return
    pages = next((found.address for remote in site.hosting.remotes if (found := repository(remote))), "")
    remedy = f"write url: {pages}, or a domain of your own" if pages else "write as url the address at which readers will find the site"
    message = f"{host} is a name for examples, and readers never get there: feeds, the sitemap and links from elsewhere would lead nowhere"
    yield problem("address-mismatch", message, Place(CONFIG, key="url"), remedy)


def too_large(site: Gathered) -> Iterator[Diagnostic]:
    """Find published attachments and assets that are larger than GitHub allows, singly or together."""
    if not site.hosting.is_on_github:
        return
    sizes = {path: site.seen.files[path][0] for path in site.shown.site.copies.values() if path in site.seen.files}
    for excess in excesses(sizes):
        name = "this file" if excess.path else "what is published as it is, pages apart,"
        yield problem("too-large", f"{name} {excess.message}", excess.path or CONFIG, excess.remedy)


CHECKS: tuple[Check, ...] = (
    Check(unreadable_images, public=True),
    Check(copies_of_withheld, public=True),
    Check(address_mismatches, public=True),
    Check(example_addresses, public=True),
    Check(too_large, public=True),
    Check(image_metadata),
    Check(references_to_withheld),
    Check(unused_files),
    Check(unportable_names),
    Check(early_withdrawals),
    Check(dates_far_ahead),
    Check(positions_without_basis),
    Check(ambiguous_names),
    Check(weak_names),
    Check(misquotations),
    Check(overdue_judgements),
    Check(unarchived_links),
    Check(public_repository),
)
"""All checks. Reports sort findings by file and line, so the order here does not matter."""
