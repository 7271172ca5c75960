"""How the command line refuses: a message, what to do about it, and an exit code."""

from __future__ import annotations

import click

CONTENT_ERROR = 1
"""The content has errors, or the disk does not let us write."""
WRONG_USAGE = 2
"""The command was given something that it cannot work with."""
INTERRUPTED = 130
"""The user pressed Ctrl-C (128 + SIGINT, as shells have it)."""
TERMINATED = 143
"""The process was told to end (128 + SIGTERM)."""
BROKEN_PIPE = 141
"""The reader of our output went away (128 + SIGPIPE)."""


class Termination(BaseException):
    """The process was told to end: what it began must be cleared away first, as after Ctrl-C."""


class Refusal(click.ClickException):
    """A command cannot do what it was asked, for a reason that its user can mend."""

    exit_code = WRONG_USAGE

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class Failure(Refusal):
    """A command could not do its work, though it was asked for nothing wrong."""

    exit_code = CONTENT_ERROR
