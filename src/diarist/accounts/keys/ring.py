"""Knows keys by their secrets, and writes down that they are used."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import structlog

from diarist.accounts.keys.models import ApiKeyRow
from diarist.accounts.keys.repository import find_by_digest, mark_used
from diarist.accounts.keys.secret import digest_of, is_well_formed
from diarist.accounts.keys.service import is_valid
from diarist.accounts.remembered import Known, Remembered
from diarist.database.base import utc_now
from diarist.database.gathering import Gathering
from diarist.database.session import Database
from diarist.domain.access import Caller, Permission
from diarist.errors import Conflict, Unavailable

_USED_EVERY = timedelta(minutes=1)
_GATHERED = 1.0
"""Seconds in which the keys that are used are gathered: of a thousand that are, each is not written down by itself."""

log = structlog.get_logger(__name__)


class KeyRing:
    """The keys of an installation, as a process knows them."""

    def __init__(self, database: Database, known: Remembered | None = None) -> None:
        self._database = database
        self._known = known or Remembered()
        self._used: set[UUID] = set()
        self._gathering = Gathering(self._write_uses, _GATHERED)

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database) -> AsyncIterator[Self]:
        """At the end, what is still to be written of the use of keys is written."""
        ring = cls(database)
        try:
            yield ring
        finally:
            await ring.settled()

    async def caller(self, secret: str) -> Caller | None:
        """Whose key it is and what it may do; None when it is not, or no longer, a key."""
        if not is_well_formed(secret):
            return None
        digest = digest_of(secret)
        return self._known.get(digest) or await self._looked_up(digest)

    def forget(self, secret: str) -> None:
        """Look it up the next time that it is shown."""
        self._known.forget(digest_of(secret))

    async def settled(self) -> None:
        """Wait until the use of keys is written down."""
        await self._gathering.settled()

    async def _looked_up(self, digest: str) -> Caller | None:
        # The primary is asked: a replica may not have heard of a revocation.
        async with self._database.look() as session:
            row = await find_by_digest(session, digest)
        now = utc_now()
        if row is None or not hmac.compare_digest(row.sha256, digest) or not is_valid(row, now):
            return None
        self._note_use(row, now)
        caller = Caller(row.account_id, frozenset(map(Permission, row.scopes)), key_id=row.id, user_id=row.maker_id)
        self._known.put(digest, Known(caller, row.expires_at))
        return caller

    def _note_use(self, row: ApiKeyRow, now: datetime) -> None:
        if row.last_used_at is not None and row.last_used_at > now - _USED_EVERY:
            return
        self._used.add(row.id)
        # Beside the request, which need not wait for whoever writes at the moment.
        self._gathering.came()

    async def _write_uses(self) -> bool:
        used, self._used = self._used, set()
        now = utc_now()
        try:
            async with self._database.write() as session:
                await mark_used(session, used, now, now - _USED_EVERY)
        except (Unavailable, Conflict) as error:
            log.warning("keys.use_not_noted", reason=error.message)
        return bool(self._used)
