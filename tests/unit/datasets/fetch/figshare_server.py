"""A server on this machine that speaks figshare's API, and misbehaves as told."""

import contextlib
import hashlib
import http.server
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

ARTICLE, FILE = 22363012, 43283628


@dataclass
class FakeFigshare:
    """What the server serves, and how; change it while it runs.

    Attributes:
        breaks: after how many bytes of a body each coming answer breaks off.
        statuses: what the download host answers next, instead of the file.
        ranges: the Range header of each request for the file; None where there was none.
    """

    content: bytes
    breaks: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    knows_ranges: bool = True
    etag: str = '"first"'
    article_status: int = 200
    article_body: bytes | None = None
    content_type: str = "application/zip"
    url: str = ""
    changes: dict[str, object] = field(default_factory=dict)

    def describe(self) -> dict[str, object]:
        md5 = hashlib.md5(self.content).hexdigest()
        file = {
            "id": FILE,
            "name": "FracAtlas.zip",
            "size": len(self.content),
            "is_link_only": False,
            "download_url": f"{self.url}/files/{FILE}",
            "supplied_md5": md5,
            "computed_md5": md5,
        }
        return {
            "id": ARTICLE,
            "title": "FracAtlas",
            "doi": "10.6084/m9.figshare.22363012.v6",
            "citation": "Abedeen, Iftekharul (2023). FracAtlas. figshare. Dataset.",
            "license": {"value": 1, "name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
            "files": [file | self.changes],
        }


class _Handler(http.server.BaseHTTPRequestHandler):
    served: FakeFigshare

    def do_GET(self) -> None:
        self.served.paths.append(self.path)
        if self.path == f"/v2/articles/{ARTICLE}":
            body = self.served.article_body or json.dumps(self.served.describe()).encode()
            kind = "text/html" if self.served.article_body else "application/json"
            self._answer(self.served.article_status, body, {"Content-Type": kind})
        elif self.path == f"/files/{FILE}" and self.served.statuses:
            self._answer(self.served.statuses.pop(0), b"", {})
        elif self.path in (f"/files/{FILE}", f"/v2/file/download/{FILE}"):
            self._send_file()
        else:
            self._answer(404, b"", {})

    def _send_file(self) -> None:
        served, asked = self.served, self.headers["Range"]
        served.ranges.append(asked)
        headers = {"Content-Type": served.content_type, "ETag": served.etag}
        is_same = self.headers["If-Range"] in (None, served.etag)
        if asked is None or not served.knows_ranges or not is_same:
            self._answer(200, served.content, headers)
            return
        start = int(re.fullmatch(r"bytes=(\d+)-", asked)[1])
        if start >= len(served.content):
            self._answer(416, b"", headers)
            return
        last = len(served.content) - 1
        headers["Content-Range"] = f"bytes {start}-{last}/{last + 1}"
        self._answer(206, served.content[start:], headers)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        is_file = status in (200, 206) and "ETag" in headers
        with contextlib.suppress(ConnectionError):  # a client may hang up
            self.wfile.write(body[: self.served.breaks.pop(0)] if is_file and self.served.breaks else body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""


@contextlib.contextmanager
def serve_figshare(content: bytes) -> Iterator[FakeFigshare]:
    """Serve one article with one zip on a free port of this machine."""
    served = FakeFigshare(content)
    handler = type("Handler", (_Handler,), {"served": served})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    served.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
