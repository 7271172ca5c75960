"""A web server that behaves like GitHub Pages, so that tests read a built tree as its readers do."""

from __future__ import annotations

import functools
import http.server
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

TYPES = {".webmanifest": "application/manifest+json", ".xml": "application/xml", ".json": "application/json", ".md": "text/markdown"}


class PagesHandler(http.server.BaseHTTPRequestHandler):
    """Serves `folder` below `base`, which begins and ends with a slash."""

    protocol_version = "HTTP/1.1"
    # Otherwise each answer waits 40 ms: its body is held back until the client has acknowledged the headers.
    disable_nagle_algorithm = True

    def __init__(self, *arguments: object, folder: Path, base: str) -> None:
        self.folder = folder
        self.base = base
        super().__init__(*arguments)  # type: ignore[arg-type]  # the server's own

    def do_GET(self) -> None:
        """Send the file at the address, a redirect to it, or the 404 page."""
        path = unquote(urlsplit(self.path).path)
        if path + "/" == self.base:
            self._redirect(self.base)
            return
        file = self._file(path.removeprefix(self.base)) if path.startswith(self.base) else None
        if file is None:
            # A missing page is answered at its own address with the site's 404 page.
            missing = self.folder / "404.html"
            self._send(HTTPStatus.NOT_FOUND, missing.read_bytes() if path.startswith(self.base) and missing.is_file() else b"", missing)
        elif file.is_dir():
            self._redirect(quote(path) + "/")
        else:
            self._send(HTTPStatus.OK, file.read_bytes(), file)

    do_HEAD = do_GET  # noqa: N815 - the name that the library calls

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def _file(self, path: str) -> Path | None:
        """Return the file published at `path`: a folder stands for its index, and a page may lack its suffix."""
        if path.endswith("/") or not path:
            return self._exactly(path + "index.html")
        found = self._exactly(path)
        if found is not None and found.is_dir():
            return found if self._exactly(path + "/index.html") else None
        return found or self._exactly(path + ".html")

    def _exactly(self, path: str) -> Path | None:
        """Return the file or folder at `path` in exactly these letters: on macOS, other case would be found too."""
        here = self.folder
        for name in path.split("/"):
            if name in ("", ".", "..") or not here.is_dir() or name not in {entry.name for entry in here.iterdir()}:
                return None
            here /= name
        return here

    def _redirect(self, path: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, data: bytes, file: Path) -> None:
        kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self.send_response(status)
        self.send_header("Content-Type", kind + ("; charset=utf-8" if kind.startswith("text/") else ""))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)


@contextmanager
def serve_pages(folder: Path, base: str = "/") -> Iterator[str]:
    """Serve `folder` below the path `base` on this machine; yield the address of the site's root."""
    handler = functools.partial(PagesHandler, folder=folder, base=base)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{base}"
        finally:
            server.shutdown()
            thread.join()
