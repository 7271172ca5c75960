"""What the server tells the pages that are open: problems, and the state of the record that a page shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

from msgspec import Struct

from briefings.content.records import AnyRecord
from briefings.content.schema.dates import zone
from briefings.core.config import Editor, Marking
from briefings.core.diagnostics import Diagnostic
from briefings.serve.edition import Edition
from briefings.serve.editors import editor_link
from briefings.serve.news import View
from briefings.site.visibility import Audience

AUDIENCES: tuple[Audience, ...] = (*get_args(Marking), "desk")
"""From those who may see least to the desk itself, which sees all."""


def audiences_within(audience: Audience) -> tuple[Audience, ...]:
    """Those who may see no more than `audience`."""
    return AUDIENCES[: AUDIENCES.index(audience) + 1]


def problem_data(problem: Diagnostic, site: Path, editor: Editor) -> dict[str, Any]:
    """A problem as the client shows it."""
    place = problem.place
    where = ":".join([place.path, *(str(n) for n in (place.line, place.column) if place.line and n)])
    return {
        "code": problem.code,
        "severity": problem.severity,
        "place": where,
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "message": problem.message,
        "remedy": problem.remedy,
        "excerpt": problem.excerpt,
        "caret": [max(place.column - 1, 0), place.width if place.column else 0],
        "editor": editor_link(editor, site, place.path, place.line, place.column),
    }


def counted(problems: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Problems for those who may not see the desk's files: only that there are some."""
    severities = [p.severity for p in problems]
    if not severities:
        return []
    severity = "error" if "error" in severities else "warning"
    message = "the site has problems, which the terminal of the desk shows"
    empty = {"place": "", "path": "", "line": 0, "column": 0, "remedy": "", "excerpt": "", "caret": [0, 0], "editor": ""}
    return [{"code": "", "severity": severity, "message": message, **empty}]


class Onlooker(Struct, frozen=True):
    """Who looks at a page, and what they may know of the desk."""

    view: View
    own: View
    """The server's own view, of which `view` may show a part."""
    editor: Editor
    private: bool
    """Whether the desk keeps its folders to itself."""


def state_data(edition: Edition, whole: Edition, path: str, onlooker: Onlooker) -> dict[str, Any]:
    """What the bar shows on the page of `edition` whose file is at `path`.

    `whole` is the edition for the server's own view: the desk is told of a page that it has and those of another view may not see.
    """
    view, own, private = onlooker.view, onlooker.own, onlooker.private
    unseen = own.audience == "desk" and path not in edition.pages and path in whole.pages
    source_of = whole if unseen else edition
    entry = source_of.known.body.plan.pages.get(path)
    record = source_of.record(path)
    place = zone(edition.config.timezone)
    source = entry.origin if entry and entry.origin.startswith("content/") else ""
    return {
        "kind": record.kind if record else "",
        "state": states(record, edition.request.now, place) if record and not private else [],
        "path": "" if private else source,
        "editor": editor_link(onlooker.editor, edition.request.site, source) if source and not private else "",
        "unseen": unseen,
        **view_data(view, own, edition.config.timezone),
    }


def view_data(view: View, own: View, place: str) -> dict[str, Any]:
    """For whom and when the site is shown, and for whom and when it could be; `own` is the server's own view, `place` a time zone."""
    return {
        "audience": view.audience,
        "now": f"{view.now.astimezone(zone(place)):%Y-%m-%dT%H:%M}" if view.now else "",
        "audiences": list(audiences_within(own.audience)),
        # Another instant may show what is under embargo.
        "timed": own.audience == "desk",
        "zone": place,
        "empty": _written(own.now, zone(place)) if own.now else "now",
        "timed_otherwise": view.now != own.now,
        "other": view != own,
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
