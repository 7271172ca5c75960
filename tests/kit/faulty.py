"""System calls that fail, and builds that are cut short by them."""

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
    """A system call that fails once, at its n-th call."""

    def __init__(self, call: Callable[..., None], when: int, number: int) -> None:
        """Fail with the error `number` when `call` is called for the time `when`, counted from 1."""
        self._call = call
        self.left = when
        self._number = number

    def __call__(self, *arguments: Any) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(self._number, os.strerror(self._number), *arguments[:1])
        self._call(*arguments)


def refusing(number: int) -> Callable[..., None]:
    """A system call that always fails with the error `number`."""

    def call(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return call


def cut_short(site: Path) -> None:
    """Build a site up to the moment when its files are on the move; some have their places already, and a journal tells of the others."""
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        # The first move is that of the journal, the second that of the interim manifest or of a page.
        run(site, disk=Disk(replace=Failing(os.replace, 4, errno.EIO)))
    assert is_unfinished(site / "_site")
