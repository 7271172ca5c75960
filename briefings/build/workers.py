"""Work in batches, in this process or over several; the results never depend on which."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Protocol, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

FEW = 64
"""Below so many files, starting processes costs more than it saves."""
BATCH = 100
"""Files in a batch: large enough that sending it costs little, small enough that the work ends evenly."""


class WorkerDiedError(Exception):
    """A worker process was ended from outside; the message names its batch."""


class Workers(Protocol):
    """Applies a function to batches. Function, batches and results can be pickled."""

    def map(self, function: Callable[[Task], Result], batches: Sequence[Task]) -> Iterator[Result]:
        """The results in the order of the batches."""
        ...


class InProcess:
    """No other process."""

    def map(self, function: Callable[[Task], Result], batches: Sequence[Task]) -> Iterator[Result]:
        """The results in the order of the batches."""
        return map(function, batches)


class Processes:
    """A pool of worker processes."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def map(self, function: Callable[[Task], Result], batches: Sequence[Task]) -> Iterator[Result]:
        """The results in the order of the batches. Raises WorkerDiedError."""
        done = 0
        try:
            for result in self._pool.map(function, batches):
                done += 1
                yield result
        except BrokenProcessPool:
            raise WorkerDiedError(f"a worker process was ended from outside in batch {done + 1} of {len(batches)}; build again") from None


@contextmanager
def workers(jobs: int, files: int) -> Iterator[Workers]:
    """Workers for a site of so many files: `jobs` processes, or none where they would not pay."""
    if jobs < 2 or files < FEW:
        yield InProcess()
        return
    # A forked child could hold a lock of a thread of ours; only Linux's default start method is free of threads here.
    context = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        yield Processes(pool)


def batches(items: Sequence[Task], size: int = BATCH) -> list[Sequence[Task]]:
    """`items` in order, cut into batches."""
    return [items[i : i + size] for i in range(0, len(items), size)]
