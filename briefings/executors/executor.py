"""Work that is done in batches, in one of three places: this process, others on this machine, or other machines.

What comes of it never depends on the place.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Generic, Self, TypeVar

from msgspec import Struct

Item = TypeVar("Item")
Result = TypeVar("Result")
Pack = Callable[[Sequence[Item]], Any]
Done = Iterator[tuple[Sequence[Item], Result]]

BATCH = 64
"""Items in a batch: large enough that sending it costs little, small enough that the work ends evenly."""


def _unchanged(given: Any) -> Any:
    return given


def _as_read(_common: object, given: Any) -> Any:
    return given


class Work(Struct, Generic[Result], frozen=True, kw_only=True):
    """What is done to each batch, in three steps. Each is a function of a module, or a `partial` of one, so that it can be sent."""

    doing: str
    """Names the work in messages: `parsing`."""
    read: Callable[[Any], Any] = _unchanged
    """The first step, on this machine: reads from the disk what the batch needs, or does all."""
    make: Callable[[Any, Any], Any] = _as_read
    """The second step, on any machine: makes something of `common` and of what was read. It uses no disk."""
    common: Any = None
    """What all batches need; it is sent to each process once."""
    write: Callable[[Any], Result] = _unchanged
    """The last step, on this machine: takes what `make` returned, may write it to the disk, and returns the result of the batch."""

    def do(self, batch: object) -> Result:
        """All three steps."""
        return self.write(self.make(self.common, self.read(batch)))


class Executor:
    """Where work is done: here in this process, by others in other places.

    It belongs to one thread, and ends with the `with` that it is used in, whatever it is doing then.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self) -> None:
        """Start the processes, or connect to the scheduler, at once; without this call, `map` does so when there is enough work."""

    def close(self) -> None:
        """End what does the work."""

    def submit(self, _doing: str, function: Callable[..., Result], *arguments: object) -> Callable[[], Result]:
        """Have `function` called with `arguments`, in another process where there is one, while this process goes on.

        Returns a function that waits for the result and returns it. `doing` names the task in messages, such as `compiling the theme`.
        """
        return partial(function, *arguments)

    def map(self, work: Work[Result], items: Sequence[Item], pack: Pack[Item]) -> Done[Item, Result]:
        """Do `work` to all `items`, which are paths; gives those of each batch with the result, in any order.

        `pack` is called in this process, and makes of some items the batch that is sent. What `work` raises is raised here, with a note
        of where that was. Raises WorkerDiedError and ClusterError.
        """
        for start in range(0, len(items), BATCH):
            part = items[start : start + BATCH]
            yield part, work.do(pack(part))


def answer(function: Callable[..., Any], *arguments: object) -> bytes:
    """What `function` gives or raises, to be sent to the process that asked for it."""
    try:
        return pickle.dumps((True, function(*arguments)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        import traceback

        # Who asked sees only where it is raised again.
        note = f"\nIn the process that did the work:\n{traceback.format_exc()}"
        return _failed(error, note) or _failed(RuntimeError(f"{type(error).__name__}: {error}"), note)


def _failed(error: Exception, note: str) -> bytes:
    """The answer that raises `error`; empty where it cannot be sent, or would not arrive."""
    error.add_note(note)
    try:
        data = pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
        pickle.loads(data)  # noqa: S301 - it was written right here
    except Exception:
        return b""
    return data


def result_of(answered: bytes) -> Any:
    """The result that an answer holds; raises the exception that it holds."""
    good, result = pickle.loads(answered)  # noqa: S301 - from a process that this one started, or that its user trusts
    if not good:
        raise result
    return result
