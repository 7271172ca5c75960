"""How a note is cited: as BibTeX and as CSL-JSON, with its version."""

from __future__ import annotations

import hashlib

import msgspec

from briefings.content.records import Note
from briefings.pages.views.note_parts import CiteView
from briefings.pages.views.parts import PageView, SiteView

_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # Programs count braces whatever stands before them.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "%#$&_"},
    }
)
_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})


def cite_view(note: Note, days: tuple[str, str], authors: tuple[str, ...], page: PageView, site: SiteView) -> CiteView:
    """How `note` is cited, which stands on `page`; `days` are those of its publication, which may be
    a month or a year, and of its last change of substance.
    """
    header = note.header
    published, changed = days
    # The version depends on nothing but what these readers see of the note's own words.
    words = "\0".join((header.title, header.summary, note.body.version))
    version = f"{changed}.{hashlib.blake2b(words.encode(), digest_size=4).hexdigest()}"
    return CiteView(
        published=published,
        changed=changed,
        version=version,
        bibtex=_bibtex(note, published, version, authors, page, site),
        csl=_csl(note, published, version, authors, page, site),
    )


def _bibtex(note: Note, published: str, version: str, authors: tuple[str, ...], page: PageView, site: SiteView) -> str:
    """An entry for BibTeX and BibLaTeX. What stands in two pairs of braces keeps its capitals, and a name its parts."""
    fields = {
        "author": " and ".join(f"{{{_escaped(name)}}}" for name in authors),
        "title": f"{{{_escaped(note.header.title)}}}",
        "organization": f"{{{_escaped(site.title)}}}",
        "date": published,
        "year": published[:4],
        "version": version,
        "url": page.canonical.translate(_IN_ADDRESS),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{{_key(note.id)},\n{lines}}}"


def _csl(note: Note, published: str, version: str, authors: tuple[str, ...], page: PageView, site: SiteView) -> str:
    """A list with one item, as programs that read CSL-JSON want it."""
    item: dict[str, object] = {
        "id": note.id,
        "type": "webpage",
        "title": note.header.title,
        **({"author": [{"literal": name} for name in authors]} if authors else {}),
        "container-title": site.title,
        "issued": {"date-parts": [[int(part) for part in published.split("-")]]},
        "version": version,
        "language": site.language,
        "URL": page.canonical,
    }
    lines = ",\n".join([f'  "{name}": {msgspec.json.encode(value).decode()}' for name, value in item.items()])
    return f"[{{\n{lines}\n}}]"


def _escaped(text: str) -> str:
    """`text` for a field of BibTeX, in one line."""
    return " ".join(text.split()).translate(_BIBTEX)


def _key(identifier: str) -> str:
    """The key of an entry for a note with this id. BibTeX wants it in ASCII."""
    return identifier if identifier.isascii() else "".join([c if c.isascii() else f"u{ord(c):x}" for c in identifier])
