"""A test that hangs fails, whatever it waits for."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.bounds import TookTooLongError, bounded


@given(st.integers())
def example(_number: int) -> None:
    threading.Event().wait()


def worn_down() -> None:
    """Goes on after what should have ended it, once."""
    with suppress(BaseException):
        example()
    subprocess.run([sys.executable, "-c", "import time; time.sleep(600)"], check=True)


def locked() -> None:
    """Waits for a lock that it has itself, as builds wait for one another."""
    first, second = (os.open(Path(__file__).parent, os.O_RDONLY) for _ in range(2))
    try:
        fcntl.flock(first, fcntl.LOCK_EX)
        fcntl.flock(second, fcntl.LOCK_EX)
    finally:
        os.close(first)
        os.close(second)


@pytest.mark.parametrize("hanging", [example, locked, worn_down], ids=lambda hanging: hanging.__name__)
def test_what_hangs_is_ended_and_says_where_it_was(hanging: Callable[[], None], capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(TookTooLongError, match=r"did not end within 0\.3 s"), bounded(0.3, again=0.3):
        hanging()
    assert f"in {hanging.__name__}" in capfd.readouterr().err
