"""Sends a stream of bytes to a store, part by part, so that nothing is left of one that ends early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from typing import TYPE_CHECKING, Self, TypedDict

from diarist.storage.faults import translated

if TYPE_CHECKING:
    from obstore.store import ObjectStore

PART = 8 << 20
"""Bytes of one part of a multipart upload; ten thousand of them are allowed, and three at once are in memory."""
_AT_ONCE = 3
_GOODBYE = 5.0
"""Seconds that a cancelled upload may take to withdraw its parts; a lifecycle rule of the bucket takes what is left."""


class PutOptions(TypedDict, total=False):
    """What is stored with the bytes."""

    tags: dict[str, str]


async def send(store: ObjectStore, key: str, content: bytes | AsyncIterable[bytes], options: PutOptions) -> None:
    """Store bytes or a stream of them; raises what the stream raises, and storage errors."""
    if isinstance(content, bytes):
        with translated():
            await _put_whole(store, key, content, options)
        return
    source = _Source(content)
    lead = await source.lead()
    try:
        with translated():
            await (_put_whole(store, key, lead, options) if source.ended else _put_parts(store, key, source, options))
    except BaseException as error:
        # What the caller's own stream raised must not be taken for a fault of the store.
        if source.error is not None and not isinstance(error, asyncio.CancelledError):
            raise source.error from None
        raise


async def _put_whole(store: ObjectStore, key: str, content: bytes, options: PutOptions) -> None:
    import obstore

    await obstore.put_async(store, key, content, use_multipart=False, **options)


async def _put_parts(store: ObjectStore, key: str, source: _Source, options: PutOptions) -> None:
    """Cancelling obstore's own future would leave the parts behind; a source that breaks makes it withdraw them."""
    import obstore

    async def put() -> None:
        await obstore.put_async(store, key, source, use_multipart=True, chunk_size=PART, max_concurrency=_AT_ONCE, **options)

    putting = asyncio.create_task(put())
    try:
        await asyncio.shield(putting)
    except asyncio.CancelledError:
        source.stop()
        await asyncio.wait({putting}, timeout=_GOODBYE)
        if putting.done() and not putting.cancelled() and putting.exception() is None:
            await obstore.delete_async(store, key)
        raise


class _Stopped(Exception):
    """Tells the store that no more comes."""


class _Source:
    """Passes a stream on, remembers its error, and can be made to break."""

    def __init__(self, content: AsyncIterable[bytes]) -> None:
        self._content: AsyncIterator[bytes] = aiter(content)
        self._waiting: bytes = b""
        self._next: asyncio.Future[bytes] | None = None
        self._stopped = False
        self.ended = False
        self.error: BaseException | None = None

    async def lead(self) -> bytes:
        """The first part; `ended` tells whether that is all. It is also the first piece of the iteration."""
        pieces: list[bytes] = []
        size = 0
        while size < PART:
            try:
                pieces.append(await anext(self._content))
            except StopAsyncIteration:
                self.ended = True
                break
            size += len(pieces[-1])
        self._waiting = b"".join(pieces)
        return self._waiting

    def stop(self) -> None:
        """Break, also in the middle of waiting for a piece."""
        self._stopped = True
        if self._next is not None:
            self._next.cancel()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        if self._stopped:
            raise _Stopped
        if self._waiting:
            piece, self._waiting = self._waiting, b""
            return piece
        self._next = asyncio.ensure_future(_piece(self._content))
        try:
            return await self._next
        except StopAsyncIteration:
            raise
        except BaseException as error:
            self.error = error
            if self._stopped:
                raise _Stopped from error
            raise
        finally:
            self._next = None


async def _piece(content: AsyncIterator[bytes]) -> bytes:
    return await anext(content)
