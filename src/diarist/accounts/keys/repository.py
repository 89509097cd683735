"""Reads and writes API keys."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.keys.models import ApiKeyRow
from diarist.database.ordering import FIRST, Place, ordered
from diarist.errors import NotFound


async def find_by_digest(session: AsyncSession, digest: str) -> ApiKeyRow | None:
    """The key with this digest, whoever's it is: that is what is asked for."""
    row: ApiKeyRow | None = await session.scalar(_find_by_digest(), {"of_sha256": digest})
    return row


@cache
def _find_by_digest() -> Any:
    # Built once: most requests ask.
    return select(ApiKeyRow).where(ApiKeyRow.sha256 == bindparam("of_sha256"))


async def find_states(session: AsyncSession, digests: Collection[str]) -> Sequence[Any]:
    """What may have changed of the keys with these digests, where there are such: whether they are valid, and their last use."""
    columns = ApiKeyRow.id, ApiKeyRow.sha256, ApiKeyRow.revoked_at, ApiKeyRow.expires_at, ApiKeyRow.last_used_at
    return (await session.execute(select(*columns).where(ApiKeyRow.sha256.in_(digests)))).all()


async def get_key(session: AsyncSession, account_id: UUID, key_id: UUID, *, lock: bool = False) -> ApiKeyRow:
    """One key, which with `lock` nobody else changes until the transaction ends; raises `NotFound`."""
    statement = select(ApiKeyRow).where(ApiKeyRow.account_id == account_id, ApiKeyRow.id == key_id)
    row = await session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound(f"there is no key {key_id}", advice="Check the id; `diarist keys list` shows what there is.")
    return row


async def list_keys(session: AsyncSession, account_id: UUID, limit: int, place: Place = FIRST) -> Sequence[ApiKeyRow]:
    """Some of the keys, revoked ones too, in the order of a place and behind it."""
    statement = select(ApiKeyRow).where(ApiKeyRow.account_id == account_id).limit(limit)
    return (await session.scalars(ordered(statement, place, ApiKeyRow.id))).all()


async def mark_used(session: AsyncSession, key_ids: Collection[UUID], now: datetime, unless_since: datetime) -> None:
    """Write down that keys are used, unless that was written since a moment: many processes see the same key."""
    stale = or_(ApiKeyRow.last_used_at.is_(None), ApiKeyRow.last_used_at < unless_since)
    statement = update(ApiKeyRow).where(ApiKeyRow.id.in_(key_ids), stale).values(last_used_at=now)
    await session.execute(statement.execution_options(synchronize_session=False))
