"""The entry point of the command line: it finds the command, runs it and returns the exit code."""

from __future__ import annotations

import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from briefings import __version__
from briefings.cli.failures import BROKEN_PIPE, CONTENT_ERROR, INTERRUPTED, TERMINATED, Refusal, Termination
from briefings.core.text import did_you_mean

COMPLETE_VARIABLE = "_BRIEFINGS_COMPLETE"
"""The environment variable that the shell sets when it asks for completions."""

_MODULES = {
    "build": "briefings.cli.build",
    "serve": "briefings.cli.serve",
    "check": "briefings.cli.check",
    "due": "briefings.cli.due",
    "diff": "briefings.cli.diff",
    "audit": "briefings.cli.audit",
    "deploy": "briefings.cli.deploy",
    "new": "briefings.cli.new",
    "schema": "briefings.cli.schema",
    "theme": "briefings.cli.theme",
    "completion": "briefings.cli.completion",
}


class Commands(click.Group):
    """A group that imports a command only when it is used, so that `--version` and an idle build start at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order in which users need them."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name from its module; None when there is none."""
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(module).command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that `args` begin with. Raises UsageError, with the nearest name, when there is none."""
        if args and args[0] not in _MODULES and not args[0].startswith("-"):
            known = "the commands are " + ", ".join(_MODULES)
            raise click.UsageError(f'there is no command "{args[0]}"; {did_you_mean(args[0], _MODULES, known)}', ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `briefings new site my-desk`, then run `briefings build` in it.",
)
@click.version_option(__version__, prog_name="briefings", message="%(prog)s %(version)s")
def commands() -> None:
    """Turn a folder of Markdown and YAML into a static briefing site: notes, topics, actors and sources."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code: 0 good, 1 errors in the content, 2 wrong usage, 130 interrupted, 143 terminated."""
    try:
        if instruction := os.environ.get(COMPLETE_VARIABLE):
            from click.shell_completion import shell_complete

            return shell_complete(commands, {}, "briefings", COMPLETE_VARIABLE, instruction)
        with commands.make_context("briefings", list(arguments)) as context:
            code = commands.invoke(context)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        _complain(error.format_message(), _remedy(error))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo(f"{_line_break()}Interrupted.", err=True)
        return INTERRUPTED
    except Termination:
        click.echo(f"{_line_break()}Terminated.", err=True)
        return TERMINATED
    except BrokenPipeError:
        return BROKEN_PIPE
    except OSError as error:
        from briefings.core.text import printable

        _complain(printable(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"))
        return CONTENT_ERROR


def main() -> int:
    """Run the command of this process, flush its output, and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A character that the terminal lacks is escaped: no report must fail because of an arrow.
            stream.reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, _terminate)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    code = run(sys.argv[1:])
    # All output is written, so Ctrl-C has nothing left to interrupt.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # it is None when the shell closed it (`>&-`)
            try:
                stream.flush()
            except BrokenPipeError:
                code = BROKEN_PIPE
    return code


def _terminate(*_: object) -> NoReturn:
    """End the run as Ctrl-C does. Another signal must not interrupt the clean-up."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Termination


def _interrupt(*_: object) -> NoReturn:
    """Handle Ctrl-C once."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _line_break() -> str:
    """Return the line break that ends the line on which a terminal shows `^C`."""
    return "\n" if sys.stderr and sys.stderr.isatty() else ""


def _complain(message: str, remedy: str = "") -> None:
    click.echo(f"error: {message}", err=True)
    if remedy:
        click.echo(f"  {remedy}", err=True)


def _remedy(error: click.ClickException) -> str:
    if isinstance(error, Refusal):
        return error.remedy
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"see `{error.ctx.command_path} --help`"
    return ""
