"""Reads a backup through, to the last byte, as a restore would."""

from __future__ import annotations

from dataclasses import dataclass, field

from diarist.backup.at_once import each
from diarist.backup.copying import Step, Told
from diarist.backup.index import Copy, read_index
from diarist.backup.manifest import Manifest, Part
from diarist.backup.store import BackupStore, stored_size
from diarist.errors import BackupDamaged

_AT_ONCE = 4


@dataclass(slots=True)
class Verified:
    """What was found."""

    manifest: Manifest
    faults: list[str] = field(default_factory=list)
    """A sentence for each part that is not what was written."""
    lost: list[str] = field(default_factory=list)
    """Keys of the blobs among them."""

    @property
    def good(self) -> bool:
        """Whether all of it can be restored."""
        return not self.faults


async def verify(store: BackupStore, manifest: Manifest, told: Told, *, quick: bool = False) -> Verified:
    """Decrypt every part and compare it with what was written; `quick`: of blobs only whether they are there, and how large.

    Goes on after a fault, so that all are told. Raises storage errors and `BackupKeyWrong`.
    """
    found = Verified(manifest)
    copies = await _index(store, manifest, found)
    total = manifest.size + manifest.database.part.size
    done = 0

    async def read(part: Part, key: str = "") -> None:
        nonlocal done
        try:
            async for piece in store.open_part(part):
                done += len(piece)
                told(Step.CHECK, done, total)
        except BackupDamaged as error:
            found.faults.append(f"{key or part.name}: {error.message}")
            found.lost += [key] if key else []

    await read(manifest.database.part)
    if quick:
        await _look(store, copies, found)
        return found
    await each(copies, lambda copy: read(copy.part, copy.key), _AT_ONCE)
    return found


async def _look(store: BackupStore, copies: list[Copy], found: Verified) -> None:
    stored = await store.stored()
    for copy in copies:
        if stored.get(copy.object) != stored_size(copy.size):
            found.faults.append(f"{copy.key}: {copy.object} is missing or cut off")
            found.lost.append(copy.key)


async def _index(store: BackupStore, manifest: Manifest, found: Verified) -> list[Copy]:
    copies: list[Copy] = []
    try:
        async for copy in read_index(store, manifest):
            copies.append(copy)  # noqa: PERF401 - what was read before a fault is worth looking at
    except BackupDamaged as error:
        found.faults.append(error.message)
    if len(copies) != manifest.blobs and not found.faults:
        found.faults.append(f"the index names {len(copies)} blobs, the manifest {manifest.blobs}")
    return copies
