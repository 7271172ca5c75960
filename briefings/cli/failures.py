"""How a command refuses or fails: with a message, a remedy and an exit code."""

from __future__ import annotations

import click

CONTENT_ERROR = 1
"""Exit code for errors in the content, or a disk that cannot be written."""
WRONG_USAGE = 2
"""Exit code for arguments that a command cannot work with."""
INTERRUPTED = 130
"""Exit code after Ctrl-C (128 + SIGINT, as in shells)."""
TERMINATED = 143
"""Exit code after a request to end the process (128 + SIGTERM)."""
BROKEN_PIPE = 141
"""Exit code when the reader of our output has gone (128 + SIGPIPE)."""


class Termination(BaseException):
    """Raised when the process is asked to end, so that unfinished work is cleaned up as after Ctrl-C."""


class Refusal(click.ClickException):
    """Raised when a command cannot do what its user asked; the message and the remedy say what the user can do about it."""

    exit_code = WRONG_USAGE

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class Failure(Refusal):
    """Raised when a command fails although it was asked for nothing wrong."""

    exit_code = CONTENT_ERROR
