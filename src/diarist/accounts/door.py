"""Who is let in: whoever has a key, and at this machine, where that is asked for, whoever sits at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self
from uuid import UUID

from diarist.accounts.keys.ring import KeyRing
from diarist.accounts.keys.secret import looks_like_ours
from diarist.database.session import Database
from diarist.domain.access import Caller, Permission
from diarist.http.authentication import Credentials


class AccountDoor:
    """The `http.authentication.Door` of an installation."""

    def __init__(self, keys: KeyRing, keyless: Caller | None) -> None:
        """`keyless`: who it is that shows nothing; None when everybody has to."""
        self._keys = keys
        self._keyless = keyless

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database, *, keyless: UUID | None = None) -> AsyncIterator[Self]:
        """`keyless`: the account in which those may do everything who show no key."""
        async with KeyRing.open(database) as keys:
            yield cls(keys, None if keyless is None else Caller(keyless, frozenset(Permission)))

    async def caller(self, credentials: Credentials) -> Caller | None:
        """Who that is; None when nobody is let in by these."""
        key = credentials.key
        # Clients of other tools cannot be without a key and send any word; one of ours is meant as one, right or wrong.
        if self._keyless is not None and not credentials.forwarded and (key is None or not looks_like_ours(key)):
            return self._keyless
        return None if key is None else await self._keys.caller(key)
