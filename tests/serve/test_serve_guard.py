"""Who may ask `briefings serve`: its own pages and people at this machine; no other web site, and nobody under another name."""

from __future__ import annotations

import http.client
import random
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs
from starlette.datastructures import Headers

from briefings.cli.hosts import is_loopback, names_for_others, names_of
from briefings.serve.guard import host_name, refused
from briefings.serve.settings import Settings, Viewer
from tests.kit.live import Client, Rebuilt, event, live_site, words
from tests.kit.small_sites import PATIENCE, small_site

HIDDEN = "nobody-may-see-this"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    files = {"content/site.yaml": "title: Desk\ntheme: wire\n", "private.txt": HIDDEN, "content/notes/x.txt": HIDDEN}
    with live_site(small_site(tmp_path_factory.mktemp("confidential") / "desk", files), Viewer("desk")) as client:
        yield client


SETTINGS = Settings(frozenset({"localhost", "127.0.0.1", "::1", "desk.local"}), 8000)
PROXIED = structs.replace(SETTINGS, proxied=frozenset({"ada-8000.app.example"}))
GOOD_HOSTS = ["localhost", "localhost:8000", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:9", "[::1]", "[::1]:8000", "desk.local:8000"]
BAD_HOSTS = [
    "", "evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.2", "0.0.0.0", "[::]", "::1",
    "localhost.",
    "evil@localhost", "localhost:x", "localhost:99999999", "localhost, evil.example", "local host", "localhost/", "localhost?x",
    "localhost#x", "[::1",
    "2130706433", "0x7f.1", "127.1",
]  # fmt: skip


@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_its_own_names_are_answered(host: str) -> None:
    assert refused(Headers({"host": host}), "GET", SETTINGS) == ""


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_other_names_are_refused(host: str) -> None:
    assert refused(Headers({"host": host}), "GET", SETTINGS)


def test_no_name_and_two_names_are_refused() -> None:
    assert refused(Headers(raw=[]), "GET", SETTINGS)
    assert refused(Headers(raw=[(b"host", b"localhost"), (b"host", b"evil.example")]), "GET", SETTINGS)
    assert host_name("[::1]:80") == "::1"


VISIT = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.mark.parametrize(
    ("method", "headers", "good"),
    [
        # What browsers send for their own pages, for typed addresses and for links from elsewhere
        ("GET", {"sec-fetch-site": "same-origin"}, True),
        ("GET", {"sec-fetch-site": "none", **VISIT}, True),
        ("GET", {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}, True),
        ("GET", {"sec-fetch-site": "cross-site", **VISIT}, True),
        ("HEAD", {"sec-fetch-site": "same-site", **VISIT}, True),
        ("POST", {"sec-fetch-site": "same-origin", "origin": "http://localhost:8000"}, True),
        ("POST", {"origin": "http://LOCALHOST:8000"}, True),
        # What other sites make them send
        ("POST", {"sec-fetch-site": "cross-site", **VISIT}, False),
        ("POST", {"sec-fetch-site": "same-site", "origin": "http://localhost:9000"}, False),
        ("GET", {"sec-fetch-site": "cross-site"}, False),
        ("GET", {"sec-fetch-site": "same-site"}, False),
        ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}, False),
        ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}, False),
        ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}, False),
        ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, False),
        ("GET", {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"}, False),
        ("GET", {"sec-fetch-site": "same-origin", "sec-fetch-dest": "object"}, False),
        ("GET", {"sec-fetch-site": "none", "sec-fetch-dest": "embed"}, False),
        ("GET", {"sec-fetch-site": "nonsense"}, False),
        ("GET", {"origin": "https://evil.example"}, False),
        ("GET", {"origin": "https://localhost:8000"}, False),
        ("GET", {"origin": "http://localhost:8001"}, False),
        ("GET", {"origin": "http://127.0.0.1:8000"}, False),
        ("GET", {"origin": "null"}, False),
        ("GET", {"origin": ""}, False),
        ("POST", {"origin": "null", "sec-fetch-site": "same-origin"}, False),
    ],
)  # fmt: skip
def test_other_sites_are_refused(method: str, headers: dict[str, str], good: bool) -> None:
    assert (refused(Headers({"host": "localhost:8000", **headers}), method, SETTINGS) == "") is good
    # A proxy that is known under another name changes nothing of that.
    assert (refused(Headers({"host": "localhost:8000", **headers}), method, PROXIED) == "") is good


@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ({"host": "ada-8000.app.example"}, True),
        ({"host": "Ada-8000.app.example:443", "origin": "https://ada-8000.app.example"}, True),
        # Some proxies put the name of this machine in the place of their own, and leave the origin.
        ({"host": "localhost:8000", "origin": "https://ada-8000.app.example", "sec-fetch-site": "same-origin"}, True),
        ({"host": "localhost:8000", "origin": "http://ada-8000.app.example:80"}, True),
        ({"host": "ada-8000.app.example", "origin": "https://eve-8000.app.example"}, False),
        ({"host": "ada-8000.app.example", "origin": "https://ada-8000.app.example.evil.example"}, False),
        ({"host": "ada-8000.app.example", "origin": "https://ada-8000.app.example@evil.example"}, False),
        ({"host": "ada-8000.app.example", "origin": "null"}, False),
        ({"host": "ada-8000.app.example", "sec-fetch-site": "cross-site"}, False),
        ({"host": "eve-8000.app.example"}, False),
    ],
)
def test_a_proxy_that_is_allowed_is_no_other_site(headers: dict[str, str], good: bool) -> None:
    assert (refused(Headers(headers), "POST", PROXIED) == "") is good
    assert refused(Headers(headers), "POST", SETTINGS)


def test_who_comes_under_another_name_is_told_of_the_option() -> None:
    assert "--allow-host NAME" in refused(Headers({"host": "ada-8000.app.example"}), "GET", SETTINGS)


def test_a_second_header_hides_nothing() -> None:
    for name, first, second in (("sec-fetch-site", b"same-origin", b"cross-site"), ("origin", b"http://localhost", b"http://evil.example")):
        raw = [(b"host", b"localhost"), (name.encode(), first), (name.encode(), second)]
        assert refused(Headers(raw=raw), "GET", SETTINGS)


@pytest.mark.parametrize("path", ["/", "/notes/un-offer/", "/-/events", "/-/live.js", "/nowhere", "/-/view", "/theme/wire.css"])
def test_the_guard_stands_before_everything(client: Client, path: str) -> None:
    """Over a plain socket, where every header is as we write it."""
    good = f"Host: 127.0.0.1:{client.port}"
    for headers in (
        "Host: evil.example",
        f"Host: evil.example:{client.port}",
        "X: y",
        f"{good}\r\nHost: evil.example",
        f"{good}\r\nSec-Fetch-Site: cross-site",
        f"{good}\r\nOrigin: http://evil.example",
        f"{good}\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Dest: iframe",
    ):
        for method in ("GET", "POST"):
            answer = client.raw(f"{method} {path} HTTP/1.0\r\n{headers}\r\n\r\n".encode())
            status = answer.split(b" ", 2)[1]
            assert status in (b"403", b"400"), (headers, answer[:200])
            assert b"Desk" not in answer
            if status == b"403":
                assert b"frame-ancestors 'none'" in answer.lower()
                assert b"nosniff" in answer.lower()
                assert b"access-control" not in answer.lower()


def test_streams_are_for_our_own_pages(client: Client) -> None:
    with client.events("", headers={"Sec-Fetch-Site": "same-origin"}) as events:
        assert next(events)[0] == "hello"
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example"}):
        assert client.ask("/-/events?url=", headers).status == 403


def test_only_this_machine_is_the_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.0.0.2", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.0.2.1", "desk.example.org", "")))


def test_a_server_for_others_answers_to_the_addresses_of_this_machine() -> None:
    assert names_of("127.0.0.1") == {"localhost", "127.0.0.1", "::1"}
    assert names_of("Desk.Local") == {"localhost", "127.0.0.1", "::1", "desk.local"}
    assert names_for_others("192.0.2.1") == ("192.0.2.1",)
    found = names_for_others("0.0.0.0")
    assert found[0] == socket.gethostname().lower()
    assert not any(map(is_loopback, found))
    assert not any(":" in name for name in found)
    assert set(found) <= names_of("0.0.0.0")
    assert "0.0.0.0" in names_of("0.0.0.0"), "it is what --host names"
    everywhere = names_of("0.0.0.0")
    assert socket.gethostname().lower() in everywhere
    assert "evil.example" not in everywhere


# ── Anything may come ────────────────────────────────────────────────────────

PIECES = [
    b"/", b"..", b"%2e%2e", b"%2f", b"%5c", b"\\", b"%00", b"%ff", b"%", b"?", b"#", b"//", b"notes/", b"un-offer/", b"private.txt",
    b"x.txt", b"-/",
    b"events", b"view", b"live.js", b"index.html", b"~", b"*", b"\xc3\xbc", b"\xff", b"content/", b"site.yaml", b".briefings/",
    b"serve-desk.sqlite", b"a" * 300,
    b"?url=", b"&page=", b"%0d%0aSet-Cookie:%20a=b", b";", b"http://evil.example/",
]  # fmt: skip
METHODS = [b"GET"] * 12 + [b"HEAD", b"POST", b"OPTIONS", b"TRACE", b"CONNECT", b"PUT", b"get", b"", b"G\x00T"]
LINES = [
    b"Range: bytes=0-", b"Range: bytes=99999999999999999999-", b"If-None-Match: *", b"If-None-Match: \xff",
    b"Cookie: a=b; briefings-view-1=x",
    b"Content-Length: 5", b"Content-Length: -1", b"Content-Length: 99999999999", b"Transfer-Encoding: chunked", b"Expect: 100-continue",
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13", b"Sec-Fetch-Site: same-origin",
    b"Origin: null", b"Accept-Encoding: " + b"x" * 2000, b"X" * 9000, b": empty", b"Host: localhost", b"\x00: \x00", b"If-Range: \"",
    b"HTTP2-Settings: x",
]  # fmt: skip


def requests(count: int, port: int, seed: int, server: str) -> Iterator[bytes]:
    """Requests of every kind of nonsense, and some that are good; views are chosen at `server`."""
    source = random.Random(seed)  # noqa: S311 - nonsense needs no secrecy
    for _ in range(count):
        kind = source.random()
        if kind < 0.05:
            yield source.randbytes(source.randrange(200))
            continue
        path = b"/" + b"".join(source.choices(PIECES, k=source.randrange(5)))
        host = f"127.0.0.1:{port}".encode() if source.random() < 0.9 else source.choice([b"evil.example", b"", b"[", b"\xff"])
        lines = source.sample(LINES, k=source.randrange(3))
        cookie = f"briefings-view-{port}={server}|".encode() + source.choice(
            [b"TLP:CLEAR|", b"desk|9999-99-99", b"|0001-01-01", b"x|y|z", b"\xff", b"desk|2018-01-01"]
        )
        lines += [b"Cookie: " + cookie] if source.random() < 0.2 else []
        body = source.choice(
            [b"", b"{}", b"audience=desk", b"now=0001-01-01T00:00", b"now=9999-12-31T23:59", b"&=%" * 500, b"\xff" * 20_000]
        )
        length = [b"Content-Length: %d" % len(body)] if body and source.random() < 0.8 else []
        yield b"\r\n".join(
            [source.choice(METHODS) + b" " + path + b" HTTP/1.1", b"Host: " + host, b"Connection: close", *lines, *length, b"", body]
        )


def survives(client: Client, count: int, seed: int) -> None:
    """Whether the server answers as before after `count` requests, said nothing, and gave nothing away."""
    with client.events("") as events:
        server = event(events, "hello")["run"]
    for request in requests(count, client.port, seed, server):
        if b"/events" in request:
            # A stream has no end: look at its beginning alone.
            with socket.create_connection(("127.0.0.1", client.port), timeout=PATIENCE) as connection:
                connection.sendall(request)
                answer = connection.recv(65536)
        else:
            answer = client.raw(request)
        assert HIDDEN.encode() not in answer, request
        assert b"Traceback" not in answer, request
        assert not answer.startswith(b"HTTP/1.1 5"), (request, answer[:300])
    assert client.get("").status == 200
    assert not words(client)


def test_nonsense_does_no_harm(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    survives(client, 600, 1)
    assert not caplog.records


@pytest.mark.long
@pytest.mark.no_cover  # as above, and longer
def test_much_nonsense_does_no_harm(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    survives(client, 10_000, 2)
    assert not caplog.records


def test_half_a_request_holds_up_nobody(client: Client) -> None:
    with closing(socket.create_connection(("127.0.0.1", client.port))) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0")
        with closing(http.client.HTTPConnection("127.0.0.1", client.port, timeout=PATIENCE)) as other:
            other.request("GET", "/")
            assert other.getresponse().status == 200


def test_the_fixture_is_a_site(client: Client, tmp_path: Path) -> None:
    """What the nonsense is kept from is there to be found."""
    assert client.told(Rebuilt)[0].first
    assert (client.live.site / "private.txt").read_text() == HIDDEN
