"""Checks of a record's header and of the site's settings beyond their types."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from msgspec import structs

from briefings.content.bodies import Body
from briefings.content.checks.date_checks import check_dates
from briefings.content.checks.entry_checks import check_aliases, check_note_entries, check_topic_entries
from briefings.content.checks.id_checks import bad_id
from briefings.content.checks.judgement_checks import check_judgements
from briefings.content.checks.web_addresses import address_fault, misprint
from briefings.content.headers import ActorHeader, Citation, NoteHeader, Office, RecordHeader, SourceHeader, TopicHeader
from briefings.content.schema import dates
from briefings.content.schema.validate import join
from briefings.core.config import NOWHERE, SiteConfig
from briefings.core.diagnostics import CODES, Diagnostic, Place, problem
from briefings.core.text import did_you_mean, is_id, listing
from briefings.core.urls import as_ascii, ascii_host, is_web


def check_header(path: str, key: str, header: RecordHeader, config: SiteConfig) -> Iterator[Diagnostic]:
    """Yield the problems in the kind, citations, entries, dates, terms of office and addresses of a header."""
    yield from check_dates(path, key, header, config.timezone)
    if header.aliases:
        yield from check_aliases(path, key, header.aliases)
    if isinstance(header, NoteHeader):
        if header.kind not in config.kinds:
            remedy = did_you_mean(header.kind, config.kinds, f"site.yaml declares {listing(config.kinds)}")
            yield problem("unknown-kind", f'there is no kind of note "{header.kind}"', Place(path, key=join(key, "kind")), remedy)
        yield from _check_citations(path, join(key, "sources"), header.sources, config.url)
        if header.events or header.quotations or header.positions or header.figures or header.corrections:
            yield from check_note_entries(path, key, header)
        if header.judgements:
            yield from check_judgements(path, key, header.judgements, config.likelihood)
    elif isinstance(header, ActorHeader):
        yield from _check_offices(path, join(key, "offices"), header.offices)
    elif isinstance(header, TopicHeader):
        yield from check_topic_entries(path, key, header)
    elif isinstance(header, SourceHeader):
        yield from _check_url(header.url, Place(path, key=join(key, "url")), config.url)
        yield from _check_grade(path, key, header)


def as_read(header: RecordHeader) -> RecordHeader:
    """Return `header` with its web addresses in ASCII, so that every page and feed writes them alike."""
    if isinstance(header, SourceHeader) and not header.url.isascii():
        return structs.replace(header, url=as_ascii(header.url))
    if isinstance(header, NoteHeader) and not all(one.url.isascii() and one.archived.isascii() for one in header.sources):
        sources = (structs.replace(one, url=as_ascii(one.url), archived=as_ascii(one.archived)) for one in header.sources)
        return structs.replace(header, sources=tuple(sources))
    return header


def config_as_read(config: SiteConfig) -> SiteConfig:
    """Return `config` with its web addresses in ASCII; without a valid address of the site, it gets NOWHERE."""
    navigation = tuple(structs.replace(one, to=as_ascii(one.to)) if is_web(one.to) else one for one in config.navigation)
    return structs.replace(config, url=as_ascii(config.url) or NOWHERE, navigation=navigation)


def missing_headings(path: str, key: str, header: NoteHeader, body: Body, config: SiteConfig) -> Iterator[Diagnostic]:
    """Yield one problem that lists the headings which the note's kind requires and its text lacks; case and spacing do not count."""
    required = config.kinds[header.kind].headings
    if not required:
        return
    present = {_plain(heading.text) for heading in body.outline}
    missing = [heading for heading in required if _plain(heading) not in present]
    if missing:
        several = "s" * (len(missing) > 1)
        quoted = listing(f'"{heading}"' for heading in missing)
        message = f"a note of kind {header.kind} needs the heading{several} {quoted}"
        remedy = f"add {'these lines' if several else 'a line'}: {listing(f'## {heading}' for heading in missing)}"
        yield problem("missing-heading", message, Place(path, key=join(key, "kind")), remedy)


def check_config(path: str, config: SiteConfig) -> Iterator[Diagnostic]:
    """Yield the problems in the site's address, time zone, kinds and severities."""
    yield from _check_url(config.url, Place(path, key="url"))
    if is_web(config.url):
        yield from _check_site_url(config.url, Place(path, key="url"))
    try:
        dates.zone(config.timezone)
    except dates.UnknownZoneError:
        names = resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split()
        cities = {name.rpartition("/")[2]: name for name in reversed(names)}
        near = did_you_mean(config.timezone, names) or did_you_mean(config.timezone, cities)
        remedy = near or "write a name such as Europe/Zurich"
        yield problem("unknown-timezone", f'there is no time zone "{config.timezone}"', Place(path, key="timezone"), remedy)
    yield from _check_severities(path, config)
    for name in config.kinds:
        if not is_id(name):
            yield bad_id(name, Place(path, key=f"kinds.{name}"))


def _check_severities(path: str, config: SiteConfig) -> Iterator[Diagnostic]:
    for code, level in config.severities.items():
        place = Place(path, key=f"severities.{code}")
        if code not in CODES:
            remedy = did_you_mean(code, CODES, "write the code that the report shows, such as image-without-text")
            yield problem("bad-severity", f'there is no code "{code}"', place, remedy)
        elif CODES[code].severity == "error" and level != "error":
            message = f"{code} is an error, and stays one: it keeps something wrong from being published"
            yield problem("bad-severity", message, place, f"delete the line {code}, and put right what is reported")


def missing_from_config(path: str, config: SiteConfig) -> Iterator[Diagnostic]:
    """Yield a warning when the site has no address, but publishes feeds or a sitemap, which need one."""
    if config.url == NOWHERE and (config.outputs.feeds != "none" or config.outputs.sitemap):
        message = f"without the site's address, its feeds and sitemap lead to {NOWHERE}, where readers find nothing"
        remedy = "write the address at which the site will stand, such as url: https://desk.example.org/"
        yield problem("missing-url", message, path, remedy)


def _check_citations(path: str, key: str, citations: tuple[Citation, ...], site: str) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for index, citation in enumerate(citations):
        here = f"{key}[{index}]"
        if not is_id(citation.id):
            yield bad_id(citation.id, Place(path, key=f"{here}.id"))
        elif citation.id in seen:
            message = f'two sources of this note have the id "{citation.id}"'
            yield problem("duplicate-id", message, Place(path, key=f"{here}.id"), "give each its own id, and cite it by that")
        seen.add(citation.id)
        yield from _check_url(citation.url, Place(path, key=f"{here}.url"), site)
        yield from _check_url(citation.archived, Place(path, key=f"{here}.archived"), site)
    if any(citation.origin for citation in citations):
        yield from _check_origins(path, key, citations)


def _check_origins(path: str, key: str, citations: tuple[Citation, ...]) -> Iterator[Diagnostic]:
    """Yield a problem for each ring of sources of a note that name one another as origin, at the one whose id is first in the alphabet."""
    origins = {citation.id: citation.origin for citation in citations}
    for index, citation in enumerate(citations):
        ring = [citation.id]
        while (above := origins.get(ring[-1], "")) in origins and above not in ring:
            ring.append(above)
        if above == citation.id == min(ring):
            message = f"these sources copy one another: {' → '.join((*ring, above))}" if ring[1:] else "a source cannot be a copy of itself"
            yield problem("origin-cycle", message, Place(path, key=f"{key}[{index}].origin"), "name as origin what was there first")


def _check_grade(path: str, key: str, header: SourceHeader) -> Iterator[Diagnostic]:
    """Yield a problem when a source has a reason or a day for a grade that it does not have."""
    name = "rationale" if header.rationale else "rated"
    if not header.reliability and (header.rationale or header.rated):
        remedy = "add reliability, from A (completely reliable) to F (cannot be judged)"
        yield problem("missing-key", f"this source has {name}, and no grade that it belongs to", Place(path, key=join(key, name)), remedy)


def _check_offices(path: str, key: str, offices: tuple[Office, ...]) -> Iterator[Diagnostic]:
    for index, office in enumerate(offices):
        if office.from_ and office.until and office.until.last < office.from_.first:
            message = f"this office ends ({office.until.text}) before it begins ({office.from_.text})"
            yield problem("bad-date", message, Place(path, key=f"{key}[{index}].until"), "correct one of the two dates, or exchange them")


def _check_site_url(url: str, place: Place) -> Iterator[Diagnostic]:
    bare = url.partition("?")[0].partition("#")[0]
    if bare != url:
        yield problem("bad-url", "the address of a site has no ? and no #", place, f"write {bare}")
    before, at, host = bare.partition("//")[2].partition("/")[0].rpartition("@")
    if at:
        message = "the address of a site has neither a user name nor a password: readers would see them on every page"
        yield problem("bad-url", message, place, f"write {bare.replace(f'{before}@{host}', host, 1)}")
    elif not ascii_host(url):
        message = f'it is not certain which domain "{host}" is'
        yield problem("bad-url", message, place, "write it as it was registered, with xn-- in the place of other letters")


def _check_url(url: str, place: Place, site: str = NOWHERE) -> Iterator[Diagnostic]:
    if not url:
        return
    if found := address_fault(url, site):
        yield problem("bad-url", found[0], place, found[1])
    elif found := misprint(url):
        yield problem("odd-address", found[0], place, found[1])


def _plain(heading: str) -> str:
    return " ".join(heading.split()).casefold()
