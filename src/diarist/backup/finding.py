"""Finds backups: all that there are, or the one that is meant."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from diarist.backup.manifest import Manifest
from diarist.backup.store import BackupStore
from diarist.errors import BackupDamaged, InvalidInput, NotFound

_SHORTEST = 4
"""Characters of an id that are enough to name it."""
_ADVICE = "`diarist backup list` shows what there is."


@dataclass(frozen=True, slots=True)
class Listed:
    """A backup, or what there is of one."""

    id: UUID
    manifest: Manifest | None
    state: str
    """`whole`; `losses`: the blob store had lost something before; `unfinished`; `damaged`: its manifest cannot be read."""


async def all_backups(store: BackupStore) -> list[Listed]:
    """Newest first; raises `BackupKeyWrong` and storage errors."""
    found = []
    for backup_id in reversed(await store.backups()):
        try:
            manifest = await store.manifest(backup_id)
        except BackupDamaged:
            found.append(Listed(backup_id, None, "damaged"))
            continue
        if manifest is None:
            found.append(Listed(backup_id, None, "unfinished"))
        else:
            found.append(Listed(backup_id, manifest, "losses" if manifest.missing or manifest.damaged else "whole"))
    return found


async def find_backup(store: BackupStore, named: str) -> Manifest:
    """The whole backup of that id, or end of an id; `last` is the newest. Raises `NotFound`, `BackupDamaged`, `InvalidInput`."""
    if named == "last":
        for backup_id in reversed(await store.backups()):
            if (manifest := await store.manifest(backup_id)) is not None:
                return manifest
        raise NotFound("there is no backup that was finished", advice=_ADVICE)
    meant = await find_id(store, named)
    manifest = await store.manifest(meant)
    if manifest is None:
        raise NotFound(f"backup {meant} was not finished", advice=_ADVICE)
    return manifest


async def find_id(store: BackupStore, named: str) -> UUID:
    """The backup, whole or not, of that id or end of an id; raises `NotFound` and `InvalidInput`."""
    ending = named.replace("-", "").lower()
    if len(ending) < _SHORTEST:
        raise InvalidInput(f"{named!r} is too short to name a backup", advice=_ADVICE)
    meant = [backup_id for backup_id in await store.backups() if backup_id.hex.endswith(ending)]
    if len(meant) != 1:
        raise NotFound(f"{'several backups end' if meant else 'no backup ends'} with {named}", advice=_ADVICE)
    return meant[0]
