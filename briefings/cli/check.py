"""`briefings check`: report all that is wrong with the content, and what only its authors should know, without building."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefings.cli.failures import CONTENT_ERROR, Failure
from briefings.cli.options import COLOR, audience_option, colored, instant, is_terminal, processors, site_folder, site_option

if TYPE_CHECKING:
    from briefings.core.config import Marking


@click.command(
    "check",
    short_help="Check all content without building.",
    epilog="""\b
Examples:
  briefings check
  briefings check --audience TLP:AMBER

Exit codes: 0 no errors, though there may be warnings; 1 the content has errors; 2 wrong usage.""",
)
@site_option
@audience_option
@click.option("--now", metavar="WHEN", help="Check as of a day or an instant with offset. Default: SOURCE_DATE_EPOCH, else now.")
@click.option("--verbose", "-v", is_flag=True, help="Print all problems, also the twenty-first of a kind.")
@click.option(
    "--color", type=click.Choice(COLOR), default="auto", help="Default: auto, which is colour on a terminal unless NO_COLOR is set."
)
def command(site: Path | None, audience: Marking | None, now: str | None, verbose: bool, color: str) -> int:
    """Check all content, also what readers may not see, and write nothing.

    Besides all that a build reports, it names references from what readers see to what they may not see, and withdrawals whose date is
    still to come, and says when marked content lies in a repository that looks public. Its report quotes what it is about: it is for the
    desk, not for a public log.
    """
    folder = site_folder(site)
    moment = instant(now, folder)

    from briefings.cli.progress import ProgressDisplay
    from briefings.cli.report import problems, tally
    from briefings.desk.check import check
    from briefings.engine.api import BuildRequest
    from briefings.executors.failures import WorkerDiedError

    public = bool(os.environ.get("CI"))
    with ProgressDisplay(bar=is_terminal(sys.stderr) and not public, lines=True) as progress:
        try:
            found = check(BuildRequest(folder, folder / "_site", moment, processors(), audience=audience), progress)
        except WorkerDiedError as error:
            raise Failure(str(error), "check again; if it happens again, close other programs") from None
    if public:
        # Findings for the desk alone must not stand in a log that others may read.
        found = tuple(d for d in found if d.severity == "error" or not d.confidential)
    tint = colored(color, sys.stderr)
    if found:
        click.echo(problems(found, color=tint, everything=verbose, public=public), err=True, color=tint)
    click.echo(tally(found))
    return CONTENT_ERROR if any(d.severity == "error" for d in found) else 0
