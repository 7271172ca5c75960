"""Other machines that do the work, by way of a Dask scheduler. They share no disk with this one: files are read and pages written here."""

from __future__ import annotations

import logging
import pickle
import platform
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, cast

import dask
from distributed import Client, KilledWorker, LocalCluster

from briefings.executors.executor import BATCH, Done, Executor, Item, Pack, Result, Work, answer, result_of
from briefings.executors.failures import ClusterError, WorkerDiedError
from briefings.executors.program import program_digest

LOCAL = "local"
"""Stands for a scheduler and workers that are started on this machine, for one build."""

_LARGEST = 2048
"""Items in the largest batch: a second or more of work."""
_AHEAD = 2
"""Batches that are sent for each thread of the workers, so that none waits for the network."""
_CONNECT = 10
"""Seconds for the scheduler to answer, and for a first worker to be there."""
_LOOK = 5
"""Seconds without a result after which the workers are counted."""
_PATIENCE = 6
"""After how many such looks in a row without a worker a build gives up: whatever supervises workers may start new ones before."""
_OPTIONS = {
    # Of a scheduler that is started here: a batch whose worker has died is given to one other.
    "distributed.scheduler.allowed-failures": 1,
    # Files travel with the tasks, and that is meant.
    "distributed.admin.large-graph-warning-threshold": "1GB",
}


class Cluster(Executor):
    """The workers of a Dask scheduler; for less work than is worth sending, this process."""

    def __init__(self, address: str, jobs: int) -> None:
        """Use the scheduler at `address`; or, where that is LOCAL, one that is started here, with `jobs` workers."""
        self._address = address
        self._jobs = jobs
        self._client: Any = None
        self._ending = ExitStack()

    def begin(self) -> None:
        """Connect to the scheduler. Raises ClusterError, also where it or a worker is another version."""
        if self._client is not None:
            return
        for name in ("distributed", "distributed.client"):
            # What concerns a build is told by the build.
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        # Neither has types.
        where, cluster, connect = cast("Any", self._address), cast("Any", LocalCluster), cast("Any", Client)
        try:
            self._ending.enter_context(dask.config.set(_OPTIONS))
            if where == LOCAL:
                options = {"host": "127.0.0.1", "dashboard_address": None, "memory_limit": 0, "silence_logs": logging.CRITICAL + 1}
                where = self._ending.enter_context(cluster(n_workers=self._jobs, threads_per_worker=1, **options))
            with warnings.catch_warnings():
                # Versions that differ are compared below.
                warnings.simplefilter("ignore")
                client = self._ending.enter_context(connect(where, timeout=_CONNECT, set_as_default=False))
            client.wait_for_workers(1, timeout=_CONNECT)
            versions = client.get_versions(packages=["briefings"])
        except Exception as error:
            # An address of no machine gives an AssertionError, for one.
            raise ClusterError(f"the scheduler {self._address} cannot be used: {_words(error)}") from None
        _refuse_others(versions)
        self._client = client

    def close(self) -> None:
        """Disconnect from the scheduler, which then drops the tasks of this build; end it where it was started for this build."""
        self._client = None
        self._ending.close()

    def map(self, work: Work[Result], items: Sequence[Item], pack: Pack[Item]) -> Done[Item, Result]:
        """Do `work` to the items, in batches that grow as long as there are enough for all threads of the workers."""
        if self._client is None and len(items) <= 2 * BATCH:
            yield from super().map(work, items, pack)
            return
        self.begin()
        with self._own_errors(work):
            places = _AHEAD * max(1, sum(self._client.nthreads().values()))
            # A task that is done again when the worker that has its result dies; data that is handed to a worker would be lost.
            common = self._client.submit(_itself, pickle.dumps((work.make, work.common)), pure=False)
        pool = self._client.get_executor(pure=False, retries=1)
        under_way: dict[Future[bytes], Sequence[Item]] = {}
        start, size = 0, BATCH
        while start < len(items) or under_way:
            while start < len(items) and len(under_way) < places:
                part = items[start : start + size]
                batch = pickle.dumps(work.read(pack(part)), pickle.HIGHEST_PROTOCOL)
                with self._own_errors(work, part):
                    under_way[pool.submit(_made, _program(), common, batch)] = part
                start += len(part)
                size = max(BATCH, min(2 * size, _LARGEST, (len(items) - start) // places))
            for future in self._finished(under_way):
                part = under_way.pop(future)
                with self._own_errors(work, part):
                    answered = future.result()
                yield part, work.write(result_of(answered))

    def _finished(self, under_way: Mapping[Future[bytes], object]) -> set[Future[bytes]]:
        """Wait until some tasks are done. Raises ClusterError when there is nobody left to do them."""
        for _ in range(_PATIENCE):
            if finished := wait(under_way, _LOOK, FIRST_COMPLETED).done:
                return finished
            with self._own_errors():
                if self._client.nthreads():
                    return set()
        raise ClusterError(f"the scheduler {self._address} has no workers left")

    @contextmanager
    def _own_errors(self, work: Work[Any] | None = None, part: Sequence[object] = ()) -> Iterator[None]:
        """Raise WorkerDiedError or ClusterError in the place of what Dask raises in the `with`."""
        try:
            yield
        except KilledWorker:
            names = (str(part[0]), str(part[-1])) if part else None
            raise WorkerDiedError(f"one worker after another has died while {work.doing if work else 'beginning'}", names) from None
        except CancelledError:
            raise ClusterError(f"the scheduler {self._address} has gone away") from None
        except Exception as error:
            # What our own code raises on a worker is part of its answer.
            raise ClusterError(f"the scheduler {self._address} failed: {_words(error)}") from None


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _itself(data: bytes) -> bytes:
    return data


def _made(program: bytes, work: bytes, batch: bytes) -> bytes:
    """What a worker does: the answer for a batch. Nothing is unpickled by another version of the program than the one that sent it."""
    return answer(_make, program, work, batch)


def _make(program: bytes, work: bytes, batch: bytes) -> Any:
    if _program() != program:
        raise ClusterError(f"the worker on {platform.node()} has another version of Python, briefings or a library of it")
    make, common = pickle.loads(work)  # noqa: S301 - whoever may use a scheduler may have code run by its workers
    return make(common, pickle.loads(batch))  # noqa: S301


@cache
def _program() -> bytes:
    """Digest of the program, as this process has loaded it, whatever machine it runs on."""
    return program_digest(platform.python_version())


def _refuse_others(versions: Mapping[str, Any]) -> None:
    """Raise ClusterError where the scheduler or a worker has another version of Python or of this program."""
    ours = versions["client"]["packages"]
    for who, found in (("the scheduler", versions["scheduler"]), *((f"the worker {name}", at) for name, at in versions["workers"].items())):
        for name in ("python", "briefings"):
            theirs = found["packages"][name]
            if theirs != ours[name]:
                raise ClusterError(f"{who} has {name} {theirs or 'not at all'}, and this machine has {ours[name]}")
