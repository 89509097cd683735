"""A real server that speaks S3, for tests: SeaweedFS on free ports, ready to be killed and started again."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import uuid4

import obstore
from obstore.store import S3Store
from pydantic import SecretStr

from diarist.settings import StorageSettings
from diarist.storage.location import Location
from diarist.storage.opening import open_bucket
from waiting import until

PATIENCE = 60.0
"""Seconds that it may take to start on a slow machine; usually it takes three."""
ACCESS_KEY, SECRET_KEY = "a-key-for-tests", "a-secret-for-tests"
_BUCKET = "tests"
_SERVICES = ("master", "volume", "filer", "s3")


class S3Server:
    """One server, its folder and its ports; all stay the same when it is killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = dict(
            zip((f"{service}{suffix}" for service in _SERVICES for suffix in (".port", ".port.grpc")), _free(8), strict=True)
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.endpoint = f"http://127.0.0.1:{self._ports['s3.port']}"

    def start(self) -> None:
        """Start it and wait until it takes objects."""
        identity = {
            "name": "tests",
            "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        (self._folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        options = {
            "dir": self._folder, "s3": "true", "s3.config": self._folder / "s3.json", "s3.autoCreateBucket": "false",
            "s3.port.iceberg": 0, "s3.port.lance": 0, "master.electionTimeout": "1s", "ip": "127.0.0.1", "ip.bind": "127.0.0.1",
            "master.telemetry": "false",
            "master.volumeSizeLimitMB": 64, "volume.max": 100, **self._ports,
        }  # fmt: skip
        command = [f"{sysconfig.get_path('scripts')}/weed", "server", *(f"-{name}={value}" for name, value in options.items())]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        why = f"the server does not answer; see {self._folder / 'log'}"
        until(self._takes_objects, patience=PATIENCE, pause=0.1, process=self._process, why=lambda: why)

    def kill(self) -> None:
        """SIGKILL, as when its machine dies; it heeds no other signal."""
        assert self._process
        self._process.kill()
        self._process.wait(PATIENCE)

    def close(self) -> None:
        """End it, if it runs, and tidy up what it leaves outside its folder."""
        if self._process and self._process.poll() is None:
            self.kill()
        for service in _SERVICES:
            for name, port in (("", self._ports[f"{service}.port"]), ("-grpc", self._ports[f"{service}.port.grpc"])):
                Path(f"/tmp/seaweedfs-{service}{name}-{port}.sock").unlink(missing_ok=True)  # noqa: S108 - it chooses this place

    def settings(self, url: str = "", **changed: Any) -> StorageSettings:
        """What reaches it."""
        reaching = {
            "endpoint": self.endpoint, "region": "us-east-1", "access_key_id": ACCESS_KEY, "allow_http": True,
            "secret_access_key": SecretStr(SECRET_KEY),
        }  # fmt: skip
        return StorageSettings(url=url, **{**reaching, **changed})

    def new_place(self) -> str:
        """The URL of a place without objects, in the one bucket; more of them take too many of the server's volumes."""
        return f"s3://{_BUCKET}/{uuid4().hex}"

    def put(self, bucket: str, key: str = "", body: bytes = b"") -> tuple[int, str]:
        """Make a bucket or an object, past our own code."""
        url = urlsplit(self._signed("PUT", bucket, key))
        connection = http.client.HTTPConnection(url.netloc, timeout=PATIENCE)
        try:
            connection.request("PUT", f"{url.path}?{url.query}", body)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def unfinished(self) -> list[str]:
        """The multipart uploads that were neither completed nor withdrawn."""
        found = self._filed(f"/buckets/{_BUCKET}/.uploads/")
        return [entry["FullPath"] for entry in found.get("Entries") or []]

    def tags(self, url: str, key: str) -> dict[str, str]:
        """What an object is tagged with."""
        place = urlsplit(url)
        extended = self._filed(f"/buckets/{place.netloc}{place.path}/{key}?metadata=true")["Extended"] or {}
        mark = "X-Amz-Tagging-"
        return {
            name.removeprefix(mark): base64.b64decode(value).decode() for name, value in extended.items() if name.startswith(mark)
        }

    def _filed(self, path: str) -> dict[str, Any]:
        """What stands in the server's own books, past S3."""
        connection = http.client.HTTPConnection("127.0.0.1", self._ports["filer.port"], timeout=PATIENCE)
        try:
            connection.request("GET", path, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            found: dict[str, Any] = json.loads(answer.read()) if answer.status == http.client.OK else {}
            return found
        finally:
            connection.close()

    def _signed(self, method: Literal["PUT"], bucket: str, key: str) -> str:
        store = open_bucket(Location(kind="s3", bucket=bucket), self.settings())
        assert isinstance(store, S3Store)
        return obstore.sign(store, method, key, timedelta(minutes=5))

    def _takes_objects(self) -> bool:
        """The bucket alone is not enough: the place for its objects comes a moment later."""
        try:
            return self.put(_BUCKET)[0] in {200, 409} and self.put(_BUCKET, "probe", b"x")[0] == http.client.OK
        except OSError:
            return False


def _free(count: int) -> list[int]:
    """Ports that nobody listens on."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [listener.getsockname()[1] for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    """A running server whose data lie in `folder`."""
    server = S3Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.close()
