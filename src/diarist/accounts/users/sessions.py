"""Sessions of browsers: a secret in a cookie stands for who has signed in, for a while."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.keys.secret import digest_of
from diarist.accounts.remembered import Known, Remembered
from diarist.accounts.users.models import SessionRow, UserRow
from diarist.database.base import new_id, utc_now
from diarist.database.session import Database
from diarist.domain.access import PERMISSIONS, Caller

_LONGEST = 100
"""Characters of a secret that are looked at."""


async def begin_session(session: AsyncSession, user: UserRow, lasts: timedelta) -> str:
    """Sign somebody in; gives the secret for the cookie. Sessions of theirs that are over are cleared away."""
    secret, now = secrets.token_urlsafe(32), utc_now()
    await session.execute(delete(SessionRow).where(SessionRow.user_id == user.id, SessionRow.expires_at < now))
    row = SessionRow(
        id=new_id(), account_id=user.account_id, user_id=user.id, sha256=digest_of(secret), expires_at=now + lasts
    )  # fmt: skip
    session.add(row)
    user.signed_in_at = now
    await session.flush()
    return secret


async def end_session(session: AsyncSession, secret: str) -> None:
    """Sign out."""
    await session.execute(delete(SessionRow).where(SessionRow.sha256 == digest_of(secret)))


def csrf_token(secret: str) -> str:
    """What a page has to send along with what changes something: pages of others can send the cookie, but not read this."""
    return hmac.new(secret.encode(), b"diarist/csrf", hashlib.sha256).hexdigest()


class Sessions:
    """The sessions of an installation, as a process knows them."""

    def __init__(self, database: Database, known: Remembered | None = None) -> None:
        self._database = database
        self._known = known or Remembered()

    async def caller(self, secret: str) -> Caller | None:
        """Who has signed in, and what they may do; None when the session is over, or never was."""
        if len(secret) > _LONGEST:
            return None
        digest = digest_of(secret)
        return self._known.get(digest) or await self._looked_up(digest)

    def forget(self, secret: str) -> None:
        """It is over: this process lets nobody in by it from now on."""
        self._known.forget(digest_of(secret))

    async def _looked_up(self, digest: str) -> Caller | None:
        statement = (
            select(SessionRow.sha256, SessionRow.expires_at, UserRow.account_id, UserRow.id, UserRow.role)
            .join(UserRow, UserRow.id == SessionRow.user_id)
            .where(SessionRow.sha256 == digest)
        )
        async with self._database.look() as session:
            found = (await session.execute(statement)).one_or_none()
        if found is None or not hmac.compare_digest(found.sha256, digest) or found.expires_at <= utc_now():
            return None
        account_id: UUID = found.account_id
        caller = Caller(account_id, PERMISSIONS[found.role], user_id=found.id)
        self._known.put(digest, Known(caller, found.expires_at))
        return caller
