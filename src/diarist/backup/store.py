"""The place where backups lie: sealed objects in a folder or bucket, by the same adapters as recordings.

backups/ID/manifest   what the backup consists of; written last
backups/ID/database   the dump
backups/ID/index-N    where each blob is
backups/ID/copied-N   the same of those that were copied for it, while it is not finished
blobs/xx/NAME         one blob; belongs to all backups whose index names it
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self
from uuid import UUID, uuid4

from diarist.backup.key import BackupKey, read_key
from diarist.backup.manifest import Manifest, Part, read_manifest, write_manifest
from diarist.backup.sealing import seal, sealed_size, unseal
from diarist.errors import BackupDamaged, DiaristError, Misconfigured, NotFound, StorageFailed, StorageFull
from diarist.settings import Settings, StorageSettings
from diarist.storage.blobs import Blobs
from diarist.storage.location import Location, parse_location

_BACKUPS, _BLOBS = "backups", "blobs"
_ADVICE = "Check DIARIST_BACKUP__STORE__URL and what its key may do there. Run the same again: it goes on where it stopped."
_FULL = "Make room there, or keep fewer (DIARIST_BACKUP__KEEP_LAST …). Run the same again: it goes on where it stopped."


@dataclass(frozen=True, slots=True)
class BackupStore:
    """Objects that only the key opens."""

    blobs: Blobs
    key: BackupKey

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """The store that the settings name; raises `Misconfigured`."""
        wanted = settings.backup.store
        if not wanted.url:
            advice = "Set DIARIST_BACKUP__STORE__URL, to a disk or bucket that is lost at another time than the recordings."
            raise Misconfigured("it is not said where backups go", advice=advice)
        key = read_key(settings.backup.key_file)
        with _told():
            _refuse_same_place(parse_location(wanted.url), parse_location(settings.storage_url))
            return cls(Blobs.open(wanted.url, StorageSettings(**dict(wanted)), scratch=settings.scratch_dir), key)

    async def put(self, name: str, content: AsyncIterable[bytes]) -> Part:
        """Seal a stream; nothing is left of one that breaks. Raises what `content` raises, and storage errors."""
        digest, size, own = hashlib.sha256(), 0, list[BaseException]()

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            try:
                async for piece in content:
                    digest.update(piece)
                    size += len(piece)
                    yield piece
            except DiaristError as error:
                own.append(error)
                raise

        with _told(own):
            await self.blobs.put(name, seal(self.key, name, counted()))
        return Part(name=name, sha256=digest.hexdigest(), size=size)

    async def put_small(self, name: str, content: bytes) -> Part:
        """Seal something that memory holds, deflated."""
        return await self.put(name, _one(zlib.compress(content, 6)))

    async def open_part(self, part: Part) -> AsyncIterator[bytes]:
        """The content; raises `BackupDamaged`, at its end too, when it is not what was put there."""
        digest = hashlib.sha256()
        async for piece in self._unsealed(part.name):
            digest.update(piece)
            yield piece
        if digest.hexdigest() != part.sha256:
            raise BackupDamaged(f"{part.name} is not what was written")

    async def read_small(self, part: Part) -> bytes:
        """What `put_small` was given."""
        return _inflated(part.name, b"".join([piece async for piece in self.open_part(part)]))

    async def read_named(self, name: str) -> bytes:
        """The same of an object of which only the name is known; it opens, so the key's holder wrote it under this name."""
        return _inflated(name, b"".join([piece async for piece in self._unsealed(name)]))

    async def manifest(self, backup_id: UUID) -> Manifest | None:
        """Of a backup, None when it was not finished."""
        name = f"{folder_of(backup_id)}/manifest"
        try:
            with _told():
                await self.blobs.size(name)
        except NotFound:
            return None
        return read_manifest(await self.read_named(name))

    async def finish(self, manifest: Manifest) -> None:
        """Write the manifest; from now on the backup is one."""
        await self.put_small(f"{folder_of(manifest.id)}/manifest", write_manifest(manifest))

    async def backups(self) -> list[UUID]:
        """All that were begun, oldest first: ids sort by the moment they were made."""
        with _told():
            return sorted(UUID(hex=name) for name in await self.blobs.folders(_BACKUPS))

    async def stored(self, prefix: str = _BLOBS) -> dict[str, int]:
        """Objects, and the bytes that each takes."""
        with _told():
            return {name: size async for name, size in self.blobs.sizes(prefix)}

    async def delete(self, name: str) -> None:
        """Delete an object, if it is there."""
        with _told():
            await self.blobs.delete(name)

    async def delete_backup(self, backup_id: UUID) -> None:
        """Delete all of a backup but its blobs; the manifest goes first, so that nothing half deleted is taken for whole."""
        await self.delete(f"{folder_of(backup_id)}/manifest")
        with _told():
            await self.blobs.delete_under(folder_of(backup_id))

    async def _unsealed(self, name: str) -> AsyncIterator[bytes]:
        try:
            async for piece in unseal(self.key, name, self._sealed(name)):
                yield piece
        except NotFound as error:
            raise BackupDamaged(f"{name} is not in the backup store") from error

    async def _sealed(self, name: str) -> AsyncIterator[bytes]:
        with _told():
            async for piece in self.blobs.stream(name):
                yield piece


def folder_of(backup_id: UUID) -> str:
    """Where a backup lies."""
    return f"{_BACKUPS}/{backup_id.hex}"


def new_name() -> str:
    """A name for a blob's copy; by chance, so that it tells nothing, and is never written twice."""
    name = uuid4().hex
    return f"{_BLOBS}/{name[:2]}/{name}"


def stored_size(part_size: int) -> int:
    """Bytes that an object takes in the store."""
    return sealed_size(part_size)


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _inflated(name: str, content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise BackupDamaged(f"{name} cannot be read") from error


def _refuse_same_place(ours: Location, theirs: Location) -> None:
    paths = [f"{location.path.rstrip('/')}/" for location in (ours, theirs)]
    if (ours.kind, ours.bucket) == (theirs.kind, theirs.bucket) and (
        paths[0].startswith(paths[1]) or paths[1].startswith(paths[0])
    ):
        advice = "Name another disk or bucket in DIARIST_BACKUP__STORE__URL: what is lost together is no backup."
        raise Misconfigured("backups would lie where the recordings lie", advice=advice)


@contextmanager
def _told(own: list[BaseException] | None = None) -> Iterator[None]:
    """Say of the backup store what the adapters would say of the recordings'; `own`: errors that are not the store's."""
    try:
        yield
    except (StorageFailed, StorageFull, Misconfigured) as error:
        if error in (own or ()):
            raise
        if isinstance(error, StorageFull):
            raise StorageFull("the backup store is full", advice=_FULL) from error
        message = error.message.replace("DIARIST_STORAGE", "DIARIST_BACKUP__STORE")
        advice = error.advice.replace("DIARIST_STORAGE", "DIARIST_BACKUP__STORE") if isinstance(error, Misconfigured) else _ADVICE
        raise type(error)(f"the backup store: {message}", advice=advice) from error
