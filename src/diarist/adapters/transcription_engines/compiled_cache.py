"""Keeps what took time to compile in a directory that may be emptied, or spoilt, at any time."""

from __future__ import annotations

import hashlib
from pathlib import Path

import structlog

from diarist.storage.whole_files import write_whole

_DIGEST = hashlib.sha256().digest_size
log = structlog.get_logger(__name__)


def load(path: Path) -> bytes | None:
    """What `keep` wrote; None when there is nothing, or it is not whole."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    digest, content = stored[:_DIGEST], stored[_DIGEST:]
    return content if hashlib.sha256(content).digest() == digest else None


def keep(path: Path, content: bytes) -> None:
    """Write it, all or nothing; a directory that cannot be written to only costs time again."""
    try:
        write_whole(path, hashlib.sha256(content).digest() + content)
    except OSError as error:
        log.warning("engine.compiled_not_kept", error=type(error).__name__)
