"""Rules of people in an account: who invites whom, and what nobody can do to an owner."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.keys.models import ApiKeyRow
from diarist.accounts.users.models import UserRow
from diarist.accounts.users.repository import find_by_email, get_user, owners
from diarist.database.base import new_id, utc_now
from diarist.domain.access import PERMISSIONS, Permission, Role
from diarist.errors import Conflict, InvalidInput, NotAllowed

ALL = frozenset(Permission)
EMAIL = r"^[!-?A-~]{1,64}@[!-?A-~]{1,189}$"
"""What has the shape of an address; whether it is one shows when somebody signs in with it."""


class LastOwner(Conflict):
    """An account is never without an owner."""

    code = "last_owner"
    advice = "Make somebody else an owner first."


class RoleTooHigh(NotAllowed):
    """Nobody can give, change or take a role that may more than their own."""

    code = "role_too_high"
    advice = "Let somebody do it who has that role, or a higher one."


async def invite_user(
    session: AsyncSession, account_id: UUID, email: str, role: Role, *, granted: AbstractSet[Permission] = ALL
) -> UserRow:
    """Let somebody in who signs in with this address; `granted`: what who invites may do.

    Raises `InvalidInput`, `Conflict` and `RoleTooHigh`.
    """
    address = _address(email)
    _require(role, granted)
    if await find_by_email(session, account_id, address):
        raise Conflict(f"{address} is invited already", advice="Change the role instead.")
    row = UserRow(id=new_id(), account_id=account_id, email=address, role=role)
    session.add(row)
    await session.flush()
    return row


async def change_role(
    session: AsyncSession, account_id: UUID, user_id: UUID, role: Role, *, granted: AbstractSet[Permission] = ALL
) -> UserRow:
    """Give somebody another role; raises `NotFound`, `RoleTooHigh` and `LastOwner`."""
    row = await get_user(session, account_id, user_id)
    _require(row.role, granted)
    _require(role, granted)
    if role is not Role.OWNER:
        await _require_another_owner(session, row)
    row.role = role
    return row


async def remove_user(session: AsyncSession, account_id: UUID, user_id: UUID, *, granted: AbstractSet[Permission] = ALL) -> None:
    """Let somebody in no more: their sessions end, and the keys they made are revoked.

    Raises `NotFound`, `RoleTooHigh` and `LastOwner`.
    """
    row = await get_user(session, account_id, user_id)
    _require(row.role, granted)
    await _require_another_owner(session, row)
    theirs = (ApiKeyRow.account_id == account_id, ApiKeyRow.maker_id == user_id, ApiKeyRow.revoked_at.is_(None))
    await session.execute(update(ApiKeyRow).where(*theirs).values(revoked_at=utc_now()))
    await session.delete(row)


def _require(role: Role, granted: AbstractSet[Permission]) -> None:
    if not granted >= PERMISSIONS[role]:
        raise RoleTooHigh(f"the role `{role.value}` may more than you may")


async def _require_another_owner(session: AsyncSession, row: UserRow) -> None:
    if row.role is Role.OWNER and len(await owners(session, row.account_id)) == 1:
        raise LastOwner


def _address(email: str) -> str:
    address = email.strip().lower()
    if not re.fullmatch(EMAIL, address):
        raise InvalidInput("this is not an e-mail address", advice="Give one such as anna@example.org.")
    return address
