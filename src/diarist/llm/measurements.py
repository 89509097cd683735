"""Keeps what models turn out to be, in the database: it outlasts the process, and whoever asks next knows it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import utc_now
from diarist.database.exclusive import exclusive
from diarist.llm.measuring import Measured, judged, timed
from diarist.llm.models import MeasurementRow


async def measured_of(session: AsyncSession, names: Collection[str]) -> dict[str, Measured]:
    """By the names of models, `provider/model`; those that nothing is known of are left out."""
    rows = await session.scalars(select(MeasurementRow).where(MeasurementRow.name.in_(names)))
    return {row.name: _value(row) for row in rows}


async def count_time(session: AsyncSession, name: str, seconds: float) -> None:
    """An answer came after so many seconds."""
    await _change(session, name, lambda before: timed(before, seconds))


async def count_statements(
    session: AsyncSession, name: str, *, said: int, passed: int, now: Callable[[], datetime] = utc_now
) -> None:
    """An answer held so many statements, of which so many passed."""
    await _change(session, name, lambda before: judged(before, said=said, passed=passed, now=now()))


async def _change(session: AsyncSession, name: str, change: Callable[[Measured], Measured]) -> None:
    await exclusive(session, f"model/{name}")
    row = await session.get(MeasurementRow, name, populate_existing=True)
    if row is None:
        row = MeasurementRow(name=name, share=0.0, weight=0.0, judged=0)
        session.add(row)
    after = change(_value(row))
    row.seconds, row.share, row.weight = after.seconds, after.share, after.weight
    row.judged, row.judged_at = after.judged, after.judged_at
    await session.flush()


def _value(row: MeasurementRow) -> Measured:
    return Measured(seconds=row.seconds, share=row.share, weight=row.weight, judged=row.judged, judged_at=row.judged_at)
