"""What keeps an executor from having work done."""

from __future__ import annotations


class WorkerDiedError(Exception):
    """A process that did a part of the work was ended from outside. `files` are the first and the last item of its batch, if it had one."""

    def __init__(self, message: str, files: tuple[str, str] | None = None) -> None:
        super().__init__(message)
        self.files = files


class ClusterError(Exception):
    """A scheduler, or a worker of it, cannot do what a build asks of it."""
