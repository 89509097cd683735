"""Where each blob's copy is: lists in parts, and a journal of what was copied so far, from which a broken run goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from uuid import UUID

import msgspec

from diarist.backup.manifest import Manifest, Part
from diarist.backup.store import BackupStore, folder_of
from diarist.errors import BackupDamaged

_PART = 10_000
"""Copies in one part of an index."""
_JOURNAL = 200
"""Copies that may be made again after a kill."""


class Copy(msgspec.Struct, frozen=True, array_like=True):
    """One blob, and its copy in the backup store."""

    key: str
    object: str
    sha256: str
    size: int

    @property
    def part(self) -> Part:
        """As an object of the store."""
        return Part(name=self.object, sha256=self.sha256, size=self.size)


async def write_index(store: BackupStore, backup_id: UUID, copies: Iterable[Copy]) -> tuple[Part, ...]:
    """The index of a backup, ordered by key."""
    ordered = sorted(copies, key=lambda copy: copy.key)
    starts = range(0, len(ordered), _PART)
    return tuple(
        [
            await store.put_small(
                f"{folder_of(backup_id)}/index-{number:04d}", msgspec.json.encode(ordered[start : start + _PART])
            )
            for number, start in enumerate(starts)
        ]
    )


async def read_index(store: BackupStore, manifest: Manifest) -> AsyncIterator[Copy]:
    """All copies of a backup; raises `BackupDamaged`."""
    for part in manifest.index:
        for copy in _decoded(part.name, await store.read_small(part)):
            yield copy


async def copied_before(store: BackupStore) -> dict[str, Copy]:
    """What need not be copied again, by key: the newest whole backup's blobs, and those of runs that were broken off after it.

    What is damaged there is left out, so that it is copied afresh.
    """
    known: dict[str, Copy] = {}
    for backup_id in reversed(await store.backups()):
        try:
            manifest = await store.manifest(backup_id)
            if manifest is not None:
                return {copy.key: copy async for copy in read_index(store, manifest)} | known
            known = {copy.key: copy for copy in await _journal(store, backup_id)} | known
        except BackupDamaged:
            continue
    return known


@dataclass(slots=True)
class Journal:
    """Notes what is copied while a backup is made."""

    store: BackupStore
    backup_id: UUID
    _waiting: list[Copy]
    _parts: int = 0

    @classmethod
    def begin(cls, store: BackupStore, backup_id: UUID) -> Journal:
        """Of a new backup."""
        return cls(store, backup_id, [])

    async def add(self, copy: Copy) -> None:
        """Note a copy."""
        self._waiting.append(copy)
        if len(self._waiting) >= _JOURNAL:
            await self.flush()

    async def flush(self) -> None:
        """Write down what was noted."""
        written, self._waiting, number = self._waiting, [], self._parts
        if written:
            self._parts += 1
            await self.store.put_small(f"{folder_of(self.backup_id)}/copied-{number:06d}", msgspec.json.encode(written))

    async def drop(self) -> None:
        """The index has it all now."""
        for number in range(self._parts):
            await self.store.delete(f"{folder_of(self.backup_id)}/copied-{number:06d}")


async def _journal(store: BackupStore, backup_id: UUID) -> list[Copy]:
    found: list[Copy] = []
    for name in await store.stored(folder_of(backup_id)):
        if name.rpartition("/")[2].startswith("copied-"):
            found += _decoded(name, await store.read_named(name))
    return found


def _decoded(name: str, content: bytes) -> list[Copy]:
    try:
        return msgspec.json.decode(content, type=list[Copy])
    except msgspec.MsgspecError as error:
        raise BackupDamaged(f"{name} cannot be read") from error
