"""What an object store does its own way: listing, deleting in batches, copies on this machine, signed URLs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from diarist.settings import StorageSettings
from diarist.storage.faults import translated
from diarist.storage.keys import kind_of
from diarist.storage.location import Location
from diarist.storage.opening import open_bucket
from diarist.storage.scratch import Scratch
from diarist.storage.sending import PutOptions

if TYPE_CHECKING:
    from diarist.storage.opening import RemoteStore

_PAGE = 1000
"""Keys that are listed, and deleted, by one request."""
_WINDOW = 8 << 20
"""Bytes that are fetched by one request, and held in memory."""


class Bucket:
    """A bucket or container; connects at first use."""

    def __init__(self, location: Location, settings: StorageSettings, scratch: Path) -> None:
        self.store: RemoteStore = open_bucket(location, settings)
        self.signs = location.kind != "memory"
        self._public = (
            open_bucket(location, settings, endpoint=settings.public_endpoint) if settings.public_endpoint else self.store
        )
        self._scratch = Scratch(scratch)

    def options(self, key: str) -> PutOptions:
        """The tag by which lifecycle rules tell one kind of object from another."""
        return {"tags": {"diarist": kind_of(key)}}

    async def settle(self, key: str) -> None:
        """Nothing: what an object store has acknowledged is durable."""

    async def delete_under(self, prefix: str) -> int:
        """Delete every object below a prefix."""
        import obstore

        deleted = 0
        with translated():
            async for page in obstore.list(self.store, prefix, chunk_size=_PAGE):
                await obstore.delete_async(self.store, [found["path"] for found in page])
                deleted += len(page)
        return deleted

    async def folders(self, prefix: str, after: str, limit: int) -> list[str]:
        """Some names between two slashes, in order; lists page by page, for there may be millions."""
        import obstore

        # Nothing that a name may hold sorts behind the tilde.
        offset = f"{prefix}/{after}/~" if after else None
        names: list[str] = []
        with translated():
            async for page in obstore.list(self.store, prefix, offset=offset, chunk_size=_PAGE):
                for found in page:
                    name, slash, _ = found["path"].removeprefix(f"{prefix}/").partition("/")
                    # Not every store heeds the offset.
                    if slash and (not names or names[-1] != name) and name > after:
                        if len(names) == limit:
                            return names
                        names.append(name)
        return names

    @asynccontextmanager
    async def local_path(self, key: str) -> AsyncIterator[Path]:
        """A copy on this machine that is gone afterwards."""
        import obstore

        with translated():
            size = (await obstore.head_async(self.store, key))["size"]
        with self._scratch.file(size) as (path, file):
            for start in range(0, size, _WINDOW):
                with translated():
                    window = await obstore.get_range_async(self.store, key, start=start, end=min(start + _WINDOW, size))
                    await asyncio.to_thread(file.write, window)
            with translated():
                await asyncio.to_thread(file.flush)
            yield path

    async def sign(self, method: Literal["GET", "PUT"], key: str, expires: timedelta) -> str:
        """A URL by which anybody may do this one thing for a while; the store is not asked."""
        import obstore
        from obstore.store import MemoryStore

        assert not isinstance(self._public, MemoryStore)  # noqa: S101 - for mypy: callers look at `signs`
        with translated():
            return await obstore.sign_async(self._public, method, key, expires)
