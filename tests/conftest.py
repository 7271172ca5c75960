"""What all tests share: bounds of time, the switch that renews snapshots, and the browser's place."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import hypothesis
import pytest

from briefings.cli import progress
from tests.kit.bounds import LONG, USUAL, bounded
from tests.kit.chromium import find_chromium

# How long an example takes says more about what else the machine is doing than about the code.
hypothesis.settings.register_profile("briefings", deadline=None)
hypothesis.settings.load_profile("briefings")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update`: write what the program prints now into the snapshots, to be read in the diff before it is committed."""
    parser.addoption("--update", action="store_true", help="write the snapshots anew instead of comparing with them")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest: else one process runs the last of them while all others have nothing to do."""
    longest = ("long", "slow", "browser")
    ranks = {mark: rank for rank, mark in enumerate(longest)}
    items.sort(key=lambda item: min((ranks[m.name] for m in item.iter_markers() if m.name in ranks), default=len(longest)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Bound the time of a test's fixtures."""
    with _bound_of(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Bound the time of a test."""
    with _bound_of(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Bound the time in which a test's fixtures end."""
    with _bound_of(item):
        return (yield)


def _bound_of(item: pytest.Item) -> AbstractContextManager[None]:
    return bounded(LONG if item.get_closest_marker("long") else USUAL)


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """A function that compares text with a file, or writes the file when `--update` is given."""
    update = request.config.getoption("--update")

    def check(file: Path, text: str) -> None:
        if update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        assert file.is_file(), f"there is no {file.name}; run pytest --update"
        assert text == file.read_text(encoding="utf-8")

    return check


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Browser tests fail without it: a skipped test proves nothing."""
    path = find_chromium()
    assert path, "there is no Chromium; see `make test`"
    return path


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> Iterator[None]:
    """No test depends on who runs it, and where."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SOURCE_DATE_EPOCH", "NO_COLOR", "CI", "_BRIEFINGS_COMPLETE"):
            patch.delenv(name, raising=False)
        # Nor on how busy the machine is: no command that runs here says after a while how far it is.
        patch.setattr(progress, "SILENCE", 3600.0)
        patch.setenv("TERM", "xterm")
        patch.setenv("COLUMNS", "80")
        yield


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_is_heard() -> Iterator[None]:
    """Programs that tests start hear Ctrl-C, though a shell has its programs in the background ignore it, and theirs inherit that."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        # A program that is started with a handler of Python's gets the system's own.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
