"""Builds that are cut short from outside: what they leave, how they end, and what they say."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from briefings.engine.lock import finish
from briefings.publication.journal import REPLACEMENTS, has_begun
from briefings.publication.tree import STAGING, is_unfinished
from tests.kit.small_sites import PATIENCE, REPOSITORY, note, run, small_site, tree, until, write

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="processes are watched through /proc")]

WIRE = "title: Desk\nurl: https://desk.example.org/\ntheme: wire\n"
NOTES = 300

Start = Callable[..., "Build"]
_PROGRESS = re.compile(r"^\w+: \d+ of \d+\n", re.MULTILINE)
"""What a build says every few seconds, if it takes so long."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published site, all of whose notes are edited before every build that is interrupted."""
    site = small_site(tmp_path_factory.mktemp("desk"), {"content/site.yaml": WIRE})
    assert run(site).ok
    return site


class Build:
    """`briefings build` with three workers, in a process group of its own."""

    def __init__(self, site: Path, *options: str, deaf: bool = False) -> None:
        """Begin it; a `deaf` one is begun as shells begin what runs in the background: Ctrl-C is ignored."""
        self.before = tree(site / "_site")
        command = [sys.executable, "-m", "briefings", "build", "--site", str(site), "--jobs", "3", "--now", "2018-01-01", *options]
        if deaf:
            command = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", *command]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "CI": ""}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment, start_new_session=True
        )

    def workers(self) -> list[int]:
        """The processes that it has started."""
        return [pid for pid, parent, _ in _processes() if parent == self.process.pid]

    def group(self) -> list[int]:
        """The processes of its group that are alive."""
        return [pid for pid, _, group in _processes() if group == self.process.pid]

    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.process.poll() is not None

    def end(self) -> tuple[int, str]:
        """Its exit code and what it said about problems."""
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, _PROGRESS.sub("", said)


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts builds, and ends those that a failing test leaves behind."""
    started: list[Build] = []

    def start(site: Path, *options: str, deaf: bool = False) -> Build:
        started.append(Build(site, *options, deaf=deaf))
        return started[-1]

    yield start
    for build in started:
        for process in build.group():
            os.kill(process, signal.SIGKILL)


def _processes() -> Iterator[tuple[int, int, int]]:
    """Every process that has not ended, its parent and its group."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                yield int(entry.name), int(fields[1]), int(fields[2])


def edit(site: Path, version: object) -> None:
    """Write many notes, each with something in it that no earlier version had."""
    body = f"{'Some *text* with [a link](topic:mediation). ' * 20}{version}\n"
    write(site, {f"content/notes/n{i}.md": note(f"Note {i}", "2017-12-16", body, topics="[mediation]") for i in range(NOTES)})


def staged(site: Path) -> int:
    """How many pages are made and not being published yet."""
    place = site / "_site" / STAGING
    # All of them were published before.
    return 0 if has_begun(str(place)) else sum(1 for _ in place.glob(f"{REPLACEMENTS}/*"))


def busy(workers: list[int]) -> bool:
    """Whether all have started, and one has used some time of the processor."""
    times = []
    for pid in workers:
        # A process may have ended meanwhile.
        with contextlib.suppress(OSError):
            times.append(int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11]))
    return len(times) >= 3 and max(times) >= 5


def amid(desk: Path, start: Start, moment: Callable[[Build], object]) -> Build:
    """A build that has come to this moment; where one was over before anyone looked, the next one."""
    for _ in range(50):
        edit(desk, time.time_ns())
        build = start(desk, "--clean")
        until(lambda b=build: moment(b) or b.is_over())  # type: ignore[misc]  # a default binds the loop's value
        if not build.is_over():
            return build
        assert build.end() == (0, "")
    pytest.fail("every build was over at once")


def assert_as_before(site: Path, build: Build) -> None:
    """The output is as it was when the build began; beside it there is what belongs there."""
    assert tree(site / "_site") == build.before
    assert {p.name for p in site.iterdir()} == {"content", "_site", ".briefings"}


@pytest.mark.parametrize(
    ("number", "code", "line"), [(signal.SIGINT, 130, "Interrupted.\n"), (signal.SIGTERM, 143, "Terminated.\n")], ids=["ctrl-c", "sigterm"]
)
@pytest.mark.parametrize("moment", ["first worker", "last worker", "parsing", "first page", "many pages"])
def test_a_signal_ends_all_processes_and_keeps_the_site(
    number: signal.Signals, code: int, line: str, moment: str, desk: Path, start: Start
) -> None:
    moments: dict[str, Callable[[Build], object]] = {
        "first worker": Build.workers,
        "last worker": lambda build: len(build.workers()) >= 3,
        "parsing": lambda build: busy(build.workers()),
        "first page": lambda _: staged(desk) > 0,
        "many pages": lambda _: staged(desk) > NOTES / 2,
    }
    build = amid(desk, start, moments[moment])
    # A terminal tells every process of the group; `kill` tells one.
    os.killpg(build.process.pid, number) if number == signal.SIGINT else build.process.send_signal(number)
    ended, said = build.end()
    assert (ended, said) == (code, line)
    assert not build.group()
    assert_as_before(desk, build)


def test_ctrl_c_while_the_program_is_being_loaded(tmp_path: Path) -> None:
    write(tmp_path, {"click.py": "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)\n"})
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(REPOSITORY)))}
    ended = subprocess.run(
        [sys.executable, "-m", "briefings", "build"], capture_output=True, encoding="utf-8", env=environment, check=False
    )
    assert (ended.returncode, ended.stderr) == (130, "Interrupted.\n")


def test_ctrl_c_again_and_again_is_ctrl_c(desk: Path, start: Start) -> None:
    build = amid(desk, start, lambda _: staged(desk) > 0)
    for _ in range(5):
        os.killpg(build.process.pid, signal.SIGINT)
        time.sleep(0.003)
    assert build.end() == (130, "Interrupted.\n")
    assert not build.group()
    assert_as_before(desk, build)


def test_where_ctrl_c_is_ignored_a_build_goes_on(desk: Path, start: Start) -> None:
    build = amid(desk, partial(start, deaf=True), lambda _: staged(desk) > 0)
    os.killpg(build.process.pid, signal.SIGINT)
    assert build.end() == (0, "")


@pytest.mark.parametrize("moment", ["parsing", "rendering"])
def test_a_worker_that_is_killed_is_an_error_that_names_its_batch(moment: str, desk: Path, start: Start) -> None:
    build = amid(desk, start, lambda build: busy(build.workers()) if moment == "parsing" else staged(desk))
    os.kill(max(build.workers()), signal.SIGKILL)
    code, said = build.end()
    assert code == 1
    doing = r"(compiling the theme|(parsing|rendering) \(\S+ to \S+\))"
    assert re.fullmatch(rf"error: a worker process was ended from outside while {doing}\n  build again; .*\n", said)
    assert not build.group()
    assert_as_before(desk, build)


@pytest.mark.parametrize("moment", ["parsing", "rendering"])
def test_workers_of_a_killed_build_go_away_in_silence(moment: str, desk: Path, start: Start) -> None:
    build = amid(desk, start, lambda build: busy(build.workers()) if moment == "parsing" else staged(desk))
    build.process.kill()
    assert build.end() == (-signal.SIGKILL, "")
    until(lambda: not build.group())
    finish(desk, desk / "_site", lambda: None)
    assert_as_before(desk, build)


def test_the_build_after_all_this_is_right(desk: Path, start: Start, tmp_path: Path) -> None:
    edit(desk, "done")
    code, said = start(desk).end()
    assert (code, said) == (0, "")
    clean = small_site(tmp_path, {"content/site.yaml": WIRE})
    edit(clean, "done")
    assert run(clean, jobs=1).ok
    assert tree(desk / "_site") == tree(clean / "_site")
    assert not is_unfinished(desk / "_site")


def test_the_second_of_two_builds_waits_and_says_so(desk: Path, start: Start) -> None:
    first = amid(desk, start, lambda _: staged(desk))
    first.process.send_signal(signal.SIGSTOP)
    write(desk, {"content/notes/n0.md": note("Written while the first build ran", "2017-12-16")})
    second = start(desk, "--explain")
    assert second.process.stderr
    assert second.process.stderr.readline() == "waiting for another build to end\n"
    assert second.process.poll() is None
    os.kill(first.process.pid, signal.SIGCONT)
    assert first.end() == (0, "")
    published, said = second.process.communicate(timeout=PATIENCE)
    assert (second.process.returncode, said) == (0, "")
    assert "notes/n0/: " in published
    assert b"Written while the first build ran" in (desk / "_site/notes/n0/index.html").read_bytes()


def test_a_build_that_waits_can_be_interrupted(desk: Path, start: Start) -> None:
    first = amid(desk, start, lambda _: staged(desk))
    first.process.send_signal(signal.SIGSTOP)
    second = start(desk)
    assert second.process.stderr
    assert second.process.stderr.readline()
    second.process.send_signal(signal.SIGINT)
    assert second.end() == (130, "Interrupted.\n")
    first.process.send_signal(signal.SIGCONT)
    assert first.end() == (0, "")
