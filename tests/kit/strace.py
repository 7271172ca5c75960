"""Run builds under strace: list their system calls, and let one of them fail."""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import re
import select
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from briefings.cli import main as command_line
from briefings.executors.program import program_digest
from tests.kit.small_sites import NOW, REPOSITORY

CALLS = (
    *("write", "pwrite64", "openat", "fsync", "fdatasync", "ftruncate", "rename", "renameat", "renameat2", "link", "linkat"),
    *("unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "chmod", "fchmod", "read", "pread64"),
)
"""The system calls that may fail; a `?` before a name lets strace ignore calls that the machine lacks."""


class Call(Struct, frozen=True, order=True):
    """One use of a system call in a build, counted from 1."""

    name: str
    number: int


class Ended(Struct, frozen=True):
    """The end of a build."""

    code: int
    """The exit code, or minus the signal that killed the build."""
    output: str
    """The text that the build printed."""
    log: str
    """The log of strace."""


class Straced:
    """A process that has loaded the program and forks a child for each build, so that strace sees no start-up."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.kit.strace"]
        self._server = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.communicate()

    def build(self, site: Path, log: Path, call: Call | None = None, fault: str = "", always: str = "") -> Ended:
        """Build `site` in one process; `fault` (`error=EIO`, `signal=KILL`) happens at `call`, `always` at all calls that it names."""
        assert self._server.stdin
        assert self._server.stdout
        injected = [f"{call.name}:{fault}:when={call.number}"] if call else []
        injected += [always] if always else []
        self._server.stdin.write(json.dumps([str(site), str(log), injected]) + "\n")
        self._server.stdin.flush()
        code, output = json.loads(self._server.stdout.readline())
        return Ended(code, output, log.read_text(encoding="utf-8"))


def calls(log: str, *places: str) -> list[Call]:
    """Return the calls in a log of strace that concern a path with one of `places` in it."""
    found, counts = [], Counter[str]()
    for line in log.splitlines():
        name = line.partition("(")[0]
        if name in CALLS:
            counts[name] += 1
            if any(place in line for place in places):
                found.append(Call(name, counts[name]))
    return found


def available() -> str:
    """Return why strace cannot be used; empty when it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True, encoding="utf-8", check=False)
    return "" if tried.returncode == 0 else f"strace may not be used: {tried.stderr.strip()}"


def _serve() -> None:
    """Do one build for each line of standard input."""
    # First imports of modules, and the digest of the program, are not tested, and take longer than the build.
    for module in ("briefings.engine.stages", "briefings.cli.build", "briefings.cli.progress", "briefings.cli.report"):
        importlib.import_module(module)
    program_digest()
    for line in sys.stdin:
        site, log, injected = json.loads(line)
        sys.stdout.write(json.dumps(_build(site, log, injected)) + "\n")
        sys.stdout.flush()


def _build(site: str, log: str, injected: list[str]) -> tuple[int, str]:
    gate, opener = os.pipe()
    waiting, ready = os.pipe()
    said = f"{log}.said"
    child = os.fork()
    if child == 0:
        os.close(opener)
        _child(site, gate, ready, said)
    os.close(gate)
    os.close(ready)
    # The child's own preparations must not be counted among the calls that may fail.
    os.read(waiting, 1)
    os.close(waiting)
    # If a fault is injected, only its own call is of interest; tracing every call takes longer than the build.
    traced = sorted({fault.partition(":")[0] for fault in injected}) if any(":when=" in fault for fault in injected) else CALLS
    command = ["strace", "-y", "-o", log, "-e", f"trace={','.join(f'?{name}' for name in traced)}", "-p", str(child)]
    for fault in injected:
        command += ["-e", f"inject={fault}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as tracer:
        assert tracer.stderr
        attached = tracer.stderr.readline()
        os.write(opener, b"!")
        os.close(opener)
        _, status = os.waitpid(child, 0)
        attached += tracer.stderr.read()
    if not re.search(r"Process \d+ attached", attached):
        raise RuntimeError(attached)
    return os.waitstatus_to_exitcode(status), Path(said).read_text(encoding="utf-8")


def _child(site: str, gate: int, ready: int, said: str) -> None:
    code = 70
    try:
        output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)
        if hasattr(ctypes.CDLL(None), "prctl"):
            any_process, set_tracer = ctypes.c_ulong(-1), 0x59616D61
            ctypes.CDLL(None).prctl(set_tracer, any_process)
        os.write(ready, b"!")
        # Reading would be counted too.
        select.select([gate], [], [])
        code = command_line.run(["build", "--site", site, "--jobs", "1", "--now", NOW.isoformat()])
        sys.stdout.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()
