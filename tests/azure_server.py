"""Azurite, which speaks Azure's blob storage, for tests; `npm install -g azurite` brings it."""

from __future__ import annotations

import base64
import hmac
import http.client
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from uuid import uuid4

from pydantic import SecretStr

from diarist.settings import StorageSettings
from waiting import until

PATIENCE = 60.0
"""Seconds that it may take to start on a slow machine; usually it takes one."""
_ACCOUNT = "diaristtests"


def azurite() -> str | None:
    """The program, from the path or as DIARIST_TEST_AZURITE names it."""
    return os.environ.get("DIARIST_TEST_AZURITE") or shutil.which("azurite-blob")


class AzureServer:
    """A running server with an account of our own."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key = port, key

    def settings(self, url: str = "") -> StorageSettings:
        """What reaches it."""
        return StorageSettings(
            url=url, endpoint=f"http://127.0.0.1:{self._port}/{_ACCOUNT}", access_key_id=_ACCOUNT,
            secret_access_key=SecretStr(self._key), allow_http=True,
        )  # fmt: skip

    def new_container(self) -> str:
        """The URL of an empty container."""
        name = f"c-{uuid4().hex}"
        # A signed URL may not do this, so the request is signed by the key itself:
        # https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
        path = f"/{_ACCOUNT}/{name}"
        headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-08-06"}
        signed = [
            "PUT",
            *[""] * 11,
            *(f"{header}:{value}" for header, value in headers.items()),
            f"/{_ACCOUNT}{path}",
            "restype:container",
        ]
        digest = hmac.digest(base64.b64decode(self._key), "\n".join(signed).encode(), "sha256")
        headers["Authorization"] = f"SharedKey {_ACCOUNT}:{base64.b64encode(digest).decode()}"
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request("PUT", f"{path}?restype=container", headers=headers)
            answer = connection.getresponse()
            assert answer.status == http.client.CREATED, answer.read().decode()
        finally:
            connection.close()
        return f"az://{name}"

    def answers(self) -> bool:
        """Whether it listens."""
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def azure_server(folder: Path) -> Iterator[AzureServer]:
    """A running server whose data lie in `folder`."""
    program = azurite()
    assert program, "Azurite is not installed"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    key = base64.b64encode(secrets.token_bytes(64)).decode()
    options = ["--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(folder), "--silent", "--skipApiVersionCheck"]
    with (folder / "log").open("wb") as log:
        environment = {**os.environ, "AZURITE_ACCOUNTS": f"{_ACCOUNT}:{key}"}
        process = subprocess.Popen([program, *options], stdout=log, stderr=log, env=environment, cwd=folder)
    try:
        server = AzureServer(port, key)
        until(server.answers, patience=PATIENCE, process=process, why=lambda: f"Azurite does not answer; see {folder / 'log'}")
        yield server
    finally:
        process.kill()
        process.wait(PATIENCE)
