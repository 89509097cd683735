"""Reads people; every question names the account, but those by which somebody is recognised."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.users.models import UserRow
from diarist.database.ordering import FIRST, Place, ordered
from diarist.domain.access import Role
from diarist.errors import NotFound


async def get_user(session: AsyncSession, account_id: UUID, user_id: UUID, *, lock: bool = False) -> UserRow:
    """One person, whom with `lock` nobody else changes until the transaction ends; raises `NotFound`."""
    statement = select(UserRow).where(UserRow.account_id == account_id, UserRow.id == user_id)
    row = await session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound(f"there is no user {user_id}", advice="Check the id; `diarist users list` shows who there is.")
    return row


async def find_by_email(session: AsyncSession, account_id: UUID, email: str) -> UserRow | None:
    """Whoever was invited at this address, in small letters."""
    return await session.scalar(select(UserRow).where(UserRow.account_id == account_id, UserRow.email == email))


async def list_users(session: AsyncSession, account_id: UUID, limit: int, place: Place = FIRST) -> Sequence[UserRow]:
    """Some of the people, in the order of a place and behind it."""
    statement = select(UserRow).where(UserRow.account_id == account_id).limit(limit)
    return (await session.scalars(ordered(statement, place, UserRow.id))).all()


async def owners(session: AsyncSession, account_id: UUID) -> Sequence[UserRow]:
    """Its owners, locked: two of them must not leave at once."""
    statement = select(UserRow).where(UserRow.account_id == account_id, UserRow.role == Role.OWNER).with_for_update()
    return (await session.scalars(statement)).all()


async def known_as(session: AsyncSession, issuer: str, subject: str) -> Sequence[UserRow]:
    """In which accounts somebody has signed in before, the oldest first."""
    statement = select(UserRow).where(UserRow.issuer == issuer, UserRow.subject == subject).order_by(UserRow.id)
    return (await session.scalars(statement)).all()


async def invited_at(session: AsyncSession, email: str) -> Sequence[UserRow]:
    """Invitations for an address that nobody has followed yet, the oldest first."""
    statement = select(UserRow).where(UserRow.email == email, UserRow.subject.is_(None)).order_by(UserRow.id)
    return (await session.scalars(statement)).all()
