"""`briefings diff`: show what a range of git revisions changes on the site, record by record and word by word."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefings.cli.failures import Failure, Refusal
from briefings.cli.options import COLOR, audience_option, colored, instant, processors, site_config, site_folder, site_option

if TYPE_CHECKING:
    from rich.text import Text

    from briefings.core.config import Marking
    from briefings.core.diagnostics import Diagnostic
    from briefings.deploy.git import Git
    from briefings.desk.diff import Piece, RecordDifference
    from briefings.desk.revisions import ShownSite
    from briefings.engine.api import BuildRequest

_MARKS = {"new": ("{+", "+}", "green"), "gone": ("[-", "-]", "red")}
"""What stands around words that are new or gone where there is no colour, and their colour where there is."""


@click.command(
    "diff",
    short_help="Show what git revisions change on the site.",
    epilog="""\b
Examples:
  briefings diff HEAD
  briefings diff HEAD~5 HEAD --audience TLP:GREEN
  briefings diff v1 main --html changes.html

Exit codes: 0 compared, whether or not anything differs; 1 the content of a revision has errors; 2 wrong usage.""",
)
@click.argument("before", metavar="REV")
@click.argument("after", metavar="[REV]", required=False)
@site_option
@audience_option
@click.option("--now", metavar="WHEN", help="Show both as of a day or an instant with offset. Default: SOURCE_DATE_EPOCH, else now.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page of HTML instead.")
@click.option(
    "--color", type=click.Choice(COLOR), default="auto", help="Default: auto, which is colour on a terminal unless NO_COLOR is set."
)
def command(
    before: str, after: str | None, site: Path | None, audience: Marking | None, now: str | None, page: Path | None, color: str
) -> int:
    """Show what readers see differently at the second REV than at the first; without a second, in the files as they are now.

    REV is anything that git knows as a commit: a branch, a tag, HEAD~2. Nothing is checked out, and nothing of the site is changed.
    """
    folder = site_folder(site)

    from briefings.deploy.git import Git
    from briefings.desk.diff import differences
    from briefings.engine.api import BuildRequest

    git = Git(folder, prompts=False)
    _check(git, folder)
    request = BuildRequest(folder, folder / "_site", instant(now, folder), processors(), audience=audience)
    records = differences(_at(git, before, request), _at(git, after, request))
    if page is None:
        _print(records, color=colored(color, sys.stdout))
        return 0

    from briefings.desk.diff_page import diff_page

    title = f"From {before} to {after or 'the files as they are'}"
    page.write_text(diff_page(title, audience or site_config(folder).audience, records), encoding="utf-8")
    click.echo(f"{len(records):,} record{'s' * (len(records) != 1)} differ{'s' * (len(records) == 1)} → {page}")
    return 0


def _check(git: Git, folder: Path) -> None:
    """Refuse to work without git or a repository."""
    import shutil

    from briefings.deploy.git import GitError

    if shutil.which("git") is None:
        raise Refusal("there is no git on this machine", "install git")
    try:
        root = git.root()
    except GitError:
        message = f"git refuses the repository of {folder}, because it belongs to another user"
        raise Refusal(message, "run as that user, or trust it as `git status` there says") from None
    if root is None:
        raise Refusal(f"{folder} is not in a git repository", "revisions are there after `git init` and a first commit")


def _at(git: Git, revision: str | None, request: BuildRequest) -> ShownSite:
    """What readers see of the site at a revision; of its files as they are without one."""
    from briefings.deploy.git import GitError
    from briefings.desk.revisions import site_at, site_now

    commit = git.commit_of(revision) if revision is not None else ""
    if revision is not None and not commit:
        raise Refusal(f'git knows no revision "{revision}"', "`git log --oneline` lists commits, `git branch --all` branches")
    try:
        shown, problems = site_at(git, commit, request) if commit else site_now(request)
    except GitError as error:
        raise Failure(f"git could not read {revision}: {error}", "`git fsck` finds what is missing or damaged") from None
    if shown is None:
        raise _faulty(revision, problems)
    return shown


def _faulty(revision: str | None, problems: Iterable[Diagnostic]) -> Failure:
    """The failure for content with errors."""
    first = next((d for d in problems if d.severity == "error"), None)
    said = f": {first.place.path}: {first.message}" if first else ", or no content/site.yaml"
    if revision is None:
        return Failure(f"the content has errors{said}", "`briefings check` shows them all")
    remedy = "name a revision without errors, or check that one out and run `briefings check`"
    return Failure(f"the content at {revision} has errors{said}", remedy)


def _print(records: tuple[RecordDifference, ...], *, color: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    from briefings.core.text import printable

    console = Console(file=sys.stdout, force_terminal=color, no_color=not color, highlight=False, soft_wrap=True)
    for one in records:
        style = {"new": "bold green", "changed": "bold", "gone": "bold red", "withdrawn": "bold red"}[one.what]
        console.print(Text.assemble((f"{one.what} {one.kind}", style), " ", (printable(one.title), "bold"), f"  /{one.url}"))
        if one.reason:
            console.print(Text(f"  {printable(one.reason)}"))
        for text in one.texts:
            console.print(Text.assemble((f"  {text.name}: ", "dim"), _words(text.pieces, color=color)))
        for entry in one.entries:
            console.print(Text(f"  {entry.name.replace('_', ' ')}:", "dim"))
            for line in entry.gone:
                console.print(Text(f"    - {printable(line)}", "red"))
            for line in entry.new:
                console.print(Text(f"    + {printable(line)}", "green"))
            if not entry.gone and not entry.new:
                console.print(Text("    in another order"))
    if not records:
        console.print("Readers see no difference.")


def _words(pieces: tuple[Piece, ...], *, color: bool) -> Text:
    from rich.text import Text

    from briefings.core.text import printable
    from briefings.desk.diff import in_context

    shown = Text()
    for mark, words in in_context(pieces):
        line = printable(words.replace("\n", " ↵ "))
        opening, closing, tint = _MARKS.get(mark, ("", "", ""))
        shown.append(line if color else f"{opening}{line}{closing}", tint)
    return shown
