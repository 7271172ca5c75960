"""A build by the workers of a Dask scheduler: the bytes of a local build, whoever dies meanwhile; else one line and the old site."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from briefings.cli.main import run as command
from briefings.engine.api import BuildRequest
from briefings.engine.build import build
from briefings.executors import cluster as cluster_module
from briefings.executors.cluster import Cluster
from briefings.executors.executor import BATCH, Work, result_of
from briefings.executors.failures import ClusterError, WorkerDiedError
from tests.kit.small_sites import NOW, REPOSITORY, note, run, small_site, tree, until, write

pytestmark = pytest.mark.slow

NOTES = 3 * BATCH
MANY = [f"item {number}" for number in range(NOTES)]


class Machines:
    """A scheduler and its workers, each a process of this machine that is reached through the loopback alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self.address = ""
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def need(self, workers: int, environment: Mapping[str, str] | None = None) -> None:
        """See to it that there is a scheduler, and so many workers, new ones with this environment."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            self._count += 1
            told = self._folder / f"scheduler-{self._count}.json"
            self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(told))
            until(lambda: told.exists() and told.read_text().endswith("}"))
            self.address = json.loads(told.read_text())["address"]
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < workers:
            self.workers.append(self._start("worker", self.address, "--no-nanny", "--nthreads", "1", environment=environment))

    def _start(self, kind: str, *options: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options, "--host", "127.0.0.1", "--no-dashboard"]
        settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1", "PYTHONPATH": str(REPOSITORY)}
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(program, env={**os.environ, **settings, **(environment or {})}, stdout=log, stderr=log)

    def close(self) -> None:
        """End them."""
        for process in (*self.workers, *([self.scheduler] if self.scheduler else ())):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def shared_machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    made = Machines(tmp_path_factory.mktemp("machines"))
    yield made
    made.close()


@pytest.fixture
def machines(shared_machines: Machines) -> Machines:
    """Two workers."""
    shared_machines.need(2)
    return shared_machines


def edit(version: str, notes: int = NOTES) -> dict[str, str | bytes | None]:
    body = f"{'Some *text* with [a link](topic:mediation). ' * 20}{version}\n"
    return {f"content/notes/n{i}.md": note(f"Note {i}", "2017-12-16", body, topics="[mediation]") for i in range(notes)}


SETTINGS: dict[str, str | bytes | None] = {"content/site.yaml": "title: Desk\nurl: https://desk.example.org/\ntheme: wire\n"}


def failing(_common: object, batch: Sequence[str]) -> None:
    raise FileNotFoundError(2, "No such file or directory", batch[0])


def ending(_common: object, batch: Sequence[str]) -> None:
    # One batch alone: two of them would fell both workers, and nobody would be left to try either again.
    if MANY[0] in batch:
        os._exit(1)


def test_the_bytes_are_those_of_a_local_build_though_a_worker_dies(machines: Machines, tmp_path: Path) -> None:
    site = small_site(tmp_path / "site", SETTINGS | edit("first"))
    write(site, {"content/notes/withheld.md": note("Withheld", draft="true")})
    died: list[subprocess.Popen[bytes]] = []

    def kill(stage: str, done: int, total: int) -> None:
        if stage == "parse" and 0 < done < total and not died:
            died.append(machines.workers[0])
            machines.workers[0].kill()

    request = BuildRequest(site.resolve(), site / "_site", NOW, scheduler=machines.address)
    assert build(request, kill).ok
    assert died
    assert run(site, output=tmp_path / "clean", clean=True).ok
    assert tree(site / "_site") == tree(tmp_path / "clean")
    # What has changed since is made anew, by workers that share no memory of the first time.
    write(site, edit("second", NOTES - 10) | {"content/notes/n7.md": None})
    assert build(request).ok
    assert run(site, output=tmp_path / "clean", clean=True).ok
    assert tree(site / "_site") == tree(tmp_path / "clean")


def test_what_goes_wrong_on_a_worker_is_told_here(machines: Machines) -> None:
    with Cluster(machines.address, 1) as cluster:
        with pytest.raises(FileNotFoundError) as caught:
            list(cluster.map(Work(doing="failing", make=failing), MANY, list))
        assert "in failing" in "".join(caught.value.__notes__)
        # One that fells each worker that it is given to is not tried without end.
        with pytest.raises(WorkerDiedError, match="one worker after another has died while ending") as killed:
            list(cluster.map(Work(doing="ending", make=ending), MANY, list))
        assert killed.value.files
        assert set(killed.value.files) <= {*MANY}


def test_a_scheduler_that_goes_away_leaves_the_old_site(
    machines: Machines, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = small_site(tmp_path, SETTINGS)
    assert run(site).ok
    before = tree(site / "_site")
    write(site, edit("new"))

    def kill(stage: str, done: int, _total: int) -> None:
        if stage == "parse" and done and machines.scheduler:
            machines.scheduler.kill()

    with pytest.raises(ClusterError, match="has gone away"):
        build(BuildRequest(site.resolve(), site / "_site", NOW, scheduler=machines.address), kill)
    assert tree(site / "_site") == before
    # The next one cannot be reached at all.
    monkeypatch.setattr(cluster_module, "_CONNECT", 1)
    capfd.readouterr()
    assert command(["build", "--site", str(site), "--scheduler", machines.address.removeprefix("tcp://"), "--quiet"]) == 1
    error, remedy = capfd.readouterr().err.splitlines()
    assert error.startswith(f"error: the scheduler {machines.address.removeprefix('tcp://')} cannot be used: ")
    assert remedy == "  mend that, or build without --scheduler"
    assert tree(site / "_site") == before


def test_another_version_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"briefings-99.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: briefings\nVersion: 99.0\n"})
    with ExitStack() as stack:
        machines = Machines(tmp_path)
        stack.callback(machines.close)
        machines.need(1, {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(REPOSITORY)))})
        cluster = stack.enter_context(Cluster(machines.address, 1))
        with pytest.raises(ClusterError, match=r"^the worker tcp:\S+ has briefings 99\.0, and this machine has 0\."):
            cluster.begin()


def test_a_worker_with_other_sources_does_nothing() -> None:
    """Of the same version, as while one works on the program: it may have joined after the build began."""
    with pytest.raises(ClusterError, match="another version of Python, briefings or a library"):
        result_of(cluster_module._made(b"another program", b"never read", b"never read"))


def test_a_little_is_done_here() -> None:
    with Cluster("127.0.0.1:1", 1) as cluster:
        assert [*cluster.map(Work(doing="nothing"), MANY[:BATCH], tuple)] == [(MANY[:BATCH], tuple(MANY[:BATCH]))]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--scheduler", "local"], "--scheduler needs Dask, which is not installed\n  pip install 'briefings[cluster]'\n"),
        (["--scheduler", "nonsense"], '"nonsense" is neither HOST:PORT, such as 192.0.2.7:8786, nor "local"\n'),
    ],
    ids=["no Dask", "no address"],
)
def test_what_cannot_be_asked_for(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert command(["build", "--site", str(small_site(tmp_path)), *options]) == 2
    assert said in capsys.readouterr().err
