"""`briefings serve` over HTTP: only what the edition lists, as a build would publish it, with the right headers."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

from briefings.engine.api import BuildRequest
from briefings.engine.build import build
from briefings.serve.files import content_type
from briefings.serve.responses import allowing, dressed, with_client
from briefings.serve.settings import Viewer
from tests.kit.live import Client, live_site
from tests.kit.small_sites import note, small_site, tree

NOW = dt.datetime(2018, 1, 1, 12, tzinfo=dt.UTC)
HIDDEN = "Only the desk's disk has this."
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")
BIG = bytes(range(240)) * 5_000
FAR = 10_413_792_000
"""2300-01-01: times from 2262 on are too long for what is stored of them."""
FILES: Mapping[str, str | bytes | None] = {
    "content/site.yaml": f"# {HIDDEN}\ntitle: Desk\nurl: https://desk.example.org/repo/\ntheme: wire\n",
    "content/notes/ünï.md": note("Ünï", body="Body of the note with a name of its own.\n"),
    "content/notes/hidden.md": note("Hidden", body=f"{HIDDEN}\n", draft="true"),
    "content/assets/a.png": PNG,
    "content/assets/data.csv": "a,b\n1,2\n",
    "content/assets/big.bin": BIG,
    "content/assets/far.bin": BIG,
    "content/assets/page.html": "<p>As it is.</p>",
    "content/notes/unlinked.txt": HIDDEN,
    "secret.txt": HIDDEN,
    ".git/config": HIDDEN,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = small_site(tmp_path_factory.mktemp("served") / "desk", FILES)
    os.utime(site / "content/assets/far.bin", (FAR, FAR))
    return site


@pytest.fixture(scope="module")
def client(site: Path) -> Iterator[Client]:
    """What readers would see, as of a fixed instant."""
    with live_site(site, Viewer("TLP:CLEAR", NOW)) as client:
        yield client


HTML = "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/repo/", 200, HTML),
        ("/repo/index.html", 200, HTML),
        ("/repo/?a=b", 200, HTML),
        ("/repo/notes/un-offer/", 200, HTML),
        ("/repo/notes/un-offer/index.html", 200, HTML),
        ("/repo/notes/%C3%BCn%C3%AF/", 200, HTML),
        ("/repo/404.html", 200, HTML),
        ("/repo/theme/wire.css", 200, "text/css; charset=utf-8"),
        ("/repo/theme/wire.css?123", 200, "text/css; charset=utf-8"),
        ("/repo/assets/a.png", 200, "image/png"),
        ("/repo/assets/data.csv", 200, "text/csv; charset=utf-8"),
        ("/repo/assets/big.bin", 200, "application/octet-stream"),
        ("/repo/-/live.js", 200, "text/javascript; charset=utf-8"),
        ("/repo/-/live.css", 200, "text/css; charset=utf-8"),
        ("/", 404, HTML),
        ("/repo", 308, None),
        ("/repo/notes/un-offer", 308, None),
        ("/repo/notes/un-offer/x", 404, HTML),
        ("/repo/notes/un-offer//", 404, HTML),
        ("/repo//notes/un-offer/", 404, HTML),
        ("/notes/un-offer/", 404, HTML),
        ("/repo/notes/hidden/", 404, HTML),
        ("/repo/notes/unlinked.txt", 404, HTML),
        ("/repo/secret.txt", 404, HTML),
        ("/repo/../secret.txt", 404, HTML),
        ("/repo/%2e%2e/secret.txt", 404, HTML),
        ("/repo/..%2fsecret.txt", 404, HTML),
        ("/repo/assets/..%5c..%5csecret.txt", 404, HTML),
        ("/repo/assets/../../secret.txt", 404, HTML),
        ("/repo/.git/config", 404, HTML),
        ("/repo/.briefings/serve-desk.sqlite", 404, HTML),
        ("/repo/content/site.yaml", 404, HTML),
        ("/repo/site.yaml", 404, HTML),
        ("/repo/-/", 404, HTML),
        ("/repo/-/panel.html", 404, HTML),
        ("/repo/-/../live.py", 404, HTML),
        ("/repo/%00", 404, HTML),
        ("/repo/%ff%fe", 404, HTML),
        ("/repo/" + "a" * 5000, 404, HTML),
    ],
)  # fmt: skip
def test_only_what_the_site_has_is_there(client: Client, path: str, status: int, kind: str | None) -> None:
    answer = client.ask(path)
    assert (answer.status, answer.headers.get("content-type")) == (status, kind)
    assert HIDDEN not in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert not any(name.startswith("access-control-") for name in answer.headers)
    assert "server" not in answer.headers
    if status == 404:
        assert "Page not found" in answer.text


def test_folders_lead_to_their_slash(client: Client) -> None:
    assert client.ask("/repo").headers["location"] == "/repo/"
    assert client.ask("/repo/notes/un-offer?x=1&y").headers["location"] == "/repo/notes/un-offer/?x=1&y"
    assert client.ask("/repo/notes/%C3%BCn%C3%AF").headers["location"] == "/repo/notes/%C3%BCn%C3%AF/"


@pytest.mark.parametrize("audience", ["TLP:CLEAR", "desk"])
def test_it_shows_what_a_build_publishes(site: Path, tmp_path: Path, audience: str) -> None:
    """Every page and file has the bytes of a build, but for the client in its pages."""
    report = build(BuildRequest(site, tmp_path / "out", NOW, audience=audience, clean=True))  # type: ignore[arg-type]  # one of the audiences
    assert report.ok
    with live_site(site, Viewer(audience, NOW)) as client:  # type: ignore[arg-type]  # as above
        for path, data in tree(tmp_path / "out").items():
            if path == ".briefings.json":
                continue
            is_page = path.endswith(".html") and not path.startswith("assets/")
            assert client.get(quote(path.removesuffix("index.html"))).body == (dressed(data, "/repo/", 200).body if is_page else data), path
        assert (client.get("notes/hidden/").status == 200) == (audience == "desk")
    assert not (site / "_site").exists()


def test_unchanged_pages_and_files_are_not_sent_again(client: Client) -> None:
    for address in ("", "notes/un-offer/", "theme/wire.css", "assets/a.png", "assets/big.bin", "-/live.js"):
        first = client.get(address)
        tag = first.headers["etag"]
        for wanted in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = client.get(address, {"If-None-Match": wanted})
            assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag), (address, wanted)
            assert again.headers["cache-control"] == "no-cache"
        assert client.get(address, {"If-None-Match": '"other"'}).body == first.body


def test_a_head_is_an_answer_without_its_body(client: Client) -> None:
    for address in ("", "notes/un-offer", "nowhere/", "assets/a.png", "assets/big.bin", "-/live.js"):
        full, head = client.get(address), client.ask(client.base + address, method="HEAD")
        assert (head.status, head.body) == (full.status, b"")
        assert {k: v for k, v in head.headers.items() if k != "date"} == {k: v for k, v in full.headers.items() if k != "date"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(client: Client, method: str) -> None:
    answer = client.ask("/repo/", method=method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    if method != "POST":
        assert client.ask("/repo/-/view", method=method).headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("wanted", "status", "first", "last"),
    [
        ("bytes=0-0", 206, 0, 1),
        ("bytes=10-19", 206, 10, 20),
        ("bytes=1199990-", 206, 1199990, 1200000),
        ("bytes=-5", 206, 1199995, 1200000),
        ("bytes=5-99999999", 206, 5, 1200000),
        ("bytes=1200000-", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
    ],
)
def test_parts_of_files(client: Client, wanted: str, status: int, first: int, last: int) -> None:
    answer = client.get("assets/big.bin", {"Range": wanted})
    assert (answer.status, answer.body) == (status, BIG[first:last])
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {first}-{last - 1}/1200000"
    if status == 416:
        assert answer.headers["content-range"] == "bytes */1200000"


def test_a_large_file_of_a_time_that_does_not_fit_is_given(client: Client) -> None:
    assert client.get("assets/far.bin").body == BIG


@pytest.mark.parametrize("address", ["assets/a.png", "assets/data.csv", "theme/wire.css"])
def test_small_files_have_parts_too(client: Client, address: str) -> None:
    """Some browsers play no sound, however short, from a server that gives no parts."""
    whole = client.get(address)
    part = client.get(address, {"Range": "bytes=0-1"})
    assert (part.status, part.body, part.headers["content-range"]) == (206, whole.body[:2], f"bytes 0-1/{len(whole.body)}")


def test_a_part_of_another_version_is_the_whole(client: Client) -> None:
    assert client.get("assets/big.bin", {"Range": "bytes=0-3", "If-Range": '"old"'}).status == 200
    tag = client.get("assets/big.bin").headers["etag"]
    assert client.get("assets/big.bin", {"Range": "bytes=0-3", "If-Range": tag}).status == 206


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("a.webp", "image/webp"), ("a.avif", "image/avif"), ("f.woff2", "font/woff2"), ("a.svg", "image/svg+xml"),
        ("x.js", "text/javascript; charset=utf-8"), ("x.mjs", "text/javascript; charset=utf-8"), ("feed.xml", "application/xml"),
        ("d.json", "application/json; charset=utf-8"), ("c.ics", "text/calendar; charset=utf-8"), ("r.pdf", "application/pdf"),
        ("x", "application/octet-stream"), ("x.unheard-of", "application/octet-stream"), ("a.tar.gz", "application/octet-stream"),
        ("folder.d/x", "application/octet-stream"),
    ],
)  # fmt: skip
def test_content_types(address: str, kind: str) -> None:
    assert content_type(address) == kind


@pytest.mark.parametrize(
    ("policy", "allowed"),
    [
        ("default-src 'none'", "default-src 'none'; script-src 'nonce-live'; style-src 'self'; connect-src 'self'"),
        ("default-src 'self'; script-src 'none'", "default-src 'self'; script-src 'nonce-live'; style-src 'self'; connect-src 'self'"),
        ("script-src 'self'; SCRIPT-SRC 'none'", "script-src 'self' 'nonce-live'"),
        ("img-src 'self';; ", "img-src 'self'"),
        ("default-src 'none'; style-src 'self'", "default-src 'none'; style-src 'self'; script-src 'nonce-live'; connect-src 'self'"),
    ],
)
def test_a_theme_that_allows_no_script_allows_that_of_the_server(policy: str, allowed: str) -> None:
    assert allowing(policy) == allowed


def test_the_client_is_in_every_page_and_in_no_file(client: Client) -> None:
    script = '<script type="module" src="/repo/-/live.js" data-page="'
    for address in ("", "notes/un-offer/", "nowhere/", "404.html"):
        answer = client.get(address)
        assert answer.text.count(script) == 1
        assert f'data-page="{answer.headers["etag"][1:-1]}"' in answer.text
    assert client.get("assets/page.html").text == "<p>As it is.</p>"


@pytest.mark.parametrize(
    ("page", "before"),
    [
        ("<html><body>x</body></html>", "<html><body>x"),
        ("<html><body>x</BODY ></html>\n<!-- </body> ends above -->", "<html><body>x"),
        ("<html><body><!-- </body> --><p>x</body></html>", "<html><body><!-- </body> --><p>x"),
        ("<html><body><pre>&lt;/body></pre></body><!-- a\n</body>\nb --></html>", "<html><body><pre>&lt;/body></pre>"),
        ("<html><body>x<!-- </body> -->", "<html><body>x<!-- </body> -->"),
    ],
)
def test_the_script_stands_at_the_end_of_the_body_and_in_no_comment(page: str, before: str) -> None:
    dressed_page = with_client(page, "/", "tag")
    assert dressed_page.startswith(before + "<script ")
    assert re.sub(r"<script .*?</script>", "", dressed_page) == page
