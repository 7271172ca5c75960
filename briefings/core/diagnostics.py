"""Problems as values: what is wrong, where it is, and what the author can do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Severity = Literal["error", "warning"]


class Code(Struct, frozen=True):
    """One kind of problem, under a stable name that authors can search for."""

    name: str
    severity: Severity
    meaning: str
    """What is wrong, in one sentence; the guide prints it."""


def _table(*codes: tuple[str, Severity, str]) -> dict[str, Code]:
    return {name: Code(name, severity, meaning) for name, severity, meaning in codes}


CODES = _table(
    # Files
    ("unreadable-file", "error", "The file or folder cannot be read."),
    ("not-utf8", "error", "The file holds a byte that is not UTF-8."),
    ("control-character", "error", "The file holds a control character that no page may contain."),
    ("hidden-character", "warning", "A character that nobody sees changes the order in which text is shown, or stands within a name."),
    ("conflict-marker", "error", "The file holds the signs of a merge in which nobody has chosen a version."),
    ("symlink-outside", "error", "A symbolic link leads out of the site folder."),
    ("not-fetched", "error", "Only a placeholder of the file or folder is here, not its contents."),
    ("program-copy", "error", "A file has the name that a program gives to a copy of the file beside it."),
    ("stray-file", "warning", "A Markdown or YAML file is not read, because of its folder or its suffix."),
    ("unused-file", "warning", "No text links to a file beside the records, so it is not published."),
    ("unportable-name", "warning", "Windows allows no file or folder of this name."),
    ("unreadable-image", "warning", "A file has the suffix of an image, and no size can be read from it."),
    ("unstripped-image", "error", "Metadata cannot be taken out of a damaged picture, though site.yaml asks for it."),
    ("image-metadata", "warning", "A picture or document that readers get tells who made it, where or with what."),
    # Headers
    ("missing-header", "error", "The Markdown file does not begin with a front matter block between two lines of ---."),
    (
        "split-header",
        "error",
        "The body holds a key that says who may see the record, where it has no effect: a line of --- seems to have split the header.",
    ),
    ("header-too-large", "error", "The front matter is larger than 64 KiB, or a YAML file larger than 8 MiB."),
    ("header-too-deep", "error", "The YAML is nested more than 20 levels deep."),
    ("yaml-syntax", "error", "The YAML cannot be parsed."),
    ("yaml-feature", "error", "The YAML uses an anchor, alias, merge key, tag, second document or a key that is no plain text."),
    ("duplicate-key", "error", "A mapping has the same key twice."),
    ("empty-value", "error", "A key is written without a value, or with nothing but spaces where readers need words."),
    ("cut-text", "warning", "A # with a space before it ends a text that is not in quotes."),
    ("unknown-key", "error", "The schema has no such key."),
    ("missing-key", "error", "A required key is absent."),
    ("wrong-type", "error", "A value is not of the type that its key needs."),
    ("bad-date", "error", "A date or time does not exist, has no offset, lies too far off or ends something before it begins."),
    ("odd-dates", "warning", "Two dates of a record cannot both be right, such as a correction before the publication."),
    ("bad-id", "error", "An id has characters that an address cannot hold, or is longer than 200 bytes."),
    ("bad-alias", "error", "An old address cannot be one of this site, or is listed twice."),
    ("bad-attribute", "error", "Attributes in braces behind a quotation cannot be read, or stand where they have no effect."),
    ("open-comment", "error", "A comment in a text does not end, or is not written as one, so that readers would see it."),
    ("quotation-not-in-text", "warning", "The words of a quotation that is said to stand in the text do not stand there."),
    ("text-not-shown", "warning", "Words of a text are shown on no page."),
    ("raw-html", "warning", "Raw HTML in a text is not shown as it is written."),
    ("unknown-kind", "error", "site.yaml declares no such kind of note."),
    ("missing-heading", "error", "The note lacks a heading that its kind requires."),
    ("origin-cycle", "error", "Sources of a note name one another, or themselves, as what they copy."),
    ("bad-likelihood", "error", "A judgement has a term that is not on the site's scale of likelihood."),
    # Site configuration
    ("unknown-timezone", "error", "The time zone is not in the IANA database."),
    ("bad-url", "error", "A URL is not an absolute http or https address."),
    ("bad-severity", "error", "severities names an unknown code, or lowers an error."),
    ("missing-url", "warning", "site.yaml gives no url, and feeds and the sitemap need one."),
    # References
    ("duplicate-id", "error", "Two records of one kind have the same id."),
    ("address-collision", "error", "Two pages or files claim the same address, or differ only in letter case or Unicode form."),
    ("unknown-topic", "error", "No topic has this id."),
    ("unknown-actor", "error", "No actor has this id."),
    ("unknown-source", "error", "No source has this id."),
    ("unknown-note", "error", "No note has this id."),
    ("unknown-proposition", "error", "No topic declares a proposition with this id."),
    ("unknown-measure", "error", "No topic declares a measure with this id."),
    ("unknown-figure", "error", "A text quotes a figure of which no value was known on the day of the note."),
    ("disputed-figure", "error", "Two figures differ for one measure, period and day, and are not marked as disputed."),
    ("told-differently", "warning", "Two notes tell of one event, and disagree about its date, its title or whether it happened."),
    ("unknown-event", "error", "No note tells of an event with this id."),
    ("undeclared-topic", "warning", "A topic is used that has no file, and site.yaml says to warn."),
    ("undeclared-actor", "warning", "An actor is used that has no file, and site.yaml says to warn."),
    (
        "unknown-citation",
        "error",
        "[@id] or an entry names a source that the header does not list.",
    ),
    ("unknown-basis", "error", "A position rests on something that is neither a source nor a quotation of its note."),
    ("two-stances", "warning", "A note gives an actor two stances on one proposition, on one day and on the same word."),
    ("bad-citation", "error", "Brackets name a source of the note, but are not written as a citation."),
    ("broken-link", "error", "A link or image leads to a file or page that does not exist, or has a scheme that nothing follows."),
    ("broken-anchor", "error", "A link leads to a heading or footnote that the target does not have."),
    ("odd-address", "warning", "A web address looks mistyped: its scheme, its slashes or its host; or a link has none."),
    ("unsafe-link", "warning", "A link has a scheme that may run code; it is left as text."),
    ("markup-as-text", "warning", "Something looks like markup, but is none here, and is published as it is written."),
    (
        "bad-anchor",
        "warning",
        "An id in braces is not valid, belongs to the page itself or stands twice; the element gets another.",
    ),
    ("image-without-text", "warning", "An image has no alternative text."),
    ("unshown-image", "warning", "An image is a file of a type that most browsers do not show as a picture."),
    ("remote-image", "warning", "An image comes from another host."),
    ("open-quotation", "error", "A quotation that not all may see is said to stand in a text, where all would read it."),
    ("copy-of-withheld", "error", "A note that readers would see has the text of one that is withheld from them."),
    ("topic-cycle", "error", "A topic is, through its broader topics, broader than itself."),
    ("note-cycle", "error", "A note continues itself, or one that continues it."),
    # Themes
    ("theme-missing", "error", "There is no theme of this name."),
    (
        "theme-invalid",
        "error",
        "theme.yaml or a catalogue is wrong, the theme extends itself, or one of its files lies where none is used.",
    ),
    ("template-missing", "error", "The theme has no template that a page needs."),
    ("template-error", "error", "A template cannot be compiled, or failed on a page."),
    ("unused-template", "warning", "No page shows a template or a block of the site's own theme, or it lies where no theme is."),
    # Output
    ("output-refused", "error", "A build must not write to this output folder."),
    ("output-conflict", "error", "A file that the build did not write stands where a page must go."),
    ("lost-address", "warning", "A published page has moved to another address, and its old address leads nowhere."),
    ("address-mismatch", "warning", "url is only an example, or does not agree with the repository from which GitHub publishes the site."),
    ("cache-mismatch", "error", "With --verify: what the cache holds differs from a build from nothing."),
    # What only the desk is told, by `briefings check`
    ("too-large", "warning", "A file, or all of them together, are larger than GitHub takes, or nearly so."),
    ("withheld-reference", "warning", "Something that readers see refers to something that they may not see."),
    ("near-quotations", "warning", "Two quotations of one speaker are nearly the same, word for word."),
    ("early-withdrawal", "warning", "A record is withdrawn at once, though the date of its withdrawal is still to come."),
    ("position-without-basis", "warning", "A position names no source of its note that shows it."),
    ("ambiguous-name", "warning", "Two actors have the same name, so that notes link it to neither."),
    ("weak-name", "warning", "Words in a note may mean an actor that the note does not name."),
    ("judgement-overdue", "warning", "The time of a judgement is over, and nothing says what became of it."),
    ("unarchived-link", "warning", "A link of a note's sources has no archived copy, and may one day lead nowhere."),
    ("unused-silence", "warning", "A comment allows a finding that does not occur."),
    ("public-repository", "warning", "Content that not everybody may see lies in a repository that anybody can read."),
)
"""Every code, in the order in which the guide explains them."""


class Place(Struct, frozen=True, order=True):
    """Where a problem is. Line and column count from 1; line 0 means the whole file."""

    path: str
    """Path from the site folder, with forward slashes."""
    line: int = 0
    column: int = 0
    width: int = 1
    """How many characters the caret underlines."""
    key: str = ""
    """The key in the file's YAML (`actors[1].role`), as long as line and column have not been found from it."""


class Diagnostic(Struct, frozen=True):
    """One problem, ready to be reported."""

    code: str
    message: str
    place: Place
    remedy: str = ""
    severity: Severity = "error"
    excerpt: str = ""
    """The offending line of the file, or the empty text."""
    confidential: bool = False
    """Whether it tells of something that not all readers may see; a public log must not quote it."""

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Return the key by which reports are sorted: file, place, then text, so that the order never depends on how work was split."""
        return (self.place.path, self.place.line, self.place.column, self.code, self.message)


def problem(code: str, message: str, place: Place | str, remedy: str = "") -> Diagnostic:
    """Make a diagnostic with the severity that CODES gives to `code`."""
    where = Place(place) if isinstance(place, str) else place
    return Diagnostic(code=code, message=message, place=where, remedy=remedy, severity=CODES[code].severity)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of `diagnostics` is an error, which stops the build."""
    return any(d.severity == "error" for d in diagnostics)
