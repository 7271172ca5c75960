"""What the bar at the foot of a page shows: the state of its record, links to an editor, for whom and when the site is shown."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

from briefings.content.records import AnyRecord
from briefings.content.schema.dates import zone
from briefings.core.config import Editor, Marking
from briefings.serve.edition import Edition
from briefings.serve.settings import Settings, Viewer
from briefings.site.visibility import Audience

AUDIENCES: tuple[Audience, ...] = (*get_args(Marking), "desk")
"""From those who may see least to the desk itself, which sees all."""


def audiences_within(audience: Audience) -> tuple[Audience, ...]:
    """Those who may see no more than `audience`."""
    return AUDIENCES[: AUDIENCES.index(audience) + 1]


def bar_data(edition: Edition, whole: Edition, path: str, viewer: Viewer, own: Viewer, settings: Settings) -> dict[str, Any]:
    """What the bar shows to `viewer` on the page of `edition` whose file is at `path`.

    `whole` is the edition for the server's `own` viewer: the desk is told of a page that it has and that this viewer may not see.
    """
    unseen = own.audience == "desk" and path not in edition.pages and path in whole.pages
    source_of = whole if unseen else edition
    entry = source_of.known.body.plan.pages.get(path)
    record = source_of.record(path)
    place, private = zone(edition.config.timezone), settings.private
    editor = settings.editor or edition.config.editor
    source = entry.origin if entry and entry.origin.startswith("content/") else ""
    return {
        "kind": record.kind if record else "",
        "state": states(record, edition.request.now, place) if record and not private else [],
        "path": "" if private else source,
        "editor": editor_link(editor, edition.request.site, source) if source and not private else "",
        "unseen": unseen,
        **viewer_data(viewer, own, edition.config.timezone),
    }


def viewer_data(viewer: Viewer, own: Viewer, timezone: str) -> dict[str, Any]:
    """For whom and when the site is shown, and for whom and when it could be; `own` is the server's own viewer."""
    place = zone(timezone)
    return {
        "audience": viewer.audience,
        "now": f"{viewer.now.astimezone(place):%Y-%m-%dT%H:%M}" if viewer.now else "",
        "audiences": list(audiences_within(own.audience)),
        # Another instant may show what is under embargo.
        "timed": own.audience == "desk",
        "zone": timezone,
        "empty": _written(own.now, place) if own.now else "now",
        "timed_otherwise": viewer.now != own.now,
        "other": viewer != own,
    }


def states(record: AnyRecord, now: dt.datetime, place: dt.tzinfo) -> list[str]:
    """What keeps a record from readers: `Draft`, `Embargoed until …`, `Expired since …`, `TLP:AMBER`."""
    header = record.header
    found = ["Draft"] if header.draft else []
    if header.embargo is not None and now < header.embargo.end(place):
        found.append(f"Embargoed until {_written(header.embargo.end(place), place)}")
    if header.expires is not None:
        expires = header.expires.start(place)
        found.append(f"{'Expired since' if expires <= now else 'Expires'} {_written(expires, place)}")
    if header.marking != "TLP:CLEAR":
        found.append(header.marking)
    return found


def _written(instant: dt.datetime, place: dt.tzinfo) -> str:
    local = instant.astimezone(place)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}"


def _path_and_place(scheme: str) -> Callable[[str, int, int], str]:
    return lambda path, line, column: f"{scheme}://file{path}:{line}:{column}"


_LINKS: Mapping[Editor, Callable[[str, int, int], str]] = {
    "vscode": _path_and_place("vscode"),
    "cursor": _path_and_place("cursor"),
    "idea": lambda path, line, column: f"idea://open?file={path}&line={line}&column={column}",
    "none": lambda path, line, column: "",
}


def editor_link(editor: Editor, site: Path, path: str, line: int = 0, column: int = 0) -> str:
    """The link that opens the file at `path` (from the site folder, or absolute); empty for no editor, and for what is no file."""
    file = site / path
    if not file.is_file():
        return ""
    # A folder may have a name that is not UTF-8, and a drive of Windows has no slash before it.
    escaped = quote(os.fsencode("/" + file.as_posix().removeprefix("/")), safe="/:")
    return _LINKS[editor](escaped, line or 1, column or 1)
