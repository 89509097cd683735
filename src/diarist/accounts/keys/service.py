"""Rules of API keys: make one, take it back."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.keys.models import ApiKeyRow
from diarist.accounts.keys.repository import get_key
from diarist.accounts.keys.secret import beginning_of, digest_of, new_secret
from diarist.database.base import new_id, utc_now
from diarist.domain.access import SCOPES, Permission
from diarist.errors import InvalidInput, NotAllowed

LONGEST_NAME = 80
NAME = r"^[^ \x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
"""No control characters, and no blank at the beginning."""


class ScopeTooWide(NotAllowed):
    """Nobody can give a key more than they may do themselves."""

    code = "scope_too_wide"
    advice = "Leave the scopes out that you do not have, or let somebody make the key who has them."


async def create_key(
    session: AsyncSession,
    account_id: UUID,
    name: str,
    scopes: AbstractSet[Permission],
    *,
    lasts: timedelta | None = None,
    granted: AbstractSet[Permission] = SCOPES,
    maker_id: UUID | None = None,
) -> tuple[ApiKeyRow, str]:
    """Make a key; gives its row and the secret, which nobody can ever be told again.

    `lasts`: until it expires, None for never. `granted`: what its maker may do. `maker_id`: who
    that is, if they have signed in. Raises `InvalidInput` and `ScopeTooWide`.
    """
    name = _name(name)
    if not scopes or not scopes <= SCOPES:
        raise InvalidInput("a key must be for something", advice=f"Give some of {', '.join(_listed(SCOPES))}.")
    if not scopes <= granted:
        raise ScopeTooWide(f"the key would have scopes beyond those of its maker: {', '.join(_listed(scopes - granted))}")
    if lasts is not None and lasts <= timedelta():
        raise InvalidInput("a key that has expired already is of no use", advice="Give a moment that is still to come.")
    secret = new_secret()
    row = ApiKeyRow(
        id=new_id(), account_id=account_id, name=name, beginning=beginning_of(secret), sha256=digest_of(secret),
        scopes=_listed(scopes), maker_id=maker_id, expires_at=utc_now() + lasts if lasts else None,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row, secret


def rename_key(row: ApiKeyRow, name: str) -> None:
    """Call it something else; raises `InvalidInput`."""
    row.name = _name(name)


async def revoke_key(session: AsyncSession, account_id: UUID, key_id: UUID) -> ApiKeyRow:
    """Take a key back; to do so again changes nothing. Raises `NotFound`."""
    row = await get_key(session, account_id, key_id)
    row.revoked_at = row.revoked_at or utc_now()
    return row


def is_valid(row: ApiKeyRow | Row[Any], now: datetime) -> bool:
    """Whether it opens anything."""
    return row.revoked_at is None and (row.expires_at is None or row.expires_at > now)


def _name(given: str) -> str:
    name = given.strip(" ")
    if len(name) > LONGEST_NAME or not re.match(NAME, name) or name.endswith("\n"):
        raise InvalidInput("a key needs a name", advice=f"Give 1 to {LONGEST_NAME} characters that say what it is for.")
    return name


def _listed(scopes: AbstractSet[Permission]) -> list[str]:
    return [scope.value for scope in Permission if scope in scopes]
