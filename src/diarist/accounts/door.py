"""Who is let in: whoever has a key or has signed in, and where that is wanted, whoever sits at this machine."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self
from uuid import UUID

from diarist.accounts.keys.ring import KeyRing
from diarist.accounts.keys.secret import looks_like_ours
from diarist.accounts.users.sessions import Sessions, csrf_token
from diarist.database.session import Database
from diarist.domain.access import Caller, Permission
from diarist.http.authentication import Credentials
from diarist.http.errors import MissingCsrfToken


class AccountDoor:
    """The `http.authentication.Door` of an installation."""

    def __init__(self, keys: KeyRing, sessions: Sessions, keyless: Caller | None) -> None:
        """`keyless`: who it is that shows nothing; None when everybody has to."""
        self._keys, self._sessions = keys, sessions
        self._keyless = keyless

    @classmethod
    @asynccontextmanager
    async def open(cls, database: Database, *, keyless: UUID | None = None) -> AsyncIterator[Self]:
        """`keyless`: the account in which those may do everything who show no key."""
        async with KeyRing.open(database) as keys:
            yield cls(keys, Sessions(database), None if keyless is None else Caller(keyless, frozenset(Permission)))

    async def caller(self, credentials: Credentials) -> Caller | None:
        """Who that is; None when nobody is let in by these. Raises `MissingCsrfToken`."""
        key = credentials.key
        # Clients of other tools cannot be without a key and send any word; one of ours is meant as one, right or wrong.
        if key is not None and (looks_like_ours(key) or self._keyless is None):
            return await self._keys.caller(key)
        if credentials.session is not None and (caller := await self._signed_in(credentials.session, credentials)):
            return caller
        return None if credentials.forwarded else self._keyless

    def forget_session(self, secret: str) -> None:
        """Somebody has signed out."""
        self._sessions.forget(secret)

    def forget(self, credentials: Credentials) -> None:
        """Ask anew who that is, the next time."""
        if credentials.key is not None:
            self._keys.forget(credentials.key)
        if credentials.session is not None:
            self._sessions.forget(credentials.session)

    async def _signed_in(self, secret: str, credentials: Credentials) -> Caller | None:
        caller = await self._sessions.caller(secret)
        if caller is not None and credentials.changes:
            given = (credentials.csrf or "").encode()
            if not hmac.compare_digest(given, csrf_token(secret).encode()):
                raise MissingCsrfToken
        return caller
