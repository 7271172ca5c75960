"""`briefings build`: build the site, print the report and return an exit code."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefings.cli.failures import CONTENT_ERROR, Failure
from briefings.cli.options import (
    COLOR,
    audience_option,
    colored,
    instant,
    is_terminal,
    near,
    processors,
    scheduler_option,
    site_folder,
    site_option,
)
from briefings.core.text import printable

if TYPE_CHECKING:
    from briefings.core.config import Marking
    from briefings.engine.api import BuildReport, BuildRequest, Progress


@click.command(
    "build",
    short_help="Build the site.",
    epilog="""\b
Examples:
  briefings build
  briefings build --site korea-desk --output /srv/www/korea
  briefings build --now 2017-12-15T20:00:00-05:00 --explain
  briefings build --audience TLP:AMBER --output ../for-partners

Exit codes: 0 the site is built; 1 the content has errors and the site is as it was; 2 wrong usage;
130 interrupted, 143 terminated.""",
)
@site_option
@click.option(
    "--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the site is written. Default: _site in the site's folder."
)
@click.option(
    "--now", metavar="WHEN", help="Build as of a day or an instant with offset. Default: SOURCE_DATE_EPOCH, else the time at start."
)
@audience_option
@click.option("--drafts", is_flag=True, help="Show drafts, embargoed and expired content too. The result is marked as a preview.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to use. Default: as many as there are processors.")
@scheduler_option
@click.option("--clean", is_flag=True, help="Build as if nothing had been built before.")
@click.option("--verify", is_flag=True, help="Build from nothing, and fail where what the cache remembers would have been wrong.")
@click.option("--explain", is_flag=True, help="Say of every page that was built why it was.")
@click.option("--quiet", "-q", is_flag=True, help="Print problems only.")
@click.option("--verbose", "-v", is_flag=True, help="Print all problems, and how long each stage took.")
@click.option(
    "--color", type=click.Choice(COLOR), default="auto", help="Default: auto, which is colour on a terminal unless NO_COLOR is set."
)
def command(
    site: Path | None,
    output: Path | None,
    now: str | None,
    audience: Marking | None,
    drafts: bool,
    jobs: int | None,
    scheduler: str,
    clean: bool,
    verify: bool,
    explain: bool,
    quiet: bool,
    verbose: bool,
    color: str,
) -> int:
    """Build the site: check all of its content and write its pages.

    When anything is wrong, every problem is shown with its place and a remedy, and the site that was built before stays as it is.
    """
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude one another")
    folder = site_folder(site)
    output = output or folder / "_site"
    moment = instant(now, folder)

    from briefings.cli.progress import ProgressDisplay, timetable
    from briefings.cli.report import failure, problems
    from briefings.engine.api import BuildRequest

    request = BuildRequest(
        site=folder,
        output=output,
        now=moment,
        jobs=jobs or processors(),
        scheduler=scheduler,
        clean=clean,
        verify=verify,
        explain=explain,
        audience=audience,
        drafts=drafts,
    )
    ci = bool(os.environ.get("CI"))
    with ProgressDisplay(bar=is_terminal(sys.stderr) and not ci and not quiet, lines=not quiet) as progress:
        report = _built(request, progress, ci=ci)

    tint = colored(color, sys.stderr)
    if report.diagnostics:
        click.echo(problems(report.diagnostics, color=tint, everything=verbose, public=ci), err=True, color=tint)
    if verbose:
        click.echo(timetable(progress.stages), err=True)
    if not report.ok:
        click.echo(failure(report.diagnostics), err=True)
        return CONTENT_ERROR
    if verbose:
        click.echo(f"{report.written:,} written, {report.removed:,} removed", err=True)
    _sum_up(report, request, quiet=quiet)
    return 0


def _sum_up(report: BuildReport, request: BuildRequest, *, quiet: bool) -> None:
    """Print what a good build was asked to say of itself, and in one line what it made."""
    from briefings.cli.report import explanation, success, verified

    if request.explain:
        click.echo(explanation(report))
    if quiet:
        return
    if request.drafts:
        click.echo("This is a preview: it may hold what must not be published.", err=True)
    if request.verify:
        click.echo(verified(report))
    click.echo(success(report, near(request.output)))


def _built(request: BuildRequest, progress: Progress, *, ci: bool) -> BuildReport:
    """Build the site. Raises Failure when the build ends before it is known whether the content is good."""
    from briefings.engine.build import build
    from briefings.executors.failures import ClusterError, WorkerDiedError

    try:
        return build(request, progress)
    except WorkerDiedError as error:
        # Paths may hold names that readers of a service's log must not know.
        named = f" ({' to '.join(map(printable, error.files))})" if error.files and not ci else ""
        remedy = "the workers' logs may say why" if request.scheduler else "close other programs or use fewer --jobs"
        raise Failure(f"{error}{named}", f"build again; if it happens again, {remedy}") from None
    except ClusterError as error:
        raise Failure(printable(str(error)), "mend that, or build without --scheduler") from None
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Failure(printable(f"{error.strerror}: {error.filename or request.output}"), "free some space and build again") from None
