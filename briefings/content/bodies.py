"""What the site needs to know of a text besides its HTML: its links, headings, marks of sources and quotations."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from briefings.content.schema.dates import Moment
from briefings.core.config import Marking


class Heading(Struct, frozen=True):
    """A heading in a text."""

    level: int
    """2 or 3, as in `<h2>` and `<h3>`."""
    id: str
    """The `id` attribute of its element, to which links with `#` lead."""
    text: str
    """In plain text."""


class Reference(Struct, frozen=True):
    """A link or image whose target can be found only when all files are read."""

    kind: Literal["note", "actor", "topic", "source", "page", "path", "image", "figure", "event"]
    """What the target is; `path` is a relative address, which may lead to a record's file or to an attachment; `figure` is a number."""
    target: str
    """An id, for `figure` that of a measure; for `path` and `image` the address as written."""
    fragment: str = ""
    """What follows `#` in the address; empty for the top of the target."""
    label: str = ""
    """The text of the link, or an image's alternative text."""
    line: int = 0
    """Line in the file, from 1; 0 when unknown."""
    column: int = 0
    """Column in characters, from 1; 0 when unknown."""
    before: str = ""
    """The part of the sentence before the link."""
    after: str = ""
    """The part of the sentence behind the link."""


class Hole(Struct, frozen=True):
    """A place in a text's HTML that is filled when the target of a reference is known."""

    part: Literal["open", "close", "image"]
    """What goes there: the start tag of a link, its end tag, or a whole image."""
    reference: int
    """The index of the reference in the text's `references`."""
    attributes: str = ""
    """Further attributes of the element, escaped, with a leading space."""


class BodyQuotation(Struct, frozen=True):
    """A quotation in a text, whose last line names the speaker."""

    anchor: str
    """The `id` of its element."""
    text: str
    """The words in plain text, one line for each paragraph."""
    name: str
    """The speaker, as the text calls it."""
    speaker: str = ""
    """The id of the actor to which the speaker's name links; empty where it links to none."""
    date: Moment | None = None
    """The day on which it was said; None where the line names none."""
    event: str = ""
    """The id of the event at which it was said."""
    source: str = ""
    """The id of the first source that the line cites."""
    marking: Marking = "TLP:CLEAR"
    """That of the quotation alone."""
    line: int = 0
    """The line of the file that names the speaker, from 1; 0 when unknown."""


class Body(Struct, frozen=True):
    """What the site needs to know of a text besides its HTML, which is large and travels separately."""

    digest: str
    """Digest of the HTML with its holes; empty where there is no text."""
    holes: tuple[Hole, ...] = ()
    """The holes, in the order of the HTML."""
    references: tuple[Reference, ...] = ()
    """The references, in the order of the text; holes name them by index."""
    outline: tuple[Heading, ...] = ()
    """The headings of levels 2 and 3, in order."""
    anchors: tuple[str, ...] = ()
    """Every id that a link may lead to."""
    former: tuple[tuple[str, str], ...] = ()
    """Ids that headings had in former versions of the program, each with the present id; links to the former still work."""
    cited: tuple[tuple[str, str], ...] = ()
    """The marks that cite a source of the note, in the order of the text: the source's id there, and the anchor of the mark."""
    words: int = 0
    """Number of words in the text."""
    quotations: tuple[BodyQuotation, ...] = ()
    """The quotations that name their speakers, in the order in which they end."""
    version: str = ""
    """Digest of its plain text, which is the same whatever HTML the program makes of it; empty where there is no text."""

    def anchor(self, fragment: str) -> str:
        """Return the id to which a link with `fragment` leads; empty when there is none."""
        return fragment if fragment in self.anchors else dict(self.former).get(fragment, "")


NO_BODY = Body("")
