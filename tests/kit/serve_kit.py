"""Run `briefings serve` as a process of its own, and open a browser in front of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.kit.small_sites import PATIENCE

_ADDRESS = re.compile(r"at (http://\S+)")

expect.set_options(timeout=PATIENCE * 1000)


class Server:
    """A running server, what it has printed, and its address."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.printed: list[str] = []
        assert process.stdout is not None
        for line in process.stdout:
            self.printed.append(line)
            if found := _ADDRESS.search(line):
                self.url = found[1]
                break
        else:
            raise AssertionError("".join(self.printed))
        self._reader = threading.Thread(target=lambda: self.printed.extend(process.stdout or ()), daemon=True)
        self._reader.start()

    def stop(self) -> None:
        """End the server as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=PATIENCE)
        finally:
            self.process.kill()
            self._reader.join()


@contextmanager
def serving(site: Path, *arguments: str, port: int | None = None, program: tuple[str, ...] = ("-m", "briefings")) -> Iterator[Server]:
    """Run `briefings serve` for a site until the end of the block; a failure shows what the server printed."""
    command = [sys.executable, *program, "serve", "--site", str(site), "--port", str(port or free_port()), *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", env=environment) as process:
        try:
            server = Server(process)
        except BaseException:
            process.kill()
            raise
        try:
            yield server
        except BaseException as error:
            code = process.poll()
            error.add_note(f"The server {'is running' if code is None else f'ended with {code}'}. It printed:\n{''.join(server.printed)}")
            raise
        finally:
            server.stop()


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def open_live(context: BrowserContext, url: str) -> Page:
    """Open a page of the server, and wait until it is connected."""
    page = context.new_page()
    page.goto(url)
    connected(page)
    return page


def connected(page: Page) -> None:
    """Wait until the page has opened its stream of events."""
    expect(page.locator("live-panel .bar")).to_be_visible()


def get(url: str) -> str:
    """Return the text at an address, even if the answer is an error."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - our own server
            text: str = answer.read().decode()
            return text
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()
