"""What pages show of corrections and changes of notes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from briefings.content.entries import Correction
from briefings.pages.views.revision_views import ChangeView, CorrectionView
from briefings.site.linked import LinkedNote
from briefings.site.model import Site


def corrections(site: Site, note: LinkedNote) -> tuple[CorrectionView, ...]:
    """The corrections of a note, newest first."""
    told = note.record.header.corrections
    found = [
        CorrectionView(anchor, one.date.day(site.zone), one.wrong, one.right, one.note)
        for one, anchor in zip(told, correction_anchors(told), strict=True)
    ]
    return tuple(sorted(found, key=lambda view: view.date, reverse=True))


def correction_anchors(corrections: Iterable[Correction]) -> Iterator[str]:
    """The anchors of a note's corrections. Each is made of what the correction says, so it stays when others are added."""
    told: Counter[str] = Counter()
    for one in corrections:
        words = "\0".join((one.wrong, one.right, one.note))
        name = f"correction-{one.date.text[:10]}-{hashlib.blake2b(words.encode(), digest_size=4).hexdigest()}"
        told[name] += 1
        # One that says the same a second time is still another one.
        yield name if told[name] == 1 else f"{name}-{told[name]}"


def changes(site: Site, note: LinkedNote) -> tuple[ChangeView, ...]:
    """The changes of a note, newest first."""
    found = [ChangeView(one.date.day(site.zone), one.note, one.level) for one in note.record.header.changes]
    return tuple(sorted(found, key=lambda view: view.date, reverse=True))
