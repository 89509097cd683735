"""Inserts a row unless its key is there already: one statement, on either database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import Base, Identified


async def insert_once(session: AsyncSession, table: type[Base], values: Mapping[str, Any], *, key: str) -> bool:
    """Insert a row, whose values may be SQL; False when its unique column `key` holds that value already."""
    if not issubclass(table, Identified):
        raise TypeError(f"{table.__name__} has no id")
    # Two classes of the same shape; the common class of SQLAlchemy does not have the clause.
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(**values).on_conflict_do_nothing(index_elements=[key]).returning(table.id)
    return await session.scalar(statement) is not None
