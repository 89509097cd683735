"""Brings a backup back: blobs first, each under the key it had, then the database in one step.

Until that step the database is as it was, so that a restore that is broken off is begun again and finds the blobs that it has
copied. Nothing that is stored is written over: a blob that is there with other bytes stops it, and a database with anything in
it is put aside only when told to.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from diarist.backup.at_once import each
from diarist.backup.copying import Step, Told
from diarist.backup.index import Copy, read_index
from diarist.backup.manifest import Manifest
from diarist.backup.named import named_now
from diarist.backup.snapshot import System
from diarist.backup.store import BackupStore
from diarist.database.revisions import OURS
from diarist.errors import BackupDamaged, Conflict, Misconfigured, NotFound
from diarist.storage.blobs import Blobs

_AT_ONCE = 8


class Scope(StrEnum):
    """What is brought back."""

    ALL = "all"
    DATABASE = "database"
    """Where the blobs have survived: of those only is asked whether they are there."""
    BLOBS = "blobs"
    """Where the database has survived: those that it names and the blob store has lost."""


@dataclass(slots=True)
class Restored:
    """What was brought back."""

    manifest: Manifest
    scope: Scope
    blobs: int = 0
    """Copied now."""
    size: int = 0
    """Their bytes."""
    there: int = 0
    """Blobs that were there already."""
    lost: list[str] = field(default_factory=list)
    """Keys that rows name and that neither the blob store nor the backup has, or not as they were."""
    aside: str = ""
    """Where the database is that was there before; empty when there was none worth keeping."""


class Target(Protocol):
    """A database to restore into."""

    async def prepare(self) -> None:
        """Make sure that it may be restored into and that no blob is swept meanwhile; raises `NotEmpty`, `Conflict`."""

    async def load(self, manifest: Manifest, dump: AsyncIterator[bytes]) -> str:
        """Put the dump in its place in one step; gives where the database is that was there before, if it was put aside."""


async def restore(
    system: System, store: BackupStore, manifest: Manifest, target: Target | None, scope: Scope, told: Told
) -> Restored:
    """Bring a backup back; `target` is None for `Scope.BLOBS`.

    Raises `Misconfigured` for one that a newer Diarist has made, `NotEmpty`, `Conflict`, `BackupDamaged`, storage
    and database errors.
    """
    refuse_newer(manifest)
    restored = Restored(manifest, scope)
    if target is not None:
        _refuse_other_kind(system, manifest)
        await target.prepare()
    copies = [copy async for copy in read_index(store, manifest)]
    if scope is Scope.BLOBS:
        named = await named_now(system.database)
        restored.lost += await _lost(system.blobs, named, {copy.key for copy in copies})
        copies = [copy for copy in copies if copy.key in named]
    if scope is Scope.DATABASE:
        sizes = {key: size async for key, size in system.blobs.sizes("accounts")}
        restored.there = sum(sizes.get(copy.key) == copy.size for copy in copies)
        copies = [copy for copy in copies if sizes.get(copy.key) != copy.size]
    await _bring_back(system.blobs, store, copies, restored, told)
    if target is not None:
        told(Step.DATABASE, 0, manifest.database.part.size)
        restored.aside = await target.load(manifest, store.open_part(manifest.database.part))
        told(Step.DATABASE, manifest.database.part.size, manifest.database.part.size)
        restored.lost += manifest.missing
    return restored


def refuse_newer(manifest: Manifest) -> None:
    """Raise `Misconfigured` for a backup whose schema this version does not know."""
    if manifest.database.revision > OURS.head():
        raise Misconfigured(
            f"the backup is of revision {manifest.database.revision}, but this version of Diarist only knows {OURS.head()}",
            advice=f"Diarist {manifest.version} has made it; restore it with that version or a newer one. Nothing was changed.",
        )


def _refuse_other_kind(system: System, manifest: Manifest) -> None:
    kind = "sqlite" if system.settings.embedded else "postgresql"
    if kind != manifest.database.kind:
        raise Misconfigured(
            f"the backup is of a database of the kind {manifest.database.kind}, and DIARIST_DATABASE__URL names one of {kind}",
            advice="Restore it into a database of its own kind; blobs alone (`--only blobs`) go into any.",
        )


async def _bring_back(blobs: Blobs, store: BackupStore, copies: list[Copy], restored: Restored, told: Told) -> None:
    done, total = 0, sum(copy.size for copy in copies)

    async def bring_back(copy: Copy) -> None:
        nonlocal done
        if await _is_there(blobs, copy):
            restored.there += 1
        elif await _put(blobs, store, copy):
            restored.blobs += 1
            restored.size += copy.size
        else:
            restored.lost.append(copy.key)
        done += copy.size
        told(Step.BLOBS, done, total)

    await each(copies, bring_back, _AT_ONCE)


async def _put(blobs: Blobs, store: BackupStore, copy: Copy) -> bool:
    """Whether it could be brought back; one that is damaged must not keep all others away."""
    try:
        await blobs.put(copy.key, store.open_part(copy.part))
    except BackupDamaged:
        return False
    return True


async def _is_there(blobs: Blobs, copy: Copy) -> bool:
    """Whether the store has these very bytes under this key; raises `Conflict` when it has others."""
    digest = hashlib.sha256()
    try:
        async for piece in blobs.stream(copy.key):
            digest.update(piece)
    except NotFound:
        return False
    if digest.hexdigest() != copy.sha256:
        advice = "Restore into another bucket or folder (DIARIST_STORAGE__URL), or move that blob away. Nothing was written over."
        raise Conflict(f"{copy.key} is in the blob store with other bytes than in the backup", advice=advice)
    return True


async def _lost(blobs: Blobs, named: Iterable[str], backed_up: set[str]) -> list[str]:
    there = {key async for key, _ in blobs.sizes("accounts")}
    return sorted({*named} - there - backed_up)
