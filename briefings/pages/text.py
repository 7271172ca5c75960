"""The text of a record on its own page: the only part of a view that an edit within the text can change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from msgspec import structs

from briefings.content.records import Body, Heading
from briefings.pages.frame import prose
from briefings.pages.parts import Prose
from briefings.pages.views import ActorView, FreePageView, NoteView, SourceView, TopicView
from briefings.site.model import Target

TEXT_VIEWS = (NoteView, TopicView, ActorView, SourceView, FreePageView)
"""The views of pages that carry a record's text."""

TextView = TypeVar("TextView", bound=NoteView | TopicView | ActorView | SourceView | FreePageView)

LONG_TEXT = 600
"""Words from which a text with several headings has a table of contents."""


def text_fields(body: Body, targets: tuple[Target | None, ...], root: str) -> dict[str, Any]:
    """The fields of a view that a text fills: `body` and `outline`."""
    return {"body": prose(body, targets, root), "outline": _outline(body.outline, body.words)}


NO_TEXT: dict[str, Any] = {"body": Prose(""), "outline": ()}
"""The same for a page without a text, such as the second page of a topic."""


def with_text(view: TextView, body: Body, targets: tuple[Target | None, ...]) -> TextView:
    """`view` with another version of its text that leads to the same targets."""
    fields = text_fields(body, targets, view.page.root)
    if isinstance(view, NoteView):
        fields["words"] = body.words
    return structs.replace(view, **fields)


def _outline(headings: Sequence[Heading], words: int) -> tuple[Heading, ...]:
    """The table of contents: empty for a text that is short or has few headings."""
    return tuple(headings) if words >= LONG_TEXT and len(headings) >= 3 else ()
