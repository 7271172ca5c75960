"""System calls that fail, and builds that they interrupt."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefings.publication.disk import Disk
from briefings.publication.tree import is_unfinished
from tests.kit.small_sites import run


class Failing:
    """A system call that fails once, at its n-th use."""

    def __init__(self, call: Callable[..., None], when: int, number: int) -> None:
        """Wrap `call` so that use `when`, counted from 1, fails with the error `number`."""
        self._call = call
        self.left = when
        self._number = number

    def __call__(self, *arguments: Any) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(self._number, os.strerror(self._number), *arguments[:1])
        self._call(*arguments)


def refusing(number: int) -> Callable[..., None]:
    """Return a system call that always fails with the error `number`."""

    def call(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return call


def cut_short(site: Path) -> None:
    """Interrupt a build while its files are moved: some are in place, and a journal lists the others."""
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        # The first move is the journal's, the second that of the interim manifest or a page.
        run(site, disk=Disk(replace=Failing(os.replace, 4, errno.EIO)))
    assert is_unfinished(site / "_site")
