"""Run tasks of one kind in step: all take the first step, then all take the second, which is quicker than one after another.

The code and tables that a step needs are still in the processor's cache when the next task takes the same step.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TypeVar

Result = TypeVar("Result")

Steps = Generator[None, None, Result]
"""A task that yields between its steps. Other tasks run meanwhile, and must not affect it; what it holds stays in memory."""


def together(tasks: Iterable[Steps[Result]]) -> list[Result]:
    """Run all `tasks` in step and return their results in order. An exception in one of them ends all, and is raised."""
    results: dict[int, Result] = {}
    waiting = dict(enumerate(tasks))
    count = len(waiting)
    while waiting:
        for number, task in [*waiting.items()]:
            try:
                next(task)
            except StopIteration as end:
                results[number] = end.value
                del waiting[number]
    return [results[number] for number in range(count)]


def alone(task: Steps[Result]) -> Result:
    """Run one task to its end and return its result."""
    return together([task])[0]
