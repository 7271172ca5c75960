"""Worker processes: a few of them, each with a pipe, that end with the build however it ends."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from briefings.engine.api import WorkerDiedError
from briefings.engine.signals import signals_held, signals_left
from briefings.engine.worker import Method, ParseBatch, Worker

if TYPE_CHECKING:
    Pipe = Connection[Any, Any]

START = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"


class _Order(Struct, frozen=True):
    """What is to be done with the tasks that follow, and what they have in common."""

    method: Method
    common: Any


class Processes:
    """A few processes, each with a `Worker` of its own and a pipe to it."""

    def __init__(self, jobs: int, start: str = START) -> None:
        """Start `jobs` processes by the method `start`: fork or spawn."""
        context = multiprocessing.get_context(start)
        self._pipes: list[Pipe] = []
        self._processes = []
        try:
            with signals_held():
                for _ in range(jobs):
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

    def map(self, method: Method, common: Any, tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """The results as they come. `common` is sent to each process once. Raises WorkerDiedError, and what a batch raised."""
        waiting = iter(range(len(tasks)))
        busy: dict[Pipe, int] = {}

        def give(pipe: Pipe, *first: object) -> None:
            """Let the worker behind a pipe begin with a task, if any is left; `first` is sent before it."""
            index = next(waiting, None)
            if index is None:
                return
            try:
                for message in (*first, tasks[index]):
                    pipe.send(message)
            except OSError:
                raise _died(method, index, tasks) from None
            busy[pipe] = index

        for pipe in self._pipes:
            give(pipe, _Order(method, common))
        while busy:
            for ready in wait(list(busy)):
                pipe = cast("Pipe", ready)
                index = busy.pop(pipe)
                try:
                    good, result = pipe.recv()
                except (EOFError, OSError):
                    raise _died(method, index, tasks) from None
                if not good:
                    raise result
                give(pipe)
                yield index, result

    def close(self) -> None:
        """End the processes, whatever they do."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.join()
        self._pipes, self._processes = [], []


_DOING: Mapping[Method, str] = {"parse": "parsing", "render": "rendering"}


def _died(method: Method, index: int, tasks: Sequence[Any]) -> WorkerDiedError:
    message = f"a worker process was ended from outside while {_DOING[method]} batch {index + 1} of {len(tasks)}"
    task = tasks[index]
    paths = task.paths if isinstance(task, ParseBatch) else [page.path for page in task.pages]
    return WorkerDiedError(message, (paths[0], paths[-1]))


def _work(pipe: Pipe, inherited: list[Pipe]) -> None:
    """The life of a worker: do one task after another until the pipe is closed."""
    signals_left()
    for other in inherited:
        # A forked worker has the parent's ends of the pipes, and would keep them open after the parent's death.
        other.close()
    # What a build makes holds no cycles; looking for some would cost a tenth of its time.
    gc.disable()
    worker = Worker()
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        if isinstance(task, _Order):
            do, common = getattr(worker, task.method), task.common
            continue
        try:
            answer: tuple[bool, Any] = (True, do(common, task))
        except Exception as error:
            # It is raised again in the parent.
            answer = (False, error)
        try:
            pipe.send(answer)
        except BrokenPipeError:
            # The parent is gone, and so is the need for an answer.
            return
