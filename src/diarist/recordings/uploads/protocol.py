"""The headers of tus 1.0.0 (tus.io/protocols/resumable-upload): read and written; pure."""

from __future__ import annotations

import hashlib
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Protocol
from uuid import UUID

from diarist.domain.hints import Hints, hints_from_texts
from diarist.domain.job import JobPriority
from diarist.http.errors import InvalidRequest

VERSION = "1.0.0"
EXTENSIONS = (
    "creation", "creation-with-upload", "creation-defer-length", "expiration", "checksum", "termination", "concatenation",
)  # fmt: skip
PATH = "/v1/tus"
MAX_METADATA = 8 * 1024
"""Characters of `Upload-Metadata`."""
MAX_PARTS = 1000
UNNAMED = "recording"
"""The name of what has none."""
_KEY = re.compile(r"[!-+\--~]+")
"""Visible ASCII without comma and space."""
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_LONGEST_NAME = 1000


class Digest(Protocol):
    """What hashlib's objects can do."""

    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class _Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


ALGORITHMS: dict[str, Callable[[], Digest]] = {
    # The weak ones find bytes that broke on the way; against an attacker there is TLS.
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "crc32": _Crc32,
}


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the bytes of one request must amount to."""

    algorithm: str
    expected: bytes

    def begin(self) -> Digest:
        return ALGORITHMS[self.algorithm]()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the client tells of the file; unknown keys are kept and handed back, not understood."""

    filename: str
    priority: JobPriority
    hints: Hints


@dataclass(frozen=True, slots=True)
class Concat:
    """Whether an upload is a part, or the concatenation of these parts."""

    part_ids: tuple[UUID, ...] = ()

    @property
    def is_final(self) -> bool:
        return bool(self.part_ids)


def number(name: str, value: str | None) -> int | None:
    """A header that holds a count of bytes, None when it is missing; raises `InvalidRequest`."""
    if value is None:
        return None
    if not _NUMBER.fullmatch(value):
        raise InvalidRequest(f"`{name}` must be a number of bytes")
    return int(value)


def metadata(header: str | None) -> Metadata:
    """`Upload-Metadata`: pairs of a key and a value in base64; raises `InvalidRequest` or, for its hints, `InvalidInput`."""
    if len(header or "") > MAX_METADATA:
        raise InvalidRequest(f"`Upload-Metadata` has more than {MAX_METADATA:,} characters")
    values: dict[str, str] = {}
    for pair in (header or "").split(",") if (header or "").strip() else ():
        key, _, encoded = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in values:
            raise InvalidRequest("`Upload-Metadata` must hold different keys of visible ASCII")
        try:
            values[key] = b64decode(encoded.strip(), validate=True).decode("utf-8", errors="replace")
        except ValueError as error:
            raise InvalidRequest("`Upload-Metadata`: a value is not base64") from error
    name = values.get("filename") or values.get("name") or UNNAMED
    if len(name) > _LONGEST_NAME:
        raise InvalidRequest(f"the filename has more than {_LONGEST_NAME:,} characters")
    return Metadata(name, _priority(values.get("priority")), hints_from_texts(values))


def checksum(header: str | None) -> Checksum | None:
    """`Upload-Checksum`: an algorithm and a digest in base64; raises `InvalidRequest`."""
    if header is None:
        return None
    algorithm, _, encoded = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise InvalidRequest(f"`Upload-Checksum`: the algorithms are {', '.join(ALGORITHMS)}")
    try:
        expected = b64decode(encoded.strip(), validate=True)
    except ValueError as error:
        raise InvalidRequest("`Upload-Checksum`: the digest is not base64") from error
    if len(expected) != len(ALGORITHMS[algorithm]().digest()):
        raise InvalidRequest(f"`Upload-Checksum`: this is no digest of {algorithm}")
    return Checksum(algorithm, expected)


def concat(header: str | None) -> Concat | None:
    """`Upload-Concat`: `partial`, or `final;` and the addresses of the parts; raises `InvalidRequest`."""
    if header is None:
        return None
    if header == "partial":
        return Concat()
    kind, _, addresses = header.partition(";")
    part_ids = tuple(_upload_id(address) for address in addresses.split())
    if kind != "final" or not part_ids:
        raise InvalidRequest("`Upload-Concat` must be `partial`, or `final;` and the addresses of the parts")
    if len(part_ids) > MAX_PARTS or len(set(part_ids)) < len(part_ids):
        raise InvalidRequest(f"an upload is made of at most {MAX_PARTS:,} different parts")
    return Concat(part_ids)


def concat_header(part_ids: Sequence[UUID | str]) -> str:
    """`Upload-Concat` of a concatenation."""
    return "final;" + " ".join(f"{PATH}/{part_id}" for part_id in part_ids)


def expires_header(moment: datetime) -> str:
    """`Upload-Expires`, as RFC 9110 writes dates."""
    return format_datetime(moment, usegmt=True)


def checksum_header(algorithm: str, data: bytes) -> str:
    """`Upload-Checksum` for a body."""
    digest = ALGORITHMS[algorithm]()
    digest.update(data)
    return f"{algorithm} {b64encode(digest.digest()).decode()}"


def _upload_id(address: str) -> UUID:
    folder, _, name = address.rpartition("/")
    if not folder.endswith(PATH) or not _UUID.fullmatch(name):
        raise InvalidRequest("`Upload-Concat` names something that is no upload of this server")
    return UUID(name)


def _priority(value: str | None) -> JobPriority:
    if value is None:
        return JobPriority.NORMAL
    try:
        return JobPriority(value)
    except ValueError as error:
        raise InvalidRequest(f"`priority` is one of {', '.join(JobPriority)}") from error
