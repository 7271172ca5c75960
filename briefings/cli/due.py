"""`briefings due`: list when the site will change without an edit, for people and for schedules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefings.cli.failures import Failure
from briefings.cli.options import audience_option, instant, processors, site_config, site_folder, site_option
from briefings.core.diagnostics import has_errors
from briefings.core.text import printable

if TYPE_CHECKING:
    import datetime as dt

    from briefings.core.config import Marking
    from briefings.desk.due import Due


@click.command(
    "due",
    short_help="List what will appear, lapse or happen.",
    epilog="""\b
Examples:
  briefings due
  briefings due --limit 1 --json
  briefings due --cron

Exit codes: 0 listed, though there may be nothing; 1 the content has errors; 2 wrong usage.""",
)
@site_option
@audience_option
@click.option("--now", metavar="WHEN", help="List what comes after a day or an instant with offset. Default: SOURCE_DATE_EPOCH, else now.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", default=20, show_default=True, help="List at most N.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array, for programs.")
@click.option("--cron", "as_cron", is_flag=True, help="Print when a scheduled job should build the site: cron expressions in UTC.")
def command(site: Path | None, audience: Marking | None, now: str | None, limit: int, as_json: bool, as_cron: bool) -> int:
    """List the next instants at which something appears, lapses, happens or is to be settled, soonest first.

    Judgements that should be settled by now and have no outcome stand at the top, as overdue.
    An embargo is lifted by the first build after it, so these are the instants after which the site should be built again.
    """
    if as_json and as_cron:
        raise click.UsageError("--json and --cron exclude one another")
    folder = site_folder(site)
    config = site_config(folder)
    moment = instant(now, folder)

    from briefings.content.schema.dates import zone
    from briefings.desk.due import cron, due
    from briefings.engine.api import BuildRequest, quiet

    found, problems = due(BuildRequest(folder, folder / "_site", moment, processors(), audience=audience), quiet)
    if has_errors(problems):
        raise Failure("the content has errors", "`briefings check` shows them")
    shown = found[:limit]
    if as_cron:
        click.echo("\n".join(cron(shown)))
    elif as_json:
        click.echo(json.dumps([_fields(one) for one in shown], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(shown, zone(config.timezone))) or "Nothing is due.")
        if len(found) > limit:
            click.echo(f"… and {len(found) - limit:,} more", err=True)
    return 0


def _fields(one: Due) -> dict[str, str]:
    return {"at": one.at.isoformat(), "what": one.what, "kind": one.kind, "id": one.id, "part": one.part, "path": one.path}


def _lines(shown: Sequence[Due], zone: dt.tzinfo) -> list[str]:
    return [
        f"{one.at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}  {one.what:7}  "
        + printable(f"{one.kind} {one.id}{f', {one.part}' if one.part else ''}  ({one.path})")
        for one in shown
    ]
