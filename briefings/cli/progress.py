"""How far a build has come: a bar on a terminal, and now and then a plain line anywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click
from msgspec import Struct

from briefings.cli.report import duration

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

PATIENCE = 0.4
"""Seconds for which a terminal shows nothing, because a short build needs no bar."""
SILENCE = 10.0
"""Seconds after which a build in a pipe or in CI says how far it is."""
REDRAW = 0.1
"""Seconds between two drawings of the bar."""


class Stage(Struct, frozen=True):
    """A stage of the build that is over."""

    name: str
    total: int
    """How many files or pages it went through."""
    seconds: float


class Progress:
    """Follows a build; called with a stage's name and how much of it is done. A context manager: the bar is gone when it ends."""

    def __init__(self, *, bar: bool, lines: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """Draw a bar (`bar`), or print a line whenever a long build was silent for long (`lines`), or neither."""
        self.stages: list[Stage] = []
        self._bar = bar
        self._lines = lines
        self._clock = clock
        self._stage = ""
        self._total = 0
        self._began = self._stage_began = self._spoke = clock()
        self._rich: RichProgress | None = None
        self._task: TaskID | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note that `done` of `total` files or pages have gone through `stage`."""
        now = self._clock()
        if stage != self._stage:
            self._close_stage(now)
            self._stage, self._stage_began = stage, now
            if stage == "wait" and self._lines:
                click.echo("waiting for another build of this site to end", err=True)
        self._total = total
        if self._bar and now - self._began >= PATIENCE and (now - self._spoke >= REDRAW or self._rich is None):
            self._draw(stage, done, total)
            self._spoke = now
        elif self._lines and now - self._spoke >= SILENCE:
            click.echo(f"{stage}: {done:,} of {total:,}" if total else f"{stage} …", err=True)
            self._spoke = now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close_stage(self._clock())
        if self._rich is not None:
            self._rich.stop()
            self._rich = None

    def _close_stage(self, now: float) -> None:
        if self._stage:
            self.stages.append(Stage(self._stage, self._total, now - self._stage_began))
            self._stage = ""

    def _draw(self, stage: str, done: int, total: int) -> None:
        if self._rich is None or self._task is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
            from rich.progress import Progress as RichProgress

            # No thread redraws it: the build may fork, and a fork copies locks but not the threads that hold them.
            columns = (TextColumn("{task.description:<7}"), BarColumn(), MofNCompleteColumn())
            self._rich = RichProgress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
            self._rich.start()
            self._task = self._rich.add_task(stage, total=total)
        self._rich.update(self._task, description=stage, completed=done, total=total or None, refresh=True)


def timetable(stages: list[Stage]) -> str:
    """One line per stage, with how much went through it where that was counted: `render    0.41 s  112`."""
    return "\n".join(f"{stage.name:<8}{duration(stage.seconds):>9}{f'  {stage.total:,}' if stage.total else ''}" for stage in stages)
