"""tus as it goes over the wire, for tests that look at single requests."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import httpx

VERSION = {"Tus-Resumable": "1.0.0"}
CHUNK = {"Content-Type": "application/offset+octet-stream"}


def encoded(**values: str) -> dict[str, str]:
    """`Upload-Metadata` with these pairs."""
    return {"Upload-Metadata": ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in values.items())}


def begin(client: httpx.Client, length: int | None = None, **headers: str) -> httpx.Response:
    """Creation; headers by their names with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    said = {} if length is None else {"Upload-Length": str(length)}
    return client.post("/v1/tus", headers={**VERSION, **said, **named})


def begun(client: httpx.Client, length: int | None = None, **headers: str) -> str:
    """The address of a new upload."""
    answer = begin(client, length, **headers)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def send(client: httpx.Client, address: str, offset: int, content: bytes | Iterator[bytes], **headers: str) -> httpx.Response:
    """PATCH."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.patch(address, content=content, headers={**VERSION, **CHUNK, "Upload-Offset": str(offset), **named})


def look(client: httpx.Client, address: str) -> httpx.Response:
    """HEAD."""
    return client.head(address, headers=VERSION)


def offset_of(client: httpx.Client, address: str) -> int:
    return int(look(client, address).headers["Upload-Offset"])
