"""What the names of blobs look like; we make them ourselves, so one that looks otherwise is a bug and is refused."""

from __future__ import annotations

import re

LONGEST = 255
"""Characters; the columns that hold keys are as long."""
_KEY = re.compile(r"(?!/)(?:(?:^|/)[A-Za-z0-9_-][A-Za-z0-9_.-]*)+")


def checked(key: str) -> str:
    """The key or prefix itself; raises `ValueError` for anything that could mean another place than it says."""
    if len(key) > LONGEST or not _KEY.fullmatch(key):
        raise ValueError(f"not the name of a blob: {key[:LONGEST]!r}")
    return key


def kind_of(key: str) -> str:
    """What a blob is: `chunk`, `upload` or `original`; the tag by which a bucket's lifecycle rules find it."""
    parts = key.split("/")
    if "uploads" in parts:
        return "upload"
    return "chunk" if "chunks" in parts else "original"
