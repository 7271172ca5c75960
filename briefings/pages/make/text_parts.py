"""What a record's own page has of its text and its title: the parts of a view that an edit can change where no interface changes."""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import structs

from briefings.content.bodies import Heading
from briefings.content.records import AnyRecord, Note
from briefings.pages.frame import prose
from briefings.pages.make.cite_parts import cite_view
from briefings.pages.views.parts import Prose
from briefings.pages.views.record_views import ActorView, FreePageView, NoteView, SourceView, TopicView, View
from briefings.site.linked import LinkedMention, Target

TEXT_VIEWS = (NoteView, TopicView, ActorView, SourceView, FreePageView)
"""The views of pages that carry a record's text."""

TextView = TypeVar("TextView", bound=NoteView | TopicView | ActorView | SourceView | FreePageView)

LONG_TEXT = 600
"""Words from which a text with several headings has a table of contents."""


PageText = tuple[Prose, tuple[Heading, ...]]
"""What a text fills the fields `body` and `outline` of a view with."""

NO_TEXT: PageText = (Prose(""), ())
"""The text of a page that has none, such as the second page of a topic."""


def page_text(record: AnyRecord, targets: tuple[Target | None, ...], root: str, mentions: tuple[LinkedMention, ...] = ()) -> PageText:
    """The text of a record as its own page shows it, with links that lead from a page with this `root`."""
    body = record.body
    # The table of contents: empty for a text that is short or has few headings.
    outline = body.outline if body.words >= LONG_TEXT and len(body.outline) >= 3 else ()
    return prose(record, targets, root, mentions), outline


def text_on(view: View) -> str:
    """The digest of the text that a page shows; empty for one that shows none."""
    return view.body.digest if isinstance(view, TEXT_VIEWS) else ""


def with_record(view: TextView, record: AnyRecord, targets: tuple[Target | None, ...], mentions: tuple[LinkedMention, ...]) -> TextView:
    """`view` with the text and title of `record`: a new version of the record whose page it is, with an unchanged interface.

    `mentions` are the links of mentions in its text, which is of the same actors as before.
    """
    text, outline = page_text(record, targets, view.page.root, mentions) if view.body else (view.body, view.outline)
    changed: dict[str, Any] = {"body": text, "outline": outline}
    if isinstance(view, NoteView) and isinstance(record, Note):
        changed["words"] = record.body.words
        changed["page"] = structs.replace(view.page, title=record.header.title, description=record.header.summary)
        days = (view.cite.published, view.cite.changed)
        changed["cite"] = cite_view(record, days, tuple([one.name for one in view.authors]), view.page, view.site)
    return structs.replace(view, **changed)
