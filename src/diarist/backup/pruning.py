"""Clears away backups that need not be kept, and what no backup that is kept needs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from diarist.backup.index import read_index
from diarist.backup.manifest import Manifest
from diarist.backup.retention import kept
from diarist.backup.store import BackupStore
from diarist.backup.turn import Turn
from diarist.settings.backup import BackupSettings


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was cleared away, or would be."""

    backups: tuple[UUID, ...]
    unfinished: tuple[UUID, ...]
    """Runs that were broken off; those that a new run would go on with stay."""
    objects: int
    size: int
    """Bytes of the objects."""


async def prune(
    store: BackupStore, settings: BackupSettings, turn: Turn, *, really: bool = True, drop: UUID | None = None
) -> Pruned:
    """Clear away; the caller has the turn, so that nobody counts meanwhile on what goes.

    `drop`: a backup that goes whatever it is, such as a damaged one. Raises `BackupDamaged` before any blob has gone, if one of
    those to keep cannot be read: what it needs is not known then.
    """
    manifests: dict[UUID, Manifest] = {}
    unfinished: list[UUID] = []
    for backup_id in await store.backups():
        if backup_id == drop:
            continue
        manifest = await store.manifest(backup_id)
        if manifest is None:
            unfinished.append(backup_id)
        else:
            manifests[backup_id] = manifest
    keep = kept([*manifests.values()], settings)
    needed = {copy.object for backup_id in keep async for copy in read_index(store, manifests[backup_id])}
    newest = max(keep, default=None)
    # What was broken off after the newest whole one is gone on with: what it has copied is kept, if anybody is to go on.
    going_on = [one for one in unfinished if newest is None or one > newest]
    old = tuple(one for one in unfinished if one not in going_on)
    too_many = (*(one for one in manifests if one not in keep), *([drop] if drop else []))
    stored = {} if going_on else await store.stored()
    unneeded = {name: size for name, size in stored.items() if name not in needed}
    if really:
        await turn.hold()
        for backup_id in (*too_many, *old):
            await store.delete_backup(backup_id)
        for name in unneeded:
            await store.delete(name)
    return Pruned(too_many, old, len(unneeded), sum(unneeded.values()))
