"""Reads the URL of a blob store: the scheme says which kind, the rest says where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from diarist.errors import Misconfigured

SCHEMES = {"file": "file", "memory": "memory", "s3": "s3", "gs": "gs", "az": "az", "azure": "az"}
"""What may stand before the colon, and the kind of store it means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where blobs are kept."""

    kind: str
    """`file`, `memory`, `s3`, `gs` or `az`."""
    bucket: str = ""
    """Bucket or container; empty for `file` and `memory`."""
    path: str = ""
    """The folder of `file`; what every key in a bucket begins with, without slashes round it."""

    @property
    def folder(self) -> Path:
        """Of `file`."""
        return Path(self.path)


def parse_location(url: str) -> Location:
    """Take the URL apart; raises `Misconfigured`, whose message never repeats a password."""
    name = "DIARIST_STORAGE__URL"
    try:
        parts = urlsplit(url)
        kind = SCHEMES.get(parts.scheme)
    except ValueError as error:
        raise Misconfigured(f"{name}: {error}") from error
    if kind is None:
        known = ", ".join(f"{scheme}:" for scheme in SCHEMES if scheme != "memory")
        raise Misconfigured(f"{name}: no store for {parts.scheme or 'no scheme'!r}; use one of {known}")
    if parts.username or parts.password:
        advice = "Set DIARIST_STORAGE__ACCESS_KEY_ID and DIARIST_STORAGE__SECRET_ACCESS_KEY instead."
        raise Misconfigured(f"{name}: credentials do not belong into the URL", advice=advice)
    if kind == "file":
        if parts.netloc not in {"", "localhost"} or not parts.path.startswith("/"):
            raise Misconfigured(f"{name}: {url!r} names no absolute folder; write file:///folder")
        return Location(kind=kind, path=unquote(parts.path))
    if kind == "memory":
        return Location(kind=kind)
    if not parts.netloc or parts.query or parts.fragment:
        raise Misconfigured(
            f"{name}: {parts.scheme}: needs a bucket and nothing but a prefix, as in {parts.scheme}://bucket/prefix"
        )
    return Location(kind=kind, bucket=parts.netloc, path=unquote(parts.path).strip("/"))
