"""Keeps the answers of requests that carried an `Idempotency-Key`, so that asking again does nothing again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id, utc_now
from diarist.database.clock import database_now
from diarist.database.session import Database
from diarist.errors import WrittenMeanwhile
from diarist.http.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from diarist.http.idempotency_keys import IdempotencyKeyRow

LEASE = 60.0
"""Seconds after which a request whose process died may be made again under its key; renewed while it runs."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which request is made under which key."""

    account_id: UUID
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, to be answered again."""

    status: int
    headers: dict[str, str]
    body: bytes


async def claim(database: Database, asked: Asked, expires_at: datetime) -> UUID | Answer:
    """The right to answer, as a token, or the answer that was given; raises `IdempotencyKeyReused` or `IdempotencyKeyInUse`."""
    try:
        return await _claim(database, asked, expires_at)
    except WrittenMeanwhile:
        # Another replica put the key down in this very moment; now its row can be seen.
        return await _claim(database, asked, expires_at)


async def renew(database: Database, token: UUID) -> None:
    """Say that the request still runs."""
    async with database.write() as session:
        await _change(session, token, lease_until=database_now() + LEASE)


async def keep(database: Database, token: UUID, answer: Answer) -> None:
    """Put the answer down, unless somebody else has taken the request over."""
    async with database.write() as session:
        await _change(session, token, status=answer.status, headers=answer.headers, body=answer.body, lease_until=None)


async def release(database: Database, token: UUID) -> None:
    """Let the key be used again: the request failed and has left nothing behind."""
    async with database.write() as session:
        await session.execute(
            delete(IdempotencyKeyRow).where(IdempotencyKeyRow.token == token, IdempotencyKeyRow.status.is_(None))
        )


async def sweep_keys(database: Database, limit: int = 1000) -> int:
    """Delete a slice of the answers that need not be kept any longer; returns how many."""
    old = select(IdempotencyKeyRow.id).where(IdempotencyKeyRow.expires_at < utc_now()).order_by(IdempotencyKeyRow.expires_at)
    async with database.read() as session:
        ids = (await session.scalars(old.limit(limit))).all()
    if ids:
        async with database.write() as session:
            # Once more with the time: a key may have been claimed anew.
            expired = IdempotencyKeyRow.expires_at < utc_now()
            await session.execute(delete(IdempotencyKeyRow).where(IdempotencyKeyRow.id.in_(ids), expired))
    return len(ids)


async def _claim(database: Database, asked: Asked, expires_at: datetime) -> UUID | Answer:
    token = new_id()
    async with database.write() as session:
        row = await session.scalar(
            select(IdempotencyKeyRow)
            .where(IdempotencyKeyRow.account_id == asked.account_id, IdempotencyKeyRow.key == asked.key)
            .with_for_update()
        )
        if row is None:
            row = IdempotencyKeyRow(id=new_id(), account_id=asked.account_id, key=asked.key, headers={}, body=b"")
            session.add(row)
        elif row.expires_at >= utc_now():
            if row.fingerprint != asked.fingerprint:
                raise IdempotencyKeyReused
            if row.status is not None:
                return Answer(row.status, row.headers, row.body)
            now = await session.scalar(select(database_now()))
            if (row.lease_until or 0.0) > (now or 0.0):
                raise IdempotencyKeyInUse
        row.fingerprint, row.token, row.expires_at = asked.fingerprint, token, expires_at
        row.status, row.headers, row.body = None, {}, b""
        row.lease_until = database_now() + LEASE  # computed by the database
    return token


async def _change(session: AsyncSession, token: UUID, **values: object) -> None:
    statement = update(IdempotencyKeyRow).where(IdempotencyKeyRow.token == token, IdempotencyKeyRow.status.is_(None))
    await session.execute(statement.values(**values).execution_options(synchronize_session=False))
