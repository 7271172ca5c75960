"""`briefings deploy`: build, audit, and publish to a branch of a remote repository."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefings.cli.failures import CONTENT_ERROR, Failure, Refusal
from briefings.cli.options import (
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
from briefings.core.text import printable
from briefings.engine.scan import CONFIG

if TYPE_CHECKING:
    from briefings.core.config import Marking, SiteConfig
    from briefings.deploy.deploy import DeployError, Deployment, RemoteBranch
    from briefings.deploy.git import Git
    from briefings.engine.api import BuildRequest


@click.command(
    "deploy",
    short_help="Publish the site to a branch.",
    epilog="""\b
Examples:
  briefings deploy --dry-run
  briefings check && briefings deploy
  briefings deploy --remote publish --branch main --yes

Exit codes: 0 the branch holds the site; 1 it is as it was, because of the content, a leak or the remote repository; 2 wrong usage.""",
)
@click.option("--remote", default="origin", metavar="NAME", help="The remote repository. Default: origin.")
@click.option("--branch", default="gh-pages", metavar="NAME", help="The branch there, for the site and nothing else. Default: gh-pages.")
@click.option("--dry-run", is_flag=True, help="Build, audit and say what would change, but change nothing there.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--keep-history", is_flag=True, help="Keep earlier versions in the branch. Default: it holds only the newest.")
@click.option("--adopt", is_flag=True, help="Take over a branch that holds something else; all of that goes.")
@click.option("--removes", type=click.IntRange(min=0), default=0, metavar="N", help="Let so many published notes go. Needed above a fifth.")
@click.option("--author", metavar="NAME <ADDRESS>", help="Who the commit names. Default: nobody; readers can see it.")
@click.option("--private-host", is_flag=True, help="Say that only the audience can read the branch and its pages.")
@audience_option
@click.option("--now", metavar="WHEN", help="Publish as of a day or an instant with offset. Default: as for `briefings build`.")
@site_option
def command(
    remote: str,
    branch: str,
    dry_run: bool,
    yes: bool,
    keep_history: bool,
    adopt: bool,
    removes: int,
    author: str | None,
    private_host: bool,
    audience: Marking | None,
    now: str | None,
    site: Path | None,
) -> int:
    """Publish the site to a branch, from which GitHub Pages or another host serves it.

    The site is built from nothing and audited. Then one commit with the whole site takes the place of what the branch holds. Your working
    tree, index and branches stay as they are.
    """
    from briefings.content.parse import parse_config

    folder = site_folder(site)
    config, _ = parse_config(CONFIG, (folder / CONFIG).read_bytes())
    readers = audience or (config.audience if config else MARKINGS[0])
    if readers != MARKINGS[0] and not private_host:
        raise Refusal(f"{readers} is not for the public", "say --private-host if only these readers can reach the branch and its pages")
    moment = instant(now, folder)
    interactive = is_terminal(sys.stdin) and is_terminal(sys.stderr)
    if not (yes or dry_run or interactive):
        raise Refusal("nobody can be asked here", "say --yes to publish, or --dry-run to see what would change")

    from briefings.deploy.deploy import DeployError, RemoteBranch, check_destination, push_deployment
    from briefings.deploy.git import AUTHOR, Git
    from briefings.engine.api import BuildRequest
    from briefings.executors.failures import WorkerDiedError

    git = Git(folder, prompts=interactive)
    destination = RemoteBranch(remote, branch, keep_history=keep_history, adopt=adopt, author=author or AUTHOR)
    request = BuildRequest(folder, folder / "_site", moment, processors(), verify=True, audience=audience)
    try:
        check_destination(git, destination)
        ready = _prepare(request, config, git, destination)
        if ready is None:
            return CONTENT_ERROR
        if not _is_to_go(ready, removes, dry_run=dry_run, yes=yes):
            return 0
        commit = push_deployment(git, folder, ready, f"{int(moment.timestamp())} +0000")
    except DeployError as error:
        raise refusal(error) from None
    except WorkerDiedError as error:
        raise Failure(str(error), "deploy again; if it happens again, close other programs") from None
    click.echo(f"Published {commit[:10]} to {remote}/{branch}.{_at(ready.address)}")
    return 0


def _prepare(request: BuildRequest, config: SiteConfig | None, git: Git, destination: RemoteBranch) -> Deployment | None:
    """Build and audit the site and compare it with the published one; None, after printing what is wrong, if it must not be published."""
    from briefings.audit.audit import audit
    from briefings.audit.withheld import AuditRequest
    from briefings.cli.progress import ProgressDisplay
    from briefings.cli.published import clean, finds, verdict
    from briefings.cli.report import problems, success
    from briefings.deploy.deploy import plan_deployment, refuse_tree
    from briefings.deploy.placement import misplaced
    from briefings.engine.build import build
    from briefings.engine.lock import locked
    from briefings.publication.journal import reserved
    from briefings.publication.tree import resolved

    output, tint = request.output, colored("auto", sys.stderr)
    with ProgressDisplay(bar=is_terminal(sys.stderr) and not os.environ.get("CI"), lines=True) as progress:
        built = build(request, progress)
        found = (*built.diagnostics, *misplaced(request.site, destination.remote))
        if found:
            click.echo(problems(found, color=tint, public=bool(os.environ.get("CI"))), err=True, color=tint)
        if config is None or not built.ok:
            click.echo("nothing was published.", err=True)
            return None
        readers = request.audience or config.audience
        # Until the comparison is done no other build may write, so that what is audited is what is published.
        disk, waiting = request.disk, partial(progress, "wait", 0, 0)
        with locked(request.site, waiting, disk), reserved(resolved(output), disk, waiting):
            refuse_tree(output, readers)
            report = audit(AuditRequest(request.site, output, request.now, request.audience, sound=True), request.jobs, progress)
            ready = None if report.leaks else plan_deployment(git, destination, output, config.url, request.jobs)
    click.echo(success(built, near(output)))
    if ready is None:
        click.echo(finds(report.leaks, near(output), color=tint), err=True, color=tint)
        click.echo(f"{verdict(report, near(output), readers)} Nothing was published.", err=True)
    else:
        click.echo(clean(report, near(output), readers))
    return ready


def _is_to_go(ready: Deployment, removes: int, *, dry_run: bool, yes: bool) -> bool:
    """Print what a deployment would change, and return whether to carry it out."""
    from briefings.cli.published import describe_changes

    if ready.is_nothing:
        where = f"{ready.destination.remote}/{ready.destination.branch}"
        click.echo(f"Nothing to do: {where} holds this site already.{_at(ready.address)}")
        return False
    click.echo(describe_changes(ready))
    if dry_run:
        click.echo("Nothing was published: this was a dry run.")
        return False
    if not _is_meant(ready, removes, yes=yes):
        click.echo("Nothing was published.")
        return False
    return True


def _is_meant(ready: Deployment, removes: int, *, yes: bool) -> bool:
    """Whether to publish: as options say, or as a person answers. Raises DeployError if many notes would go and nobody can be asked."""
    from briefings.deploy.deploy import refuse_removals

    where, gone = f"{ready.destination.remote}/{ready.destination.branch}", len(ready.notes.removed)
    if not yes and ready.notes.needs_a_word and removes < gone:
        question = f"{gone:,} of {ready.notes.before:,} published notes would be removed. Type {gone} to publish to {where} all the same"
        return bool(click.prompt(question, default=-1, show_default=False, type=int, err=True) == gone)
    refuse_removals(ready, removes)
    return yes or click.confirm(f"Publish to {where}?", err=True)


def _at(address: str) -> str:
    return f" → {address}" if address else ""


def refusal(error: DeployError) -> Refusal:
    """Return the refusal that tells of `error`, after everything that git printed."""
    if len(error.said) > 1:
        click.echo("\n".join(("git says:", *(f"  {printable(line.replace(chr(9), '  '))}" for line in error.said))), err=True)
    return Refusal(str(error), error.remedy) if error.usage else Failure(str(error), error.remedy)
