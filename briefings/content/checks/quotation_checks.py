"""Checks of the quotations in the header of a note whose words stand in its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefings.content.bodies import Body
from briefings.content.entries import Quotation, Visible
from briefings.content.quoted import quotation_anchor, same_words
from briefings.content.schema.validate import join
from briefings.core.diagnostics import Diagnostic, Place, problem

_OPEN = Visible()


def quoted_in_text(quotations: Sequence[Quotation]) -> dict[str, str]:
    """Return the words that must stand in the text of a note, each by the id that its place there gets."""
    return {quotation_anchor(one.text): same_words(one.text) for one in quotations if one.inline}


def check_inline(path: str, key: str, quotations: Sequence[Quotation]) -> Iterator[Diagnostic]:
    """Yield an error for each quotation that not all may see although its words stand in the text."""
    for index, one in enumerate(quotations):
        if one.inline and any(getattr(one, name) != getattr(_OPEN, name) for name in Visible.__struct_fields__):
            message = "this quotation is not for everybody, but its words stand in the text, where everybody reads them"
            remedy = "quote the words in a blockquote with the conditions behind its speaker, or leave the conditions out here"
            yield problem("open-quotation", message, Place(path, key=f"{join(key, 'quotations')}[{index}].inline"), remedy)


def unquoted(path: str, key: str, quotations: Sequence[Quotation], body: Body) -> Iterator[Diagnostic]:
    """Yield a warning for each quotation whose words should stand in the text and do not."""
    for index, one in enumerate(quotations):
        if one.inline and quotation_anchor(one.text) not in body.anchors:
            message = "these words do not stand in the text of this note, in one paragraph and as they are written here"
            remedy = "correct them here or in the text, or leave inline out: the note then shows them below its text"
            yield problem("quotation-not-in-text", message, Place(path, key=f"{join(key, 'quotations')}[{index}].text"), remedy)
