"""Work in batches, in this process or over several; the results never depend on which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

from briefings.build.desk import Desk, Method

if TYPE_CHECKING:
    from briefings.build.processes import Processes

Item = TypeVar("Item")

HERE = -1
"""The number of the worker that is this process."""
BATCH = 64
"""Items in a batch: large enough that sending it costs little, small enough that the work ends evenly."""


class Workers:
    """Applies a method of `Desk` to batches: here, or where there are many, in worker processes. Batches and results can be pickled."""

    def __init__(self, jobs: int, files: int | None = None) -> None:
        """Up to `jobs` processes for a site of so many `files`; None where that is not known yet."""
        self._jobs = jobs
        self._few = files is not None and files <= jobs * BATCH
        self._desk = Desk()
        self._pool: Processes | None = None
        self._beside: Processes | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, if there are any, whatever they do."""
        for processes in (self._pool, self._beside):
            if processes is not None:
                processes.close()
        self._pool = self._beside = None

    def map(self, method: Method, tasks: Sequence[Any], homes: Sequence[int | None] = ()) -> Iterator[tuple[int, int, Any]]:
        """For each task its index, the worker that did it and the result, as they are done.

        `homes` may name the worker that has a task's texts at hand; any other would give the same result, later.
        """
        if self._pool is None and (self._jobs < 2 or len(tasks) <= self._jobs):
            # A few batches are done before the processes would be up.
            for index, task in enumerate(tasks):
                yield index, HERE, getattr(self._desk, method)(task)
            return
        if self._pool is None:
            # A small build does without processes and what they need.
            from briefings.build.processes import Processes

            self._pool = Processes(self._jobs)
        yield from self._pool.map(method, tasks, homes)

    def beside(self, method: Method, task: Any) -> Callable[[], Any]:
        """Begin one task beside all that is done next; what is returned waits for its result."""
        if self._jobs < 2 or self._few:
            done = getattr(self._desk, method)(task)
            return lambda: done
        from briefings.build.processes import Processes

        process = self._beside = Processes(1)
        results = process.map(method, [task])

        def result() -> Any:
            _, _, found = next(results)
            process.close()
            return found

        return result


def batches(items: Sequence[Item], size: int = BATCH) -> list[Sequence[Item]]:
    """`items` in order, cut into batches."""
    return [items[i : i + size] for i in range(0, len(items), size)]
