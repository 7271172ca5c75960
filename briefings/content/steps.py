"""Work in steps: tasks of one kind that take each step together, because that is quicker than one task after another.

What a step needs (the program's code and its tables) is still at hand in the processor when the next task takes the same step.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import TypeVar

Result = TypeVar("Result")

Steps = Generator[None, None, Result]
"""A task. Where it yields, others may catch up; what they do there must make no difference to it, and what it holds stays in memory."""


def together(tasks: Iterable[Steps[Result]]) -> list[Result]:
    """The results of all `tasks`, in their order. What one of them raises ends all, and is raised."""
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
    """The result of one task."""
    return together([task])[0]
