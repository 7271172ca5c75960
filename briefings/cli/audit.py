"""`briefings audit`: search a built tree for anything that its readers must not see."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from briefings.cli.failures import CONTENT_ERROR, Failure, Refusal
from briefings.cli.options import (
    COLOR,
    MARKINGS,
    audience_option,
    colored,
    instant,
    is_terminal,
    near,
    processors,
    site_folder,
    site_option,
)
from briefings.publication.tree import read_manifest

if TYPE_CHECKING:
    from briefings.core.config import Marking


@click.command(
    "audit",
    short_help="Look for what must not be public.",
    epilog="""\b
Examples:
  briefings audit
  briefings audit /srv/www/korea --audience TLP:GREEN

Exit codes: 0 nothing was found; 1 something was; 2 wrong usage.""",
)
@click.argument("output", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="[OUTPUT]")
@site_option
@audience_option
@click.option("--now", metavar="WHEN", help="Withhold what may not be shown at this instant. Default: as for `briefings build`.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but what was found.")
@click.option("--color", type=click.Choice(COLOR), default="auto", help="Default: auto.")
def command(output: Path | None, site: Path | None, audience: Marking | None, now: str | None, quiet: bool, color: str) -> int:
    """Look through OUTPUT (default: _site) for what the site withholds from its readers.

    Every id, title, file name and every eight words in a row of what is withheld are looked for, in the names and contents of all files,
    however they are escaped, packed or marked up. What readers may see elsewhere is no find. No withheld word is printed.
    """
    folder = site_folder(site)
    tree = output or folder / "_site"
    if not tree.is_dir():
        raise Refusal(f"there is no {near(tree)}", "build it first: briefings build")
    moment = instant(now, folder)

    from briefings.audit.audit import audit
    from briefings.audit.withheld import AuditRequest
    from briefings.cli.progress import ProgressDisplay
    from briefings.cli.published import clean, finds, verdict
    from briefings.engine.lock import UnfinishedOutputError, finish
    from briefings.executors.failures import WorkerDiedError

    with ProgressDisplay(bar=is_terminal(sys.stderr) and not os.environ.get("CI") and not quiet, lines=not quiet) as progress:
        try:
            finish(folder, tree, waiting=lambda: progress("wait", 0, 0))
            built = read_manifest(tree)
            built_for = built.audience if built and built.audience in MARKINGS else ""
            if audience is None and built_for:
                audience = cast("Marking", built_for)
            report = audit(AuditRequest(folder, tree, moment, audience), processors(), progress)
        except WorkerDiedError as error:
            raise Failure(str(error), "try again; if it happens again, close other programs") from None
        except UnfinishedOutputError as error:
            raise Failure(str(error), "make its files writable, and build the site again") from None
    if report.settings_wrong:
        raise Refusal("content/site.yaml has errors", "`briefings build` shows them")
    if report.leaks:
        tint = colored(color, sys.stderr)
        click.echo(finds(report.leaks, near(tree), color=tint), err=True, color=tint)
        click.echo(verdict(report, near(tree), built_for), err=True)
        return CONTENT_ERROR
    if not quiet:
        click.echo(clean(report, near(tree), report.audience))
    return 0
