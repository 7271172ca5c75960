"""A task that a copy of this process does has the result that it has here, and nothing is left of the copy."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

import pytest

from briefings.engine.beside import Beside, spread
from tests.kit.small_sites import PATIENCE, REPOSITORY

FORKS = pytest.mark.skipif(sys.platform == "win32", reason="no process can be copied here")


_ALONE = """
import os, pickle, signal, time
from briefings.engine.beside import Beside
from briefings.engine.api import WorkerDiedError

copies = []

def fork(real=os.fork):
    copy = real()
    copies.append(copy)
    return copy

os.fork = fork

def left():
    for copy in copies:
        try:
            os.waitid(os.P_PID, copy, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            yield True
        except ChildProcessError:
            yield False
"""


def alone(code: str) -> str:
    """What `code` prints in a process of its own: where tests run, threads of other tests may keep copies from being made.

    Its `left()` says of each copy whether it is still a child that has not ended, or whose end is not yet known.
    """
    done = subprocess.run([sys.executable, "-c", _ALONE + code], cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


_SEEN = """
seen = {"before": 1}
with Beside(lambda: (dict(seen), os.getpid()), "looking", apart=%r) as task:
    result, process = task.result()
print(result, process != os.getpid())
"""


@pytest.mark.parametrize("apart", [False, pytest.param(True, marks=FORKS)])
def test_a_task_sees_what_there_is_in_memory(apart: bool) -> None:
    assert alone(_SEEN % apart) == f"{{'before': 1}} {apart}\n"


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


_ENDED = """
with Beside(lambda: os.kill(os.getpid(), signal.%s), "looking at the output") as task:
    try:
        task.result()
    except WorkerDiedError as error:
        print(error, *left())
"""


@FORKS
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_a_copy_that_is_ended_from_outside_is_an_error(name: str) -> None:
    assert alone(_ENDED % name) == "a process was ended from outside while looking at the output False\n"


_UNWANTED = """
with Beside(lambda: time.sleep(60), "waiting"):
    print(*left())
print(*left())
"""


@FORKS
def test_a_copy_whose_result_nobody_wants_is_ended() -> None:
    assert alone(_UNWANTED) == "True\nFalse\n"


_INTERRUPTED = """
def interrupted(real=os.fork):
    copy = real()
    if copy:
        os.kill(os.getpid(), signal.SIGINT)
    return copy

os.fork = interrupted
before = os.dup(0)
try:
    Beside(lambda: time.sleep(60), "waiting")
except KeyboardInterrupt:
    print(*left(), os.dup(0) - before - 1, "files")
"""


@FORKS
def test_ctrl_c_while_the_copy_is_made_leaves_nothing() -> None:
    assert alone(_INTERRUPTED) == "False 0 files\n"


_FORGOTTEN = """
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
with Beside(os.getpid, "looking") as task:
    print(task.result() != os.getpid(), *left())
"""


@FORKS
def test_where_children_are_forgotten_at_once_nothing_is_missed() -> None:
    assert alone(_FORGOTTEN) == "True False\n"


_UNSENT = """
with Beside(lambda: lambda: None, "looking") as task:
    try:
        task.result()
    except (AttributeError, pickle.PicklingError) as error:
        print("lambda" in str(error))
"""


@FORKS
def test_a_result_that_cannot_be_sent_says_so() -> None:
    assert alone(_UNSENT) == "True\n"


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
        "import os, sys, time\nfrom briefings.engine.beside import spread\n"
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
