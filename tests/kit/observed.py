"""What can be seen of a piece of work from outside: the steps it takes, the files it opens, the processes it starts."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

PROGRAM = "/briefings/"
"""A part of the path of every module of the program."""


def steps(work: Callable[[], object], among: str = PROGRAM) -> int:
    """Count the lines that `work` runs in modules whose path has `among` in it, each as often as it is run."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace if among in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def processes_end(work: Callable[[], object]) -> bool:
    """Whether a process that this one had started, in `work` or before, has ended meanwhile: each has memory of its own to fill."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt
    work()
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_minflt > before


@contextmanager
def files_opened(folder: Path) -> Iterator[set[str]]:
    """Collect the files in `folder` that this process opens during the block, by their paths from there."""
    start = f"{folder}/"
    opened: set[str] = set()
    watching = True

    def observe(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "open" and str(arguments[0]).startswith(start):
            opened.add(str(arguments[0]).removeprefix(start))

    # Nobody can ask Python to stop telling.
    sys.addaudithook(observe)
    try:
        yield opened
    finally:
        watching = False
