"""Takes bytes in: hashed and counted while they stream to the blob store, never whole in memory."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass

from diarist.errors import Empty, TooLarge
from diarist.recordings.sniff import HEAD_BYTES, refuse_other_files
from diarist.storage.blobs import Blobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What has arrived and is durable."""

    sha256: str
    size_bytes: int


async def receive(blobs: Blobs, key: str, pieces: AsyncIterable[bytes], max_bytes: int) -> Received:
    """Store a stream under a key; when it raises, nothing is left of it.

    Raises `Empty`, `TooLarge`, `UnsupportedAudio` for what surely is no recording, and storage errors.
    """
    digest = hashlib.sha256()
    head = bytearray()
    size = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal size
        async for piece in pieces:
            size += len(piece)
            if size > max_bytes:
                raise TooLarge(f"the recording is larger than {max_bytes:,} bytes")
            digest.update(piece)
            if len(head) < HEAD_BYTES:
                head.extend(piece[: HEAD_BYTES - len(head)])
                if len(head) == HEAD_BYTES:
                    refuse_other_files(bytes(head))
            yield piece
        if size == 0:
            raise Empty
        refuse_other_files(bytes(head))

    await blobs.put(key, counted())
    return Received(sha256=digest.hexdigest(), size_bytes=size)
