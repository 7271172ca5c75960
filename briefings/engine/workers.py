"""Work in batches, in this process or over several; the results never depend on which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

from briefings.engine.beside import Beside
from briefings.engine.worker import Method, Worker

if TYPE_CHECKING:
    from briefings.engine.processes import Processes

Item = TypeVar("Item")
Result = TypeVar("Result")

BATCH = 64
"""Items in a batch: large enough that sending it costs little, small enough that the work ends evenly."""


class Workers:
    """Applies a method of `Worker` to batches: here, or where there are many, in worker processes. Batches and results can be pickled."""

    def __init__(self, jobs: int, files: int | None = None, worker: Worker | None = None) -> None:
        """Use up to `jobs` processes for a site of so many `files`, where that is known; what is done in this one is done by `worker`."""
        self._jobs = jobs
        self._few = files is not None and files <= jobs * BATCH
        self._worker = worker or Worker()
        self._pool: Processes | None = None
        self._beside: Beside[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin with the processes now: a process that already has threads should not start others."""
        if self._pool is None and self._jobs > 1:
            # A small build does without processes and what they need.
            from briefings.engine.processes import Processes

            self._pool = Processes(self._jobs)

    def close(self) -> None:
        """End the processes, if there are any, whatever they do."""
        for work in (self._pool, self._beside):
            if work is not None:
                work.close()
        self._pool = self._beside = None

    def map(self, method: Method, common: Any, tasks: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """For each task its index and its result, as they are done. `common` is what all have in common."""
        if self._pool is None and (self._jobs < 2 or len(tasks) <= self._jobs):
            # A few batches are done before the processes would be up.
            for index, task in enumerate(tasks):
                yield index, getattr(self._worker, method)(common, task)
            return
        self.start()
        assert self._pool is not None  # for more than one job  # noqa: S101
        yield from self._pool.map(method, common, tasks)

    def beside(self, task: Callable[[], Result], doing: str) -> Callable[[], Result]:
        """Begin a task, which is `doing` something, beside all that is done next, if more processes may be started; what is given waits."""
        self._beside = Beside(task, doing, apart=self._jobs > 1 and not self._few and self._pool is None)
        return self._beside.result


def batches(items: Sequence[Item], size: int = BATCH) -> list[Sequence[Item]]:
    """`items` in order, cut into batches."""
    return [items[i : i + size] for i in range(0, len(items), size)]
