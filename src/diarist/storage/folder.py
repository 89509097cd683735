"""What a store in a local folder does its own way: syncing to disk, deleting whole trees, giving paths."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from diarist.errors import NotFound
from diarist.storage.faults import translated
from diarist.storage.sending import PutOptions

if TYPE_CHECKING:
    from obstore.store import LocalStore


class Folder:
    """A folder of this machine; raises `StorageFailed` when it cannot be made."""

    def __init__(self, root: Path) -> None:
        from obstore.store import LocalStore

        self._root = root
        with translated():
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.store: LocalStore = LocalStore(root)

    def options(self, _key: str) -> PutOptions:
        """Files bear no tags."""
        return {}

    async def settle(self, key: str) -> None:
        """Make what was written survive a power cut."""
        with translated():
            await asyncio.to_thread(_sync_to_disk, self._root / key)

    async def delete_under(self, prefix: str) -> int:
        """Delete a tree, also what a write that was killed has left in it."""
        return await asyncio.to_thread(_remove_tree, self._root / prefix, self._root)

    async def folders(self, prefix: str, after: str, limit: int) -> list[str]:
        """Some names of folders, in order."""
        return await asyncio.to_thread(_folders, self._root / prefix, after, limit)

    @asynccontextmanager
    async def local_path(self, key: str) -> AsyncIterator[Path]:
        """The blob itself."""
        path = self._root / key
        if not path.is_file():
            raise NotFound(
                f"the audio {key} is not in the blob store", advice="It was deleted, or the data directory was changed."
            )
        yield path


def _sync_to_disk(path: Path) -> None:
    """Flush a file and its directory entry: a 2xx answer must survive a power cut, not only a crash."""
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_tree(folder: Path, root: Path) -> int:
    with translated():
        count = sum(len(files) for _, _, files in os.walk(folder))  # which takes it well when folders go meanwhile
        while folder.exists():
            # Somebody else may be deleting the same, or still be writing: what is gone is no error, what has come goes too.
            with suppress(FileNotFoundError):
                shutil.rmtree(folder)
    # Tidying up is worth a try, no more: another write may need the same parents this very moment.
    with suppress(OSError):
        while (folder := folder.parent) != root:
            folder.rmdir()
    return count


def _folders(folder: Path, after: str, limit: int) -> list[str]:
    with translated():
        names = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    return [name for name in names if name > after][:limit]
