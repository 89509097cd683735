"""Takes bytes in: hashed and counted while they stream to the blob store, never whole in memory."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass

from diarist.errors import Empty, TooLarge
from diarist.storage.blobs import Blobs


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What has arrived and is durable."""

    sha256: str
    size_bytes: int


async def receive(blobs: Blobs, key: str, pieces: AsyncIterable[bytes], max_bytes: int) -> Received:
    """Store a stream under a key; raises `Empty`, `TooLarge` or a storage error, and then nothing is left of it."""
    digest = hashlib.sha256()
    size = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal size
        async for piece in pieces:
            size += len(piece)
            if size > max_bytes:
                raise TooLarge(f"the recording is larger than {max_bytes:,} bytes")
            digest.update(piece)
            yield piece
        if size == 0:
            raise Empty

    await blobs.put(key, counted())
    return Received(sha256=digest.hexdigest(), size_bytes=size)
