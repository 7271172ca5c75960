"""A task that a copy of this process does has the result that it has here, and nothing is left of the copy."""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from functools import partial

import pytest

from briefings.build.beside import Beside, spread
from briefings.build.report import WorkerDiedError
from tests.kit import PATIENCE, REPOSITORY

FORKS = pytest.mark.skipif(sys.platform == "win32", reason="no process can be copied here")


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The copies that are made of this process, which may have other children."""
    made: list[int] = []
    begin = os.fork

    def fork() -> int:
        copy = begin()
        made.append(copy)
        return copy

    monkeypatch.setattr(os, "fork", fork)
    return made


@pytest.mark.parametrize("apart", [False, True])
def test_a_task_sees_what_there_is_in_memory(apart: bool) -> None:
    seen = {"before": 1}
    with Beside(lambda: (dict(seen), os.getpid()), "looking", apart=apart) as task:
        result, process = task.result()
    assert result == seen
    assert (process != os.getpid()) is (apart and sys.platform != "win32")


def test_beside_other_threads_it_is_done_here() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with Beside(os.getpid, "looking") as task:
            assert task.result() == os.getpid()
    finally:
        done.set()
        thread.join()


@FORKS
def test_where_no_process_can_be_added_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    with Beside(os.getpid, "looking") as task:
        assert task.result() == os.getpid()


def _wrong(_paths: Sequence[str] = ()) -> int:
    raise FileNotFoundError(2, "No such file or directory", "page.html")


@pytest.mark.parametrize("apart", [False, True])
def test_what_it_raises_is_raised(apart: bool) -> None:
    with Beside(_wrong, "looking", apart=apart) as task, pytest.raises(FileNotFoundError) as caught:
        task.result()
    assert caught.value.filename == "page.html"


@FORKS
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_copy_that_is_ended_from_outside_is_an_error(number: signal.Signals, copies: list[int]) -> None:
    with (
        Beside(lambda: os.kill(os.getpid(), number), "looking at the output") as task,
        pytest.raises(WorkerDiedError, match="ended from outside while looking at the output"),
    ):
        task.result()
    assert [_is_child(copy) for copy in copies] == [False]


@FORKS
def test_a_copy_whose_result_nobody_wants_is_ended(copies: list[int]) -> None:
    with Beside(partial(time.sleep, 60), "waiting"):
        assert [_is_child(copy) for copy in copies] == [True]
    assert [_is_child(copy) for copy in copies] == [False]


_INTERRUPTED = """
import os, signal, time
from briefings.build.beside import Beside

def fork(real=os.fork):
    copy = real()
    if copy:
        os.kill(os.getpid(), signal.SIGINT)
    return copy

os.fork = fork
before = os.dup(0)
try:
    Beside(lambda: time.sleep(60), "waiting")
except KeyboardInterrupt:
    try:
        os.waitpid(-1, os.WNOHANG)
        print("there is a child")
    except ChildProcessError:
        print("no child,", os.dup(0) - before - 1, "files")
"""


@FORKS
def test_ctrl_c_while_the_copy_is_made_leaves_nothing() -> None:
    """In a process of its own: a signal comes to whichever thread will have it, and those who run tests have more than one."""
    done = subprocess.run([sys.executable, "-c", _INTERRUPTED], cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "no child, 0 files\n"), done.stderr


@FORKS
def test_where_children_are_forgotten_at_once_nothing_is_missed() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with Beside(os.getpid, "looking") as task:
            assert task.result() != os.getpid()
    finally:
        signal.signal(signal.SIGCHLD, before)


@FORKS
def test_a_result_that_cannot_be_sent_says_so() -> None:
    with Beside(lambda: lambda: None, "looking") as task, pytest.raises((AttributeError, pickle.PicklingError), match="lambda"):
        task.result()


def _is_child(process: int) -> bool:
    """Whether this process began the other one and has not yet heard of its end."""
    try:
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 10, 1000])
def test_all_items_are_worked_on(count: int, jobs: int) -> None:
    parts = [*spread(lambda numbers: list(numbers), list(range(count)), jobs, "working")]
    assert sorted(number for part in parts for number in part) == list(range(count))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_part_raises_is_raised(jobs: int) -> None:
    with pytest.raises(FileNotFoundError):
        list(spread(_wrong, [f"{n}" for n in range(600)], jobs, "working"))


@FORKS
def test_processes_end_with_the_one_that_began_them() -> None:
    """Also where it is killed before it has read what they found."""
    code = (
        "import os, sys, time\nfrom briefings.build.beside import spread\n"
        "def work(paths):\n    os.write(1, b'%d\\n' % os.getpid())\n    time.sleep(0.5)\n    return bytes(1_000_000)\n"
        "list(spread(work, [str(n) for n in range(600)], 2, 'working'))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pids = [int(parent.stdout.readline()) for _ in range(2)]
        parent.kill()
        # Its end is theirs: the last of them closes what they print to.
        ended = select.select([parent.stdout], [], [], PATIENCE)[0]
        for pid in [] if ended else pids:
            os.kill(pid, signal.SIGKILL)
    assert ended
