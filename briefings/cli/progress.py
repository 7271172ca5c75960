"""The progress of a build: a bar on a terminal, and occasional lines elsewhere."""

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
"""Seconds before the bar appears: a shorter build needs none."""
SILENCE = 10.0
"""Seconds of silence after which a build outside a terminal prints a line."""
REDRAW = 0.1
"""Seconds between two drawings of the bar."""


class Stage(Struct, frozen=True):
    """A finished stage of a build."""

    name: str
    total: int
    """The number of files or pages in the stage."""
    seconds: float


class ProgressDisplay:
    """Follows a build: it is called with a stage's name and progress. As a context manager it removes the bar at the end."""

    def __init__(self, *, bar: bool, lines: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """Draw a bar (`bar`), or print a line after each long silence (`lines`), or do neither."""
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
        """Record that `done` of `total` files or pages have passed `stage`."""
        now = self._clock()
        if stage != self._stage:
            self._close_stage(now)
            self._stage, self._stage_began = stage, now
            if stage == "wait" and self._lines:
                click.echo("waiting for another build to end", err=True)
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

            # No thread redraws the bar: the build may fork, and a fork copies locks without the threads that hold them.
            columns = (TextColumn("{task.description:<7}"), BarColumn(), MofNCompleteColumn())
            self._rich = RichProgress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
            self._rich.start()
            self._task = self._rich.add_task(stage, total=total)
        self._rich.update(self._task, description=stage, completed=done, total=total or None, refresh=True)


def timetable(stages: list[Stage]) -> str:
    """Return one line for each stage: seconds, and the number of files or pages where counted, as in `render    0.41 s  112`."""
    return "\n".join(f"{stage.name:<8}{duration(stage.seconds):>9}{f'  {stage.total:,}' if stage.total else ''}" for stage in stages)
