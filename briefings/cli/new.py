"""`briefings new`: create a site, note, actor, topic or source in the right place, and never overwrite a file."""

from __future__ import annotations

import datetime as dt
import shlex
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefings.cli import record_files
from briefings.cli.failures import Refusal
from briefings.cli.options import instant, site_config, site_folder, site_option
from briefings.core.text import MAX_ID, closest, did_you_mean, fold, humanise, is_id, is_too_long, slugify
from briefings.core.urls import has_device_name

if TYPE_CHECKING:
    from briefings.cli.inventory import Inventory
    from briefings.content.records import Kind

LONGEST_ID = 80
"""The greatest length of an id made from a title, in characters."""


def _ids_of(kind: Kind) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return a function that completes ids of one kind for the shell; outside a site it completes none."""

    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
        from briefings.cli.inventory import take_inventory

        try:
            ids = take_inventory(site_folder(ctx.params.get("site"))).of(kind)
        except (click.ClickException, OSError):
            return []
        return sorted(i for i in ids if i.startswith(incomplete))

    return complete


id_option = click.option("--id", "identifier", metavar="ID", help="The id. Default: made from the name.")


@click.group(
    "new",
    short_help="Begin a site, a record or publishing.",
    epilog="""\b
Examples:
  briefings new site korea-desk
  briefings new note "UN offers to mediate" --topic un-mediation
  briefings new actor "António Guterres" --type person

`briefings new note --help` has more of a note, and so have the others.""",
)
def command() -> None:
    """Begin a site, note, actor, topic or source, or the publishing of a site. Nothing that exists is ever overwritten."""


@command.command("site", short_help="Begin a site.", epilog="Example: `briefings new site korea-desk --title 'Korea Desk'`")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", help="The site's name. Default: made from the folder's.")
@click.option("--now", metavar="DAY", help="Date the example's notes by this day. Default: today.")
def new_site(folder: Path, title: str | None, now: str | None) -> None:
    """Begin a site in DIR, which must be empty or not exist: an example that builds, with schemas for your editor."""
    title = _one_line(humanise(folder.resolve().name) or "Briefings" if title is None else title, "--title")
    if folder.is_dir() and any(folder.iterdir()):
        raise Refusal(f"{folder} is not empty", "name a new folder: nothing is ever overwritten")
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"{folder} is a file", "name a new folder")

    from briefings.cli.scaffold import starter, write_site

    write_site(folder, starter(title, _today(now)))
    click.echo(f"Created {folder}: 3 notes, 2 topics, 3 actors, 2 sources and a page, as an example.\n")
    click.echo("Next:\n")
    if folder.resolve() != Path.cwd():
        click.echo(f"  cd {shlex.quote(str(folder))}")
    click.echo('  briefings serve --open\n  briefings new note "Your first note" --topic north-channel\n')
    click.echo("README.md says what is where. Before you publish, set url in content/site.yaml.")


@command.command(
    "note",
    short_help="Begin a note.",
    epilog="""\b
Examples:
  briefings new note "UN offers to mediate" --kind wire --topic un-mediation
  briefings new note "Talks: day two" --actor un --actor antonio-guterres:speaker

It prints the path of the new file and nothing else: `$EDITOR "$(briefings new note "…")"` opens it.""",
)
@click.argument("title")
@click.option("--kind", help="One of the kinds that content/site.yaml declares. Default: brief.")
@click.option(
    "--topic",
    "topics",
    multiple=True,
    shell_complete=_ids_of("topic"),
    metavar="ID",
    help="A topic; the first is the main one. May be repeated.",
)
@click.option(
    "--actor",
    "actors",
    multiple=True,
    shell_complete=_ids_of("actor"),
    metavar="ID[:ROLE]",
    help="An actor, with its part. May be repeated.",
)
@click.option("--summary", default="", help="One or two sentences.")
@click.option("--date", metavar="DATE", help="A day, or an instant with offset. Default: today in the site's time zone.")
@click.option("--draft", is_flag=True, help="Keep it out of builds for now.")
@id_option
@site_option
def new_note(
    title: str,
    kind: str | None,
    topics: tuple[str, ...],
    actors: tuple[str, ...],
    summary: str,
    date: str | None,
    draft: bool,
    identifier: str | None,
    site: Path | None,
) -> None:
    """Begin a note called TITLE in content/notes/, by its year, and print the path."""
    from briefings.cli.inventory import take_inventory
    from briefings.content.schema.dates import Moment, zone

    title, folder = _one_line(title, "TITLE"), site_folder(site)
    config = site_config(folder)
    kind = kind or ("brief" if "brief" in config.kinds else next(iter(config.kinds), "brief"))
    if kind not in config.kinds:
        raise Refusal(f'there is no kind of note "{kind}"', did_you_mean(kind, config.kinds, f"the kinds are {', '.join(config.kinds)}"))
    timezone = zone(config.timezone)
    try:
        moment = Moment(date or instant(None, folder).astimezone(timezone).date().isoformat())
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--date") from None
    inventory = take_inventory(folder)
    involved = [(name, role) for name, _, role in (actor.partition(":") for actor in actors)]
    if config.undeclared == "error":
        _all_known("topic", topics, inventory)
        _all_known("actor", [name for name, _ in involved], inventory)
    note_id = _free_id("note", title, identifier, inventory)
    day = moment.day(timezone)
    path = f"content/notes/{day:%Y}/{day:%m-%d}-{note_id}.md"
    new = record_files.NewNote(
        title,
        moment.text,
        kind,
        summary=_one_line(summary, "--summary") if summary else "",
        topics=topics,
        actors=involved,
        headings=config.kinds[kind].headings,
        draft=draft,
    )
    _write(folder, path, record_files.note(new))


@command.command("actor", epilog='Example: `briefings new actor "António Guterres" --type person`')
@click.argument("name")
@click.option("--type", "kind", type=click.Choice(("person", "organization", "state")), required=True, help="What it is.")
@id_option
@site_option
def new_actor(name: str, kind: str, identifier: str | None, site: Path | None) -> None:
    """Begin an actor called NAME in content/actors/, and print the path."""
    _new_record("actor", record_files.actor(_one_line(name, "NAME"), kind), name, identifier, site_folder(site))


@command.command("topic", epilog='Example: `briefings new topic "Missile launches" --broader dprk-nuclear`')
@click.argument("name")
@click.option(
    "--broader", multiple=True, shell_complete=_ids_of("topic"), metavar="ID", help="A topic that this one is part of. May be repeated."
)
@id_option
@site_option
def new_topic(name: str, broader: tuple[str, ...], identifier: str | None, site: Path | None) -> None:
    """Begin a topic called NAME in content/topics/, and print the path."""
    from briefings.cli.inventory import take_inventory

    folder = site_folder(site)
    if site_config(folder).undeclared == "error":
        _all_known("topic", broader, take_inventory(folder))
    _new_record("topic", record_files.topic(_one_line(name, "NAME"), broader), name, identifier, folder)


@command.command("source", epilog='Example: `briefings new source "TASS" --type "news agency" --url https://tass.com/`')
@click.argument("name")
@click.option("--url", default="", help="Its web address.")
@click.option("--type", "kind", default="", metavar="TEXT", help="What it is: news agency, official document …")
@id_option
@site_option
def new_source(name: str, url: str, kind: str, identifier: str | None, site: Path | None) -> None:
    """Begin a source called NAME in content/sources/, and print the path."""
    from briefings.core.urls import is_web

    if url and not is_web(url):
        raise click.BadParameter(f'"{url}" is not an address such as https://example.org/', param_hint="--url")
    text = record_files.source(_one_line(name, "NAME"), _one_line(kind, "--type") if kind else "", url)
    _new_record("source", text, name, identifier, site_folder(site))


@command.command("workflow", short_help="Begin publishing with GitHub Pages.", epilog="Example: `briefings new workflow`")
@click.option("--branch", metavar="NAME", help="The branch that is published. Default: the current one.")
@site_option
def new_workflow(branch: str | None, site: Path | None) -> None:
    """Write the workflow that lets GitHub build, audit and publish the site: .github/workflows/pages.yml, and print its path.

    With it comes .github/requirements.txt, which says what the workflow installs, unless there is one.
    """
    from briefings.cli.deploy import refusal
    from briefings.deploy.deploy import distrusted
    from briefings.deploy.git import Git, GitError
    from briefings.deploy.workflow import REQUIREMENTS, WORKFLOW, kept_elsewhere, origin_of_program, requirements, workflow

    folder = site_folder(site)
    git = Git(folder, prompts=False)
    try:
        root = git.root() or folder
    except GitError as error:
        raise refusal(distrusted(git, error)) from None
    branch = branch or git.branch() or "main"
    if not git.is_branch_name(branch):
        raise Refusal(f'"{branch}" cannot be the name of a branch', "choose one such as main")
    fetched = kept_elsewhere(root, folder)
    _write(root, WORKFLOW, workflow(folder.relative_to(root).as_posix(), branch, fetched), otherwise="edit that file")
    installed = requirements(origin_of_program())
    if (root / REQUIREMENTS).exists():
        installed = "it was there already; see that it names briefings"
    else:
        _write(root, REQUIREMENTS, installed)
        if "@" not in installed:
            installed = (
                f"{installed.strip()}. Until a package index has it, write the repository and the commit of your program there instead, "
                "as in: briefings @ git+https://github.com/ada/briefings@<commit>"
            )
    # Otherwise nobody notices before the first run fails.
    click.echo(f"The workflow installs what {REQUIREMENTS} names, and GitHub must be able to install that: {installed.strip()}", err=True)


def _new_record(kind: Kind, text: str, name: str, identifier: str | None, site: Path) -> None:
    from briefings.cli.inventory import bearer_of, take_inventory

    if identifier is None and (bearer := bearer_of(site, kind, name)):
        known, file = bearer
        remedy = f'write "{known}" where you mean it; another {kind} of the same name needs an id of its own: --id'
        raise Refusal(f'the {kind} "{known}" has this name already: {file}', remedy)
    path = f"content/{kind}s/{_free_id(kind, name, identifier, take_inventory(site))}.yaml"
    wired = (site / ".schemas" / f"{kind}.json").is_file()
    _write(site, path, (record_files.modeline(path) if wired else "") + text)


def _free_id(kind: Kind, name: str, identifier: str | None, inventory: Inventory) -> str:
    """Return the id of a new record. Raises Refusal when the id is taken, or when none can be made from the name."""
    if identifier is not None and (not is_id(identifier) or identifier != identifier.lower()):
        raise Refusal(f'"{identifier}" cannot be an id', "use small letters, digits and hyphens, such as un-mediation")
    new = identifier or _slug(name)
    if not new:
        raise Refusal(f'no id can be made from "{name}"', f"choose one: --id some-{kind}")
    if has_device_name(new):
        raise Refusal(f'Windows gives no file the name "{new}"', f"choose another id, such as --id {new}-{kind}")
    if taken := inventory.of(kind).get(new):
        raise Refusal(f'the {kind} "{new}" exists already: {taken}', "choose another id with --id, or edit that file")
    return new


def _slug(name: str) -> str:
    """Make an id from a name: Latin letters lose their accents, so that addresses can be typed; other scripts are kept."""
    letters = unicodedata.normalize("NFC", name.replace("'", "").replace("’", ""))
    slug = slugify("".join(plain if (plain := fold(c)).isascii() else c for c in letters))
    if len(slug) > LONGEST_ID or is_too_long(slug):
        # A character cut in half at the end is dropped.
        kept = slug.encode()[:MAX_ID].decode(errors="ignore")[:LONGEST_ID]
        slug = slug[: len(kept) + 1].rpartition("-")[0] or kept
    return slug


def _all_known(kind: Kind, ids: Iterable[str], inventory: Inventory) -> None:
    for name in ids:
        known = inventory.of(kind)
        if name not in known:
            near = closest(name, known)
            begin = f'begin it with `briefings new {kind} "{humanise(name)}"{" --type …" if kind == "actor" else ""}`'
            raise Refusal(f'there is no {kind} "{name}"', f'did you mean "{near}"?' if near else begin)


def _one_line(text: str, what: str) -> str:
    """Return `text` without space around it. Raises click.BadParameter if it is empty or has a line break or control character."""
    text = unicodedata.normalize("NFC", text.strip())
    if not text:
        raise click.BadParameter("it must not be empty", param_hint=what)
    if any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Zl", "Zp") for c in text):
        raise click.BadParameter("it must be one line of text, without control characters", param_hint=what)
    return text


def _today(now: str | None) -> dt.date:
    """Return the date of a new site: the day of `now`, or else today by this machine's clock."""
    if now is None:
        return instant(None, Path()).astimezone().date()
    try:
        return dt.date.fromisoformat(now[:10])
    except ValueError:
        raise click.BadParameter(f'"{now}" is not a day such as 2017-12-15', param_hint="--now") from None


def _write(site: Path, path: str, text: str, otherwise: str = "choose another id with --id, or edit that file") -> None:
    """Create the file at `path` of `site`, and print its path relative to the current folder. Raises Refusal if the file exists."""
    file = site / path
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise Refusal(f"{file} exists", otherwise) from None
    here = Path.cwd()
    click.echo(file.relative_to(here) if file.is_relative_to(here) else file)
