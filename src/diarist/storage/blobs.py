"""Blobs over obstore: one small vocabulary for a local folder and, later, for object stores."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlparse

from diarist.errors import Misconfigured, NotFound, StorageFailed, StorageFull

if TYPE_CHECKING:
    from obstore.store import LocalStore

PIECE_BYTES = 1 << 20
"""Bytes of one piece of a streamed read."""


class Blobs:
    """Named, immutable byte strings; keys are `/`-separated and made by us, never by a caller of the API."""

    def __init__(self, store: LocalStore, root: Path) -> None:
        self._store = store
        self._root = root

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the store that `url` names; raises `Misconfigured`, or `StorageFailed` when it cannot be used."""
        from obstore.store import LocalStore

        parts = urlparse(url)
        if parts.scheme != "file":
            raise Misconfigured(f"DIARIST_STORAGE__URL: no adapter for {parts.scheme or 'no scheme'!r}; use file:///…")
        root = Path(unquote(parts.path))
        with _translated():
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            return cls(LocalStore(root), root)

    async def put(self, key: str, content: bytes | AsyncIterable[bytes]) -> None:
        """Store bytes durably under a key; nothing is left when it fails or `content` raises.

        Raises `StorageFull`, `StorageFailed`, and whatever `content` raises.
        """
        import obstore

        source = content if isinstance(content, bytes) else _Guarded(content)
        try:
            with _translated():
                await obstore.put_async(self._store, key, source)
                await asyncio.to_thread(_sync_to_disk, self._root / key)
        except BaseException:
            # What the caller's own stream raised must not be taken for a fault of the disk.
            if isinstance(source, _Guarded) and source.error is not None:
                raise source.error from None
            raise

    async def get(self, key: str) -> bytes:
        """The whole blob; for chunks and other small things only. Raises `NotFound`."""
        import obstore

        with _translated():
            answer = await obstore.get_async(self._store, key)
            return bytes(await answer.bytes_async())

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Bytes `start` to `end` (exclusive; None for the rest), piece by piece. Raises `NotFound`."""
        import obstore

        stop = await self.size(key) if end is None else end
        if start >= stop:
            return
        with _translated():
            answer = await obstore.get_async(self._store, key, options={"range": (start, stop)})
            async for piece in answer.stream(min_chunk_size=PIECE_BYTES):
                yield bytes(piece)

    async def size(self, key: str) -> int:
        """Bytes in the blob; raises `NotFound`."""
        import obstore

        with _translated():
            return (await obstore.head_async(self._store, key))["size"]

    async def delete_under(self, prefix: str) -> int:
        """Delete everything below a prefix, also what a write that was killed has left; returns how many blobs there were."""
        return await asyncio.to_thread(_remove_tree, self._root / prefix, self._root)

    async def folders(self, prefix: str) -> list[str]:
        """The names directly below a prefix that have blobs of their own below them."""
        return await asyncio.to_thread(_folders, self._root / prefix)

    @contextmanager
    def local_path(self, key: str) -> Iterator[Path]:
        """A path at which the blob can be read while the context lasts; raises `NotFound`."""
        path = self._root / key
        if not path.is_file():
            raise NotFound(
                f"the audio {key} is not in the blob store", advice="It was deleted, or the data directory was changed."
            )
        yield path


class _Guarded:
    """Passes a stream on and remembers its error, which would otherwise come back wrapped or mistaken for the store's."""

    def __init__(self, source: AsyncIterable[bytes]) -> None:
        self._source = source.__aiter__()
        self.error: BaseException | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await self._source.__anext__()
        except StopAsyncIteration:
            raise
        except BaseException as error:
            self.error = error
            raise


@contextmanager
def _translated() -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError as error:
        raise NotFound("the audio is not in the blob store") from error
    except BaseError as error:
        # obstore has no class for a full disk; its text carries the operating system's error number.
        if f"os error {errno.ENOSPC}" in str(error) or f"os error {errno.EDQUOT}" in str(error):
            raise StorageFull from error
        raise StorageFailed(str(error).partition("\n")[0]) from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull from error
        raise StorageFailed(f"{error.strerror or error}: {error.filename or ''}") from error


def _sync_to_disk(path: Path) -> None:
    """Flush a file and its directory entry: a 2xx answer must survive a power cut, not only a crash."""
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_tree(folder: Path, root: Path) -> int:
    with _translated():
        files = [path for path in folder.rglob("*") if path.is_file()]
        if folder.exists():
            shutil.rmtree(folder)
    # Tidying up is worth a try, no more: another write may need the same parents this very moment.
    with suppress(OSError):
        while (folder := folder.parent) != root:
            folder.rmdir()
    return len(files)


def _folders(folder: Path) -> list[str]:
    with _translated():
        return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
