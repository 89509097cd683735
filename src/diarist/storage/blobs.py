"""Blobs: one small vocabulary for a local folder and for object stores, over obstore."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from platformdirs import user_cache_path

from diarist.errors import NotFound, NotSupported, StorageFailed, TooLarge
from diarist.settings import StorageSettings
from diarist.storage.bucket import Bucket
from diarist.storage.faults import translated
from diarist.storage.folder import Folder
from diarist.storage.keys import checked
from diarist.storage.location import parse_location
from diarist.storage.sending import send
from diarist.telemetry.metrics.catalogue import Catalogue
from diarist.telemetry.metrics.storage import StorageMetrics
from diarist.telemetry.tracing import Kind, Span, span

PIECE_BYTES = 1 << 20
"""Bytes of one piece of a streamed read, and of one request for it: how slowly somebody listens must not matter."""
LARGEST_PUT = 5 << 30
"""Bytes that may be put to a presigned URL; S3 takes no more in one request."""
_PROBE = "readiness/probe"
_CHECK = 4.0
"""Seconds that the store may take to show that it is there."""
_LONGEST_SIGNATURE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SignedPut:
    """How to put bytes straight into the store."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    """What must be sent along."""


class Blobs:
    """Named, immutable byte strings; keys are `/`-separated and made by us, never by a caller of the API."""

    def __init__(self, kind: str, home: Folder | Bucket, metrics: StorageMetrics | None = None) -> None:
        self._metrics = metrics or StorageMetrics.open(Catalogue.open())
        self._kind = kind
        self._home = home
        self._probed = False

    @classmethod
    def open(
        cls, url: str, settings: StorageSettings | None = None, *, scratch: Path | None = None,
        metrics: StorageMetrics | None = None,
    ) -> Self:  # fmt: skip
        """Open the store that `url` names; `scratch` holds copies for those who need a path, `metrics` counts.

        Raises `Misconfigured`, or `StorageFailed` when a folder cannot be used; a bucket is first asked when it is first used.
        """
        location = parse_location(url)
        if location.kind == "file":
            return cls(location.kind, Folder(location.folder), metrics)
        scratch = scratch or user_cache_path("diarist") / "scratch"
        return cls(location.kind, Bucket(location, settings or StorageSettings(), scratch), metrics)

    @property
    def local(self) -> bool:
        """Whether the blobs lie on this machine, so that `local_path` costs nothing."""
        return isinstance(self._home, Folder)

    @property
    def can_sign(self) -> bool:
        """Whether there are presigned URLs."""
        return isinstance(self._home, Bucket) and self._home.signs

    async def put(self, key: str, content: bytes | AsyncIterable[bytes]) -> None:
        """Store bytes durably under a key; nothing is left when it fails or `content` raises.

        Raises `StorageFull`, `StorageFailed`, and whatever `content` raises.
        """
        with self._doing("put", key):
            await send(self._home.store, checked(key), self._metrics.counted(content), self._home.options(key))
            await self._home.settle(key)

    async def check(self) -> None:
        """Raise a storage error unless the store can be used now; within seconds, for this is asked again and again."""
        try:
            async with asyncio.timeout(_CHECK):
                if self.local or not self._probed:
                    await self.put(_PROBE, b"ready")
                    self._probed = True
                # Reading costs a tenth of what writing costs in most object stores.
                await self.size(_PROBE)
        except TimeoutError as error:
            raise StorageFailed("the store does not answer") from error

    async def get(self, key: str) -> bytes:
        """The whole blob; for chunks and other small things only. Raises `NotFound`."""
        import obstore

        with self._doing("get", key), translated():
            answer = await obstore.get_async(self._home.store, checked(key))
            whole = bytes(await answer.bytes_async())
        self._metrics.read.add(by=len(whole))
        return whole

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Bytes `start` to `end` (exclusive; None for the rest), piece by piece. Raises `NotFound`."""
        import obstore

        stop = await self.size(key) if end is None else end
        with self._span("stream", key):  # as long as somebody listens
            for position in range(start, stop, PIECE_BYTES):
                with self._metrics.operation("read", NotFound), translated():
                    piece = await obstore.get_range_async(
                        self._home.store, checked(key), start=position, end=min(position + PIECE_BYTES, stop)
                    )
                self._metrics.read.add(by=len(piece))
                yield bytes(piece)

    async def size(self, key: str) -> int:
        """Bytes in the blob; raises `NotFound`."""
        import obstore

        with self._doing("size", key), translated():
            return (await obstore.head_async(self._home.store, checked(key)))["size"]

    async def delete_under(self, prefix: str) -> int:
        """Delete everything below a prefix, also what a write that was killed has left; returns how many blobs there were."""
        with self._doing("delete under", prefix):
            return await self._home.delete_under(checked(prefix))

    async def delete(self, key: str) -> None:
        """Delete one blob, if it is there."""
        import obstore

        with suppress(NotFound), self._doing("delete", key), translated():
            await obstore.delete_async(self._home.store, checked(key))

    async def folders(self, prefix: str, *, after: str = "", limit: int = 1 << 31) -> list[str]:
        """The names directly below a prefix that have blobs of their own below them; at most `limit` of those behind `after`.

        In order where all names are equally long, as ids are; else stores differ in where they put a dash or a dot.
        """
        with self._metrics.operation("list"):
            return await self._home.folders(checked(prefix), after, limit)

    async def sizes(self, prefix: str) -> AsyncIterator[tuple[str, int]]:
        """Every blob below a prefix and the bytes that it has, in no order; staged ones are left out."""
        import obstore

        with self._metrics.operation("list"), translated():
            async for page in obstore.list(self._home.store, checked(prefix), chunk_size=1000):
                for found in page:
                    yield found["path"], found["size"]

    @asynccontextmanager
    async def local_path(self, key: str) -> AsyncIterator[Path]:
        """A path at which the blob can be read while the context lasts: the file itself, or a copy that is then deleted.

        Entering raises `NotFound`, `StorageFull` when there is no room for a copy, and `StorageFailed`.
        """
        async with AsyncExitStack() as stack:
            with self._doing("fetch", key):
                path = await stack.enter_async_context(self._home.local_path(checked(key)))
            if not self.local:
                self._metrics.read.add(by=path.stat().st_size)
            yield path

    async def presigned_get(self, key: str, expires: timedelta) -> str:
        """A URL that gives the blob to anybody who has it, for at most seven days; raises `NotSupported`."""
        return await self._signed("GET", key, expires)

    async def presigned_put(self, key: str, expires: timedelta, *, size: int) -> SignedPut:
        """How anybody may put a blob under this key, until the URL expires; raises `NotSupported` and `TooLarge`.

        The store does not hold the sender to `size`: whoever takes the blob in looks at it first.
        """
        if size > LARGEST_PUT:
            raise TooLarge(f"the object store takes {LARGEST_PUT:,} bytes at once and no more", advice="Upload it in pieces.")
        url = await self._signed("PUT", key, expires)
        return SignedPut(url, {"x-ms-blob-type": "BlockBlob"} if self._kind == "az" else {})

    @contextmanager
    def _doing(self, what: str, key: str) -> Iterator[None]:
        """Round one operation: it is a step of the trace at hand, and counts."""
        with self._span(what, key), self._metrics.operation(what.replace(" ", "_"), NotFound):
            yield

    def _span(self, doing: str, key: str) -> AbstractContextManager[Span]:
        about = {"diarist.blob.store": self._kind, "diarist.blob.key": key}
        return span(f"blobs {doing}", kind=Kind.CLIENT, attributes=about, leaf=True)

    async def _signed(self, method: Literal["GET", "PUT"], key: str, expires: timedelta) -> str:
        if not isinstance(self._home, Bucket) or not self._home.signs:
            raise NotSupported("the store of this installation gives no presigned URLs")
        return await self._home.sign(method, checked(key), min(expires, _LONGEST_SIGNATURE))
