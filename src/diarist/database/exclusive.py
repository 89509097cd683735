"""Lets one of many processes do what only one should do, for the length of a transaction."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession


async def try_exclusive(session: AsyncSession, name: str) -> bool:
    """Whether this write transaction is now the only one that has `name`; it has it until it ends, however it ends.

    On SQLite it always is: there is one write transaction at a time.
    """
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(lock_key(name)))))


async def exclusive(session: AsyncSession, name: str) -> None:
    """Wait until this write transaction is the only one that has `name`; it has it until it ends."""
    if session.get_bind().dialect.name != "sqlite":
        await session.execute(select(func.pg_advisory_xact_lock(lock_key(name))))


def lock_key(name: str) -> int:
    """The 64-bit number that stands for a name among PostgreSQL's advisory locks, which all programs of a database share."""
    return int.from_bytes(sha256(f"diarist/{name}".encode()).digest()[:8], signed=True)
