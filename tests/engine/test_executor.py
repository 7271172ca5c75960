"""Work gives the same wherever it is done, what goes wrong there is told here, and no process is left of it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from briefings.content.parse import parse
from briefings.core.config import SiteConfig
from briefings.executors.executor import BATCH, Executor, Work
from briefings.executors.failures import WorkerDiedError
from briefings.executors.processes import Processes
from tests.kit.small_sites import PATIENCE, REPOSITORY, note

PLACES: dict[str, Callable[[], Executor]] = {
    "here": Executor,
    "copies": partial(Processes, 2, "fork"),
    "programs": partial(Processes, 2, "spawn"),
}
FORKS = pytest.mark.skipif(sys.platform == "win32", reason="no process can be copied here")
MANY = [f"item {number}" for number in range(5 * BATCH)]


@pytest.fixture(params=[pytest.param(name, marks=FORKS if name == "copies" else ()) for name in PLACES])
def place(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with PLACES[request.param]() as made:
        yield made


class UnsentError(Exception):
    """An error that does not survive being sent: it is made from two values and remembers one."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)


def joined(common: str, batch: list[str]) -> str:
    return f"{common}: {' '.join(batch)}"


def failing(_common: object, batch: Sequence[str]) -> str:
    raise FileNotFoundError(2, "No such file or directory", batch[0])


def failing_oddly(_common: object, _batch: object) -> str:
    raise UnsentError("told", "lost")


def ending(_common: object, _batch: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def taken(batch: Sequence[str]) -> list[str]:
    return [f"<{item}>" for item in batch]


@pytest.mark.parametrize("count", [0, 1, BATCH, len(MANY)])
def test_all_items_are_worked_on_in_three_steps(count: int, place: Executor) -> None:
    place.begin()
    work: Work[int] = Work(doing="joining", read=taken, make=joined, common="all", write=len)
    items = MANY[:count]
    parts = [tuple(items[start : start + BATCH]) for start in range(0, count, BATCH)]
    assert {tuple(part): size for part, size in place.map(work, items, tuple)} == {p: len(joined("all", taken(p))) for p in parts}
    # The next work finds nothing of the last one.
    assert sorted(item for part, _ in place.map(Work(doing="nothing"), items, tuple) for item in part) == sorted(items)


def test_a_task_beside_the_work(place: Executor) -> None:
    task = place.submit("adding", sum, (1, 2, 3))
    other = place.submit("failing", failing, None, ["a.md"])
    assert len([*place.map(Work(doing="joining", make=joined, common="all"), MANY, list)]) == 5
    assert task() == 6
    with pytest.raises(FileNotFoundError):
        other()


def test_a_task_that_nobody_has_begun_is_done_when_it_is_asked_for(place: Executor) -> None:
    assert place.submit("asking", os.getpid)() == os.getpid()


def test_what_is_raised_is_raised_with_the_place_where_that_was(place: Executor) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        list(place.map(Work(doing="failing", make=failing), MANY, list))
    assert str(caught.value.filename).startswith("item ")
    told = "".join(getattr(caught.value, "__notes__", ())) + "".join(str(entry) for entry in caught.traceback)
    assert "raise FileNotFoundError(2" in told
    assert "in failing" in told


def test_an_error_that_cannot_be_sent_says_so(place: Executor) -> None:
    with pytest.raises((UnsentError, RuntimeError), match="told"):
        list(place.map(Work(doing="failing", make=failing_oddly), MANY, list))


def test_a_result_that_cannot_be_sent_says_so() -> None:
    with Processes(2) as processes, pytest.raises(Exception, match="pickle"):
        list(processes.map(Work(doing="opening", read=_opened), MANY, list))


def _opened(_batch: object) -> object:
    return sys.stdin


@pytest.mark.parametrize("start", [pytest.param("fork", marks=FORKS), "spawn"])
def test_a_process_that_is_ended_from_outside_is_an_error_that_names_its_batch(start: str) -> None:
    with Processes(2, start) as processes, pytest.raises(WorkerDiedError, match="ended from outside while ending") as caught:
        list(processes.map(Work(doing="ending", make=ending), MANY, list))
    assert caught.value.files in [(MANY[i], MANY[i + BATCH - 1]) for i in range(0, len(MANY), BATCH)]


# ── What is left ─────────────────────────────────────────────────────────────

_ALONE = """
import os, signal, sys, time
from briefings.executors.executor import Work
from briefings.executors.processes import Processes

copies = []

def fork(real=os.fork):
    copy = real()
    if copy:
        copies.append(copy)
        meanwhile()
    return copy

def meanwhile():
    pass

def left():
    for copy in copies:
        try:
            os.waitid(os.P_PID, copy, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            yield True
        except ChildProcessError:
            yield False

def sleep(batch):
    os.write(1, b'%d\\n' % os.getpid())
    time.sleep(0.5)

os.fork = fork
items = [str(number) for number in range(1000)]
work = Work(doing="sleeping", read=sleep)
"""
"""A program that starts copies of itself. `left()` says of each whether it is still a child that has not ended."""


def alone(code: str) -> str:
    """What `code` prints in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _ALONE + code], cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@FORKS
def test_processes_are_ended_whatever_they_are_doing() -> None:
    code = "with Processes(2) as processes:\n    processes.begin()\n    print(*left())\nprint(*left())\n"
    assert alone(code) == "True True\nFalse False\n"


@FORKS
def test_ctrl_c_while_processes_start_leaves_nothing() -> None:
    code = """
def meanwhile():
    os.kill(os.getpid(), signal.SIGINT)

before = os.dup(0)
try:
    Processes(2, "fork").begin()
except KeyboardInterrupt:
    print(*left(), os.dup(0) - before - 1, "files")
"""
    assert alone(code) == "False False 0 files\n"


@FORKS
def test_where_children_are_forgotten_at_once_nothing_is_missed() -> None:
    code = """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
with Processes(2, "fork") as processes:
    print(sum(len(part) for part, _ in processes.map(Work(doing="nothing"), items, tuple)))
print(*left())
"""
    assert alone(code) == "1000\nFalse False\n"


@FORKS
def test_processes_end_with_the_one_that_began_them() -> None:
    """Also where it is killed while they work."""
    code = 'list(Processes(2, "fork").map(work, items, tuple))\n'
    with subprocess.Popen([sys.executable, "-c", _ALONE + code], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pids = [int(parent.stdout.readline()) for _ in range(2)]
        parent.kill()
        # Its end is theirs: the last of them closes what they print to.
        ended = select.select([parent.stdout], [], [], PATIENCE)[0]
        for pid in [] if ended else pids:
            os.kill(pid, signal.SIGKILL)
    assert ended


# ── Threads ──────────────────────────────────────────────────────────────────

CODES = {
    "modula2": ("(*!m2pim*)\nMODULE A;\n", "VAR x : LONGCARD;\n"),
    "mime": ("Content-Type: multipart/mixed; boundary=x\n\n--x\n", "a\n\n<b>c</b>\n"),
    "python": ("def f(): ...\n", "x = 1\n"),
}
"""Code in languages whose lexers keep notes of the text that they are at."""


def test_several_threads_may_parse_at_once() -> None:
    """What one of them parses does not show in what another does, nor in what comes after it."""
    bodies = [f"*a* [b](note:n{n})\n\n```{name}\n{code}```\n" for name, codes in CODES.items() for n, code in enumerate(codes)]
    texts = {f"content/notes/n{n}.md": note(f"Note {n}", body=body * 3).encode() for n, body in enumerate(bodies)}
    alone = {path: parse(path, data, SiteConfig(title="T")).html for path, data in reversed(texts.items())}
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as threads:
            paths = [*texts, *reversed(texts)] * 5
            found = [*threads.map(lambda path: (path, parse(path, texts[path], SiteConfig(title="T")).html), paths)]
    finally:
        sys.setswitchinterval(before)
    assert all(html == alone[path] for path, html in found)
