"""`briefings serve`: start the server, and print on the terminal what it tells."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefings.cli.failures import Failure
from briefings.cli.options import COLOR, MARKINGS, colored, instant, is_terminal, processors, site_folder, site_option
from briefings.core.text import printable

if TYPE_CHECKING:
    import datetime as dt
    import socket

    from briefings.core.config import Editor
    from briefings.core.diagnostics import Diagnostic
    from briefings.serve.messages import Failed, Message, Rebuilt
    from briefings.site.visibility import Audience

AUDIENCES = (*MARKINGS, "desk")
EDITORS = ("vscode", "cursor", "idea", "none")
_NAMED = 3
"""The greatest number of changed files that a line names."""


@click.command(
    "serve",
    short_help="Show the site while it is being edited.",
    epilog="""\b
Examples:
  briefings serve --open
  briefings serve --follow --editor idea
  briefings serve --audience TLP:CLEAR --now 2017-12-31

Ctrl-C ends it. Exit codes: 0 ended; 1 no port is free; 2 wrong usage.""",
)
@site_option
@click.option("--host", default="127.0.0.1", metavar="HOST", help="The address to listen at. Default: 127.0.0.1, this machine alone.")
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="A name under which a proxy or a forwarded port shows the site. May be repeated.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, metavar="N", help="Default: 8000. The next free one if it is taken.")
@click.option("--open", "browse", is_flag=True, help="Open the site in the browser.")
@click.option("--follow", is_flag=True, help="Have open pages go to the note that is being saved.")
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    help="For whom the site is shown. Default: desk, which sees drafts and embargoes, too; TLP:CLEAR where other machines may look.",
)
@click.option("--now", metavar="WHEN", help="Show the site as of a day or an instant with offset. Default: the present, as it moves.")
@click.option("--editor", type=click.Choice(EDITORS), help="What links to files open them in. Default: `editor` in site.yaml, else vscode.")
@click.option("--poll", is_flag=True, help="Scan the folder instead of listening to the system, as network drives need it.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes for the first build. Default: one per processor.")
@click.option(
    "--color", type=click.Choice(COLOR), default="auto", help="Default: auto, which is colour on a terminal unless NO_COLOR is set."
)
def command(
    site: Path | None,
    host: str,
    hosts: tuple[str, ...],
    port: int,
    browse: bool,
    follow: bool,
    audience: Audience | None,
    now: str | None,
    editor: Editor | None,
    poll: bool,
    jobs: int | None,
    color: str,
) -> int:
    """Show the site in a browser while it is being edited: each save is seen at once, and problems where one looks.

    Nothing is written to _site. While the content has errors, the last good site is shown, with what is wrong.
    """
    folder = site_folder(site)
    moment = instant(now, folder) if now or os.environ.get("SOURCE_DATE_EPOCH") else None

    from briefings.cli.hosts import Endpoint, is_loopback, names_of
    from briefings.serve.live import Live
    from briefings.serve.machine import Machine
    from briefings.serve.run import run
    from briefings.serve.settings import Settings, Viewer

    # watchdog logs each folder that it meets twice, which does no harm.
    warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
    host = host.strip("[]")
    is_local = is_loopback(host) and not hosts
    viewer = Viewer(audience or ("desk" if is_local else "TLP:CLEAR"), moment)
    listener = _listener(host, port)
    endpoint = Endpoint(host, int(listener.getsockname()[1]))
    terminal = Terminal(endpoint.origin, color=colored(color, sys.stderr), bar=is_terminal(sys.stderr))
    if endpoint.port != port:
        terminal.say(f"Port {port} is taken.", "yellow")
    settings = Settings(
        names=names_of(host),
        port=endpoint.port,
        proxied=frozenset(name.lower() for name in hosts),
        editor=editor,
        follow=follow,
        private=not is_local and viewer.audience != "desk",
    )
    _settle(folder, terminal)
    live = Live(folder, viewer, terminal.tell, Machine(poll=poll, jobs=jobs or processors()))
    if not is_local:
        terminal.say(_for_others((*hosts, *endpoint.addresses_for_others(live.base)), viewer.audience), "yellow")

    def ready(_: object) -> None:
        address = endpoint.origin + live.base
        click.echo(f"Serving {folder.name}, shown to {_named(viewer.audience)}{_as_of(moment)}, at {address} (Ctrl-C ends it)")
        if browse:
            _open(address)

    with contextlib.closing(terminal), contextlib.suppress(KeyboardInterrupt):
        run(live, listener, settings, ready)
    return 0


def _for_others(names: tuple[str, ...], audience: Audience) -> str:
    """Say under which `names` other machines reach the site, and for whom it is shown there."""
    return f"Others may look, at {' or '.join(names)}: the site is shown to {_named(audience)}."


def _listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens at `host`, on `port` or the next free one."""
    from briefings.serve.run import bind

    try:
        return bind(host, port)
    except OSError as error:
        raise Failure(f"cannot listen at {host}: {error.strerror or error}", "name another --host or --port") from None


def _open(address: str) -> None:
    """Open the browser at `address`, without waiting for it."""
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _named(audience: Audience) -> str:
    return "the desk" if audience == "desk" else audience


def _as_of(moment: dt.datetime | None) -> str:
    return f" as of {moment:%Y-%m-%d %H:%M %Z}" if moment else ""


def _settle(folder: Path, terminal: Terminal) -> None:
    """Finish what a build into the output began, as every command does; but what is served is not what was published."""
    from briefings.engine.lock import UnfinishedOutputError, finish

    try:
        finish(folder, folder / "_site", waiting=lambda: terminal.say("waiting for another build to end"))
    except UnfinishedOutputError as error:
        terminal.say(f"{error}; serving goes on without it", "yellow")


class Terminal:
    """Prints the messages of a server, and each problem once."""

    def __init__(self, origin: str = "", *, color: bool, bar: bool) -> None:
        """Print for a server at `origin`, its address without the path of the site."""
        from briefings.cli.progress import ProgressDisplay

        self._origin = origin
        self._color = color
        self._progress = ProgressDisplay(bar=bar and not os.environ.get("CI"), lines=True)
        self._warned: frozenset[Diagnostic] = frozenset()
        self._wrong: frozenset[Diagnostic] = frozenset()

    def tell(self, message: Message) -> None:
        """Print what is new in `message`."""
        from briefings.serve.messages import Failed, Notice, Progressed, RootMoved

        if isinstance(message, Progressed):
            self._progress(message.stage, message.done, message.total)
            return
        self.close()
        if isinstance(message, Notice):
            self.say(message.text, "yellow")
        elif isinstance(message, RootMoved):
            self.say(f"The site is now at {self._origin}{message.base}, as site.yaml says; its former addresses lead there.", "yellow")
        elif isinstance(message, Failed):
            self._failed(message)
        else:
            self._rebuilt(message)

    def say(self, text: str, hue: str | None = None) -> None:
        """Print a line about the server itself."""
        click.echo(click.style(text, fg=hue) if self._color and hue else text, err=True, color=self._color)

    def close(self) -> None:
        """Remove the bar."""
        self._progress.__exit__(None, None, None)

    def _failed(self, message: Failed) -> None:
        from briefings.cli.report import counted, problems

        new = [p for p in message.problems if p not in self._warned and p not in self._wrong]
        self._wrong = frozenset(message.problems)
        if new:
            self.say(problems(new, color=self._color))
        built = f"; to see the site as it was last built, open {message.built} in the browser" if message.built else ""
        rest = "the other pages are shown" if message.partly else f"there is nothing to show yet{built}"
        self.say(f"{counted(message.problems)}; {'the last good site is shown' if message.shown else rest}.", "red")

    def _rebuilt(self, message: Rebuilt) -> None:
        from briefings.cli.report import duration, problems
        from briefings.core.text import plural

        warnings = frozenset(message.edition.warnings)
        new = [w for w in message.edition.warnings if w not in self._warned]
        # Pages that are still broken have been reported.
        self._warned, self._wrong = warnings, self._wrong & frozenset(message.broken)
        if new:
            self.say(problems(new, color=self._color))
        counts = message.edition.known.header.counts
        if message.first:
            what = f"{plural(counts.notes, 'note')}, {plural(counts.topics, 'topic')}, {plural(counts.actors, 'actor')}"
            self.say(f"{what}: {plural(counts.pages, 'page')} in {duration(message.seconds)}")
            return
        named = printable(", ".join(message.changed[:_NAMED])) or ("the files are as they were" if message.mended else "the clock moved on")
        more = f" and {len(message.changed) - _NAMED:,} more" if len(message.changed) > _NAMED else ""
        mended, hue = ("mended: ", "green") if message.mended else ("", None)
        self.say(f"{mended}{named}{more} → {plural(message.pages, 'page')} in {duration(message.seconds)}", hue)
