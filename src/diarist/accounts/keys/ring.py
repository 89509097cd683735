"""Knows keys by their secrets, and writes down that they are used.

People pause for longer than an answer about their key may be trusted. So keys in use are asked about again before that, many at a
time, and no request has to wait for it.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

import structlog
from sqlalchemy import Row

from diarist.accounts.keys.models import ApiKeyRow
from diarist.accounts.keys.repository import find_by_digest, find_states, mark_used
from diarist.accounts.keys.secret import digest_of, is_well_formed
from diarist.accounts.keys.service import is_valid
from diarist.accounts.remembered import Known, Remembered
from diarist.database.base import utc_now
from diarist.database.gathering import Gathering
from diarist.database.session import Database
from diarist.domain.access import Caller, Permission
from diarist.errors import Conflict, Unavailable
from diarist.telemetry.tracing import apart

_USED_EVERY = timedelta(minutes=1)
_GATHERED = 1.0
"""Seconds in which the keys that are used are gathered: of a thousand that are, each is not written down by itself."""
_RENEWED_EVERY = 3.0
"""Seconds; before what is remembered is forgotten, with time to spare for a slow answer."""
_IN_USE = 60.0
"""Seconds since a key was shown for which it is asked about."""
_AT_ONCE = 250
"""Keys in one question; its answer is read in a millisecond or two, in which nobody else is served."""

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
        """Keys in use are asked about while it is open; at the end, what is still to be written of their use is written."""
        ring = cls(database)
        with apart():
            renewing = asyncio.create_task(ring._keep_renewing())
        try:
            yield ring
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
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

    async def renew(self) -> None:
        """Ask which of the keys in use are still valid, and forget the others. Raises as the database does."""
        began = self._known.clock()
        in_use = self._known.asked_since(began - _IN_USE)
        shown_lately = set(self._known.asked_since(began - _RENEWED_EVERY))
        for start in range(0, len(in_use), _AT_ONCE):
            asked, seen_at, now = in_use[start : start + _AT_ONCE], self._known.clock(), utc_now()
            async with self._database.look() as session:
                valid = {row.sha256: row for row in await find_states(session, asked) if is_valid(row, now)}
            for digest in asked:
                if digest not in valid:
                    self._known.forget(digest)
                    continue
                self._known.renew(digest, seen_at)
                if digest in shown_lately:
                    self._note_use(valid[digest], now)

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(_RENEWED_EVERY)
            try:
                await self.renew()
            except (Unavailable, Conflict):
                pass  # whoever shows a key asks about it, and is told
            except Exception:
                # Renewing goes on: without it every request would look its key up, and nobody would know why it is slow.
                log.exception("keys.not_renewed")

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

    def _note_use(self, row: ApiKeyRow | Row[Any], now: datetime) -> None:
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
