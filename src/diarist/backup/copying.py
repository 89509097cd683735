"""Copies blobs into the backup store: those that are not there yet, some at once, and says which were gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from diarist.backup.at_once import each
from diarist.backup.index import Copy, Journal, copied_before
from diarist.backup.named import ORDER, Named
from diarist.backup.store import BackupStore, new_name, stored_size
from diarist.errors import NotFound, Unavailable
from diarist.storage.blobs import Blobs

_AT_ONCE = 8
"""Blobs that are copied side by side; of each some megabytes are in memory."""


class Step(StrEnum):
    """What goes on, for whoever watches."""

    BLOBS = "blobs"
    DATABASE = "database"
    CHECK = "check"


Told = Callable[[Step, int, int], None]
"""Hears how many bytes of how many are done; 0 of 0 where that is not known."""


@dataclass(slots=True)
class Copier:
    """All that one run copies."""

    source: Blobs
    store: BackupStore
    journal: Journal
    told: Told
    copies: dict[str, Copy]
    """Every copy that can be counted on, by key."""
    copied: list[Copy] = field(default_factory=list)
    """Those that were made by this run."""
    damaged: list[str] = field(default_factory=list)
    """Keys whose bytes are not those that were taken in."""
    _done: int = 0

    @classmethod
    async def begin(cls, source: Blobs, store: BackupStore, journal: Journal, told: Told) -> Self:
        """Look at what is there from earlier runs: only what is still there, whole, is counted on."""
        stored = await store.stored()
        copies = await copied_before(store)
        return cls(
            source, store, journal, told,
            {key: copy for key, copy in copies.items() if stored.get(copy.object) == stored_size(copy.size)},
        )  # fmt: skip

    async def copy(self, wanted: Mapping[str, Named]) -> list[Named]:
        """Copy what is wanted and not there yet; returns what the source does not have (any more).

        A blob is never written twice under one key, so that one of the same key and size is the same.
        """
        sizes = {key: size async for key, size in self.source.sizes("accounts")} if wanted else {}
        gone = [one for one in wanted.values() if one.key not in sizes]
        new = [one for key, one in wanted.items() if key in sizes and not self._is_there(key, sizes[key])]
        total = self._done + sum(sizes[one.key] for one in new)
        whole = False
        try:
            await each(sorted(new, key=lambda one: ORDER.index(one.kind)), lambda one: self._copy_one(one, gone, total), _AT_ONCE)
            whole = True
        finally:
            # The next run goes on from here, if this can still be written down.
            with nullcontext() if whole else suppress(Unavailable):
                await self.journal.flush()
        return gone

    def _is_there(self, key: str, size: int) -> bool:
        copy = self.copies.get(key)
        return copy is not None and copy.size == size

    async def _copy_one(self, one: Named, gone: list[Named], total: int) -> None:
        try:
            part = await self.store.put(new_name(), self.source.stream(one.key))
        except NotFound:
            gone.append(one)
            return
        copy = Copy(one.key, part.name, part.sha256, part.size)
        self.copies[one.key] = copy
        self.copied.append(copy)
        if one.sha256 not in {None, part.sha256}:
            self.damaged.append(one.key)
        self._done += part.size
        self.told(Step.BLOBS, self._done, total)
        await self.journal.add(copy)
