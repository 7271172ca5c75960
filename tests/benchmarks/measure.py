"""One build as a process of its own: how long it took, how much it computed, how large it grew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LIMIT = 1800
"""Seconds after which a build is ended and the benchmark fails."""


@dataclass(frozen=True)
class Measured:
    """What one build took."""

    wall: float
    """Seconds from the start of the process to its end."""
    cpu: float
    """Seconds of computing, in the process and those it started."""
    peak: float
    """The most memory that one of these processes held, in MiB."""


_MIB = 1024 * 1024 if sys.platform == "darwin" else 1024
"""In the unit in which the system counts a process's memory."""


class BuildFailedError(Exception):
    """A build that ended badly, or did not do what it was for."""


def timed(command: Sequence[str | Path], folder: Path) -> Measured:
    """Run `command` in `folder`, or raise with what it said."""
    log = folder / "build.log"
    with log.open("wb") as said:
        begun = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        alarm = threading.Timer(LIMIT, os.killpg, (process.pid, signal.SIGKILL))
        alarm.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        finally:
            alarm.cancel()
        wall = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        last = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise BuildFailedError(f"{' '.join(map(str, command))} ended with {process.returncode} in {folder}\n{last}")
    return Measured(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / _MIB)


def settle() -> None:
    """Let the disk finish what was written before, so that nobody pays for another's files."""
    os.sync()
    time.sleep(0.2)
