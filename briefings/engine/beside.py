"""Tasks done by copies of this process, which have all that it has in memory, while it goes on with something else."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import Generic, NoReturn, Self, TypeVar

from briefings.engine.api import WorkerDiedError
from briefings.engine.signals import signals_held, signals_left

Item = TypeVar("Item")
Result = TypeVar("Result")

MANY = 2000
"""Published files that take longer to look at than a copy takes to begin."""
_FEW = 500
"""Items that are sooner done than divided."""


class Beside(Generic[Result]):
    """A task that a copy of this process does, as a context manager at whose end the copy is gone; its result must be picklable.

    Whatever the copy changes in memory is lost.
    """

    def __init__(self, task: Callable[[], Result], doing: str, *, apart: bool = True) -> None:
        """Begin with `task`, which is `doing` something.

        Not `apart`, or where no process can be copied, it is done here when its result is asked for.
        """
        self._task = task
        self._doing = doing
        self._copy: int | None = None
        self._pipe = -1
        # A copy has the locks of all threads, but not the threads that would open them.
        if apart and sys.platform != "win32" and threading.active_count() == 1:
            self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def result(self) -> Result:
        """Wait for the result; to be called once.

        Raises what the task raised, and WorkerDiedError when its process was ended from outside.
        """
        if self._copy is None:
            return self._task()
        with open(self._pipe, "rb", closefd=False) as answers:
            data = answers.read()
        try:
            good, result = pickle.loads(data)  # noqa: S301 - written by a copy of this very process
        except (EOFError, pickle.UnpicklingError):
            raise WorkerDiedError(f"a process was ended from outside while {self._doing}") from None
        finally:
            self.close()
        if not good:
            raise result
        found: Result = result
        return found

    def close(self) -> None:
        """End the copy, whatever it does."""
        with signals_held():
            copy, self._copy = self._copy, None
            if copy is not None:
                os.close(self._pipe)
                # Where the system is told to forget children at once, it may be gone already.
                with suppress(ProcessLookupError, ChildProcessError):
                    os.kill(copy, signal.SIGKILL)
                    os.waitpid(copy, 0)

    def _begin(self) -> None:
        ours, theirs = os.pipe()
        try:
            with signals_held():
                copy = os.fork()
                if copy == 0:
                    os.close(ours)
                    self._do(theirs)
                self._copy, self._pipe = copy, ours
        except OSError:
            # There are too many processes; what this one can do, it does.
            os.close(ours)
        except BaseException:
            # A signal that was held back is answered as soon as it is let through.
            self.close()
            raise
        finally:
            os.close(theirs)

    def _do(self, pipe: int) -> NoReturn:
        """The life of the copy. Nothing that this process began, such as what it has yet to print, is the copy's to end."""
        status = 1
        try:
            signals_left()
            try:
                answer = pickle.dumps((True, self._task()))
            except Exception as error:
                import traceback

                # It is raised again in the process that asked, which cannot see where it was raised here.
                error.add_note(traceback.format_exc())
                answer = pickle.dumps((False, error))
            with open(pipe, "wb") as answers:
                answers.write(answer)
            status = 0
        finally:
            os._exit(status)


def spread(work: Callable[[Sequence[Item]], Result], items: Sequence[Item], jobs: int, doing: str) -> Iterator[Result]:
    """The result of `work` for each of a few parts of `items`, in any order of these.

    Raises WorkerDiedError when a copy was ended from outside, and what `work` raises.
    """
    apart = jobs > 1 and len(items) >= _FEW
    parts = [items[part::jobs] for part in range(jobs)] if apart else [items]
    with ExitStack() as stack:
        for task in [stack.enter_context(Beside(partial(work, part), doing, apart=apart)) for part in parts]:
            yield task.result()
