"""Speaks as much of the Hugging Face hub's HTTP API as fetching a small repository takes."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

from threaded_server import serving

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class _Hub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    repositories: ClassVar[Mapping[str, Mapping[str, bytes]]]
    slowness: ClassVar[float]

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        # /api/models/ORGANISATION/NAME/revision/main, /api/models/…/tree/COMMIT, /ORGANISATION/NAME/resolve/COMMIT/FILE
        words = self.path.split("?")[0].removeprefix("/api/models").strip("/").split("/")
        organisation, name, what, _, *path = [*words, "", "", ""]
        files = self.repositories.get(f"{organisation}/{name}")
        if files is None:
            self.send(b"{}", status=404, headers={"X-Error-Code": "RepoNotFound"})
        elif what == "revision":
            self.send(json.dumps({"id": f"{organisation}/{name}", "sha": COMMIT, "siblings": []}).encode())
        elif what == "tree":
            listing = [{"type": "file", "path": path, "size": len(data), "oid": "0" * 40} for path, data in files.items()]
            self.send(json.dumps(listing).encode())
        else:
            data = files["/".join(path).strip("/")]
            if self.command == "GET":
                time.sleep(self.slowness)
            self.send(data, headers={"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT})

    def send(self, body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


@contextmanager
def fake_hub(repositories: Mapping[str, Mapping[str, bytes]], *, slowness: float = 0.0) -> Iterator[str]:
    """Serve `repositories` (name to files), each file after `slowness` seconds; yields the address."""
    handler = type("Hub", (_Hub,), {"repositories": repositories, "slowness": slowness})
    with serving(handler) as port:
        yield f"http://127.0.0.1:{port}"
