"""Processes of this machine that do the work, each at the end of a pipe; they end with the build, however it ends."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from briefings.executors.executor import BATCH, Done, Executor, Item, Pack, Result, Work, answer, result_of
from briefings.executors.failures import WorkerDiedError
from briefings.executors.signals import signals_held, signals_left

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    Pipe = Connection[Any, Any]

START = "spawn" if sys.platform in ("win32", "darwin") else "fork"
"""How a process starts: as a copy of this one, which is quicker, where the system's own libraries bear that."""


def executor_for(jobs: int, scheduler: str = "") -> Executor:
    """The workers of the scheduler at an address; else up to `jobs` processes of this machine, or for one job this process."""
    if scheduler:
        from briefings.executors.cluster import Cluster

        return Cluster(scheduler, jobs)
    return Processes(jobs) if jobs > 1 else Executor()


class _Given(Struct, eq=False):
    """A task of a process."""

    doing: str
    names: tuple[str, str] | None
    """The first and the last of a batch's items."""
    message: tuple[Callable[..., Any] | None, object]
    """A function and its arguments, or no function and a batch."""
    answered: bytes = b""

    def died(self) -> WorkerDiedError:
        return WorkerDiedError(f"a worker process was ended from outside while {self.doing}", self.names)


class Processes(Executor):
    """A few processes of this machine; for less work than is worth their start, this process."""

    def __init__(self, jobs: int, start: str = START) -> None:
        """Use `jobs` processes, which start by the method `start`: fork or spawn."""
        self._jobs = jobs
        self._start = start
        self._pipes: list[Pipe] = []
        self._processes: list[Any] = []
        self._postponed: list[_Given] = []
        """Tasks that wait for the start of the processes."""
        self._idle: list[Pipe] = []
        self._busy: dict[Pipe, _Given] = {}
        self._sent: dict[Pipe, Work[Any]] = {}
        """The work that was sent to each process; the batches sent after it are for that work."""

    def begin(self) -> None:
        """Start the processes: before this one has threads, where that can be."""
        if self._pipes:
            return
        import multiprocessing

        context = multiprocessing.get_context(self._start)
        try:
            with signals_held():
                for _ in range(self._jobs):
                    ours, theirs = context.Pipe()
                    self._pipes.append(ours)
                    process = context.Process(target=_work, args=(theirs, list(self._pipes)), daemon=True)  # type: ignore[attr-defined]  # each kind has it
                    process.start()
                    theirs.close()
                    self._processes.append(process)
        except BaseException:
            # A signal that was held back is answered as soon as it is let through.
            self.close()
            raise
        self._idle = list(self._pipes)

    def close(self) -> None:
        """End the processes, whatever they are doing."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.join()
        self._pipes, self._processes, self._idle, self._busy, self._sent = [], [], [], {}, {}

    def submit(self, doing: str, function: Callable[..., Result], *arguments: object) -> Callable[[], Result]:
        """Give the task to a process when processes are started; if its result is asked for before that, do it here."""
        given = _Given(doing, None, (function, arguments))
        self._postponed.append(given)

        def result() -> Result:
            if given in self._postponed:
                self._postponed.remove(given)
                return function(*arguments)
            while not given.answered:
                self._receive()
            return cast("Result", result_of(given.answered))

        return result

    def map(self, work: Work[Result], items: Sequence[Item], pack: Pack[Item]) -> Done[Item, Result]:
        """Do `work` to the items, a batch in each process at a time."""
        if not self._pipes and len(items) <= self._jobs * BATCH:
            yield from super().map(work, items, pack)
            return
        self.begin()
        while self._postponed:
            self._give(self._postponed.pop())
        waiting: list[tuple[Sequence[Item], _Given]] = []
        for start in range(0, len(items), BATCH):
            part = items[start : start + BATCH]
            given = _Given(work.doing, (str(part[0]), str(part[-1])), (None, pack(part)))
            self._give(given, work)
            waiting.append((part, given))
            yield from _answered(waiting)
        while waiting:
            self._receive()
            yield from _answered(waiting)

    def _give(self, given: _Given, work: Work[Any] | None = None) -> None:
        """Let a process begin with a task, as soon as one is idle; a batch's comes with its `work`."""
        while not self._idle:
            self._receive()
        pipe = self._idle.pop()
        try:
            if work is not None and self._sent.get(pipe) is not work:
                pipe.send(work)
                self._sent[pipe] = work
            pipe.send(given.message)
        except OSError:
            raise given.died() from None
        self._busy[pipe] = given

    def _receive(self) -> None:
        """Wait until a process, or several, have done their tasks."""
        from multiprocessing.connection import wait

        for ready in wait(list(self._busy)):
            pipe = cast("Pipe", ready)
            given = self._busy.pop(pipe)
            try:
                given.answered = pipe.recv_bytes()
            except (EOFError, OSError):
                raise given.died() from None
            self._idle.append(pipe)


def _answered(waiting: list[tuple[Sequence[Item], _Given]]) -> Iterator[tuple[Sequence[Item], Any]]:
    """Take out the batches that are done, and give them with their results."""
    done = [one for one in waiting if one[1].answered]
    waiting[:] = [one for one in waiting if not one[1].answered]
    for part, given in done:
        yield part, result_of(given.answered)


def _work(pipe: Pipe, inherited: list[Pipe]) -> None:
    """The life of a process: one task after another, until the pipe is closed."""
    signals_left()
    for other in inherited:
        # A copy of a process has its ends of all pipes, and would keep them open after its death.
        other.close()
    # What a build makes holds no cycles; looking for some would cost a tenth of its time.
    gc.disable()
    work: Work[Any] | None = None
    while True:
        try:
            message = pipe.recv()
            if isinstance(message, Work):
                work = message
                continue
            function, arguments = message
            pipe.send_bytes(answer(function, *arguments) if function else answer(cast("Work[Any]", work).do, arguments))
        except (EOFError, OSError):
            # The process that asked is gone, and so is the need for an answer.
            return
