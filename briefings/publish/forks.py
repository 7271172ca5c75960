"""Work on many files by copies of this process, which have all that it has in memory."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import wait
from typing import Any, TypeVar

from briefings.build.report import WorkerDiedError

Result = TypeVar("Result")

_FEW = 500
"""Files that are sooner done than divided."""


def spread(work: Callable[[Sequence[str]], Result], paths: Sequence[str], jobs: int) -> Iterator[Result]:
    """The result of `work` for each of a few parts of `paths`, in any order; what it is can be pickled.

    Raises WorkerDiedError when a copy was ended from outside, and what `work` raises here where nothing is divided.
    """
    if jobs < 2 or len(paths) < _FEW or "fork" not in multiprocessing.get_all_start_methods():
        yield work(paths)
        return
    context = multiprocessing.get_context("fork")
    processes = []
    pipes: list[Any] = []
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        for job in range(jobs):
            ours, theirs = context.Pipe(duplex=False)
            pipes.append(ours)
            process = context.Process(target=_run, args=(work, paths[job::jobs], theirs, list(pipes)), daemon=True)
            process.start()
            theirs.close()
            processes.append(process)
        while pipes:
            for ready in wait(pipes):
                pipes.remove(ready)
                yield _received(ready)
        for process in processes:
            process.join()
    finally:
        for process in processes:
            process.kill()
            process.join()


def _received(pipe: Any) -> Any:
    try:
        result = pipe.recv()
    except EOFError:
        raise WorkerDiedError("a process that read the tree was ended from outside") from None
    if isinstance(result, Exception):
        raise result
    return result


def _run(work: Callable[[Sequence[str]], object], paths: Sequence[str], pipe: Any, inherited: Sequence[Any]) -> None:
    # Who holds an end to read from would wait for itself when the process that began this one is gone.
    for end in inherited:
        end.close()
    # What this process began is the other one's to clear away.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        pipe.send(work(paths))
    except BrokenPipeError:
        return
    except Exception as error:
        # It is raised again in the process that began this one.
        pipe.send(error)
