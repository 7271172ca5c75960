"""Serve a site in a thread of the test, and send it requests."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from briefings.cli.hosts import LOOPBACK_NAMES
from briefings.serve.live import Live
from briefings.serve.machine import Machine
from briefings.serve.messages import Failed, Message, Notice, Progressed, Rebuilt, RootMoved
from briefings.serve.run import bind, run
from briefings.serve.settings import Settings, Viewer
from tests.kit.small_sites import PATIENCE, until


class Answer:
    """The answer to a request."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body
        self.text = body.decode("utf-8", "replace")


class Client:
    """Sends requests to a server in this process, and knows its messages to the terminal."""

    def __init__(self, live: Live, port: int, messages: list[Message]) -> None:
        self.live = live
        self.port = port
        self.messages = messages
        self.base = live.base

    def ask(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET", body: bytes | None = None) -> Answer:
        """Send one request; `path` is from the host's root."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Get the page or file at `address`, from the site's root."""
        return self.ask(self.base + address, headers)

    def raw(self, request: bytes) -> bytes:
        """Send `request` on a connection of its own, and return all bytes that come back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            parts = []
            try:
                while part := connection.recv(65536):
                    parts.append(part)
            except ConnectionResetError:
                pass
            return b"".join(parts)

    def until(self, address: str, wanted: Callable[[Answer], bool], headers: Mapping[str, str] | None = None) -> Answer:
        """Repeat a request until `wanted` is true of the answer."""
        answers: list[Answer] = []

        def asked() -> bool:
            answers[:] = [self.get(address, headers)]
            return wanted(answers[0])

        until(asked, lambda: f"{answers[0].status} {answers[0].text[:3000]}")
        return answers[0]

    def shows(self, address: str, text: str) -> Answer:
        """Repeat a request until the page has `text`."""
        return self.until(address, lambda answer: answer.status == 200 and text in answer.text)

    def told(self, kind: type[Message], count: int = 1) -> list[Any]:
        """Wait for `count` messages of the type `kind`."""
        until(lambda: len(self._of(kind)) >= count, lambda: [type(n).__name__ for n in self.messages])
        return self._of(kind)

    def _of(self, kind: type[Message]) -> list[Any]:
        return [n for n in list(self.messages) if isinstance(n, kind)]

    @contextmanager
    def events(self, address: str, page: str = "", headers: Mapping[str, str] | None = None) -> Iterator[Iterator[tuple[str, Any]]]:
        """Open the stream of events of a page, and yield name and data of each event."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("GET", f"{self.base}-/events?url={quote(quote(address))}&page={quote(page)}", headers=dict(headers or {}))
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
            yield _events(answer)


def _events(answer: http.client.HTTPResponse) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in answer:
        if line.startswith(b"event: "):
            name = line[7:].strip().decode()
        elif line.startswith(b"data: "):
            yield name, json.loads(line[6:])


def event(events: Iterator[tuple[str, Any]], name: str, wanted: Callable[[Any], bool] = lambda _: True) -> Any:
    """Return the data of the next event `name` of which `wanted` is true."""
    return next(data for found, data in events if found == name and wanted(data))


@contextmanager
def live_site(
    site: Path, viewer: Viewer | None = None, machine: Machine | None = None, *, ready: bool = True, **settings: Any
) -> Iterator[Client]:
    """Serve `site`; the block begins after the first edition or failure, or at once unless `ready`."""
    messages: list[Message] = []
    listener = bind("127.0.0.1", 20000 + hash(str(site)) % 20000)
    port = int(listener.getsockname()[1])
    live = Live(site.resolve(), viewer or Viewer("desk"), messages.append, machine)
    ends: list[Callable[[], None]] = []
    up = threading.Event()

    def begun(end: Callable[[], None]) -> None:
        ends.append(end)
        up.set()

    chosen = Settings(LOOPBACK_NAMES, port, **settings)
    thread = threading.Thread(target=run, args=(live, listener, chosen, begun))
    thread.start()
    try:
        assert up.wait(PATIENCE)
        client = Client(live, port, messages)
        until(lambda: not ready or any(isinstance(n, Rebuilt | Failed) for n in list(messages)))
        yield client
    finally:
        for end in ends:
            end()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def rebuilds(client: Client) -> list[Rebuilt]:
    """Return the messages about rebuilds after the first edition."""
    return [n for n in list(client.messages) if isinstance(n, Rebuilt) and not n.first]


def words(client: Client) -> list[str]:
    """Return the messages about the server itself."""
    return [n.text for n in list(client.messages) if isinstance(n, Notice)]


__all__ = ["Answer", "Client", "Failed", "Progressed", "Rebuilt", "RootMoved", "event", "live_site", "rebuilds", "words"]
