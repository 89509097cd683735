"""What a month, or a recording, has cost by now; how a month will end, and whether today is like other days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.models import AccountRow
from diarist.costs.cells import Cell, Part, Sum, grouped, summed
from diarist.costs.forecast import Forecast, forecast
from diarist.costs.past_days import DAYS, past_days
from diarist.costs.scope import Scope
from diarist.costs.things import audio_seconds, network_cells, storage_cells
from diarist.costs.unusual import Standing, standing
from diarist.costs.work import compute_cells, llm_cells
from diarist.database.base import utc_now
from diarist.database.utc_day import midnight
from diarist.errors import InvalidInput
from diarist.recordings.repository import get_recording
from diarist.runtime import Runtime
from diarist.settings.costs import CostSettings

_SECONDS_OF_DAY = 86_400
_FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Of some days."""

    scope: Scope
    prices: CostSettings
    cells: Sequence[Cell]
    audio_seconds: float
    """Of the recordings that came on these days."""

    @property
    def sum(self) -> Sum:
        """All of it."""
        return summed(self.cells)

    @property
    def per_audio_hour(self) -> Decimal | None:
        """None where nothing came."""
        return self.sum.cost * 3600 / Decimal(self.audio_seconds) if self.audio_seconds else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A calendar month of UTC, and where it leads."""

    costs: Costs
    forecast: Forecast | None
    """Of the present month; None for others, and where nothing was spent."""
    today: Standing | None
    """See `standing_of`; None for other months, and where too few days were before."""


def month_named(text: str | None) -> date:
    """The first day of a month such as `2026-11`; of the present one where there is none. Raises `InvalidInput`."""
    today = utc_now().date()
    if text is None:
        return today.replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise InvalidInput(f"{text!r} is no month", advice="Give one such as 2026-11.") from error
    if first.year < _FIRST_YEAR or first > today:
        raise InvalidInput(f"{text} is not a month in which anything can have been used", advice="Give one such as 2026-11.")
    return first


async def costs_of_month(runtime: Runtime, account_id: UUID | None, month: date) -> Month:
    """Of one account, or of all; `month`: any day of it."""
    prices, now = runtime.settings.costs, utc_now()
    scope, today = Scope.month(month, account_id), now.date()
    present = scope.first <= today <= scope.last
    learned = min(scope.first, today - timedelta(DAYS)) if present else scope.first
    async with runtime.database.read() as session:
        cells = await read_cells(session, replace(scope, first=learned), prices, today)
        seconds = await audio_seconds(session, scope)
    own = [cell for cell in cells if cell.day >= scope.first]
    costs = Costs(scope=scope, prices=prices, cells=own, audio_seconds=seconds)
    if not present:
        return Month(costs=costs, forecast=None, today=None)
    daily = _daily(cells)
    over = (now - midnight(today)).total_seconds() / _SECONDS_OF_DAY
    return Month(costs=costs, forecast=forecast(daily, today, over), today=standing_of(cells, today))


async def costs_of_recording(runtime: Runtime, account_id: UUID, recording_id: UUID) -> Costs:
    """From the day it came until today; raises `NotFound`."""
    today = utc_now().date()
    async with runtime.database.read() as session:
        recording = await get_recording(session, account_id, recording_id)
        came = recording.created_at.date()
        scope = Scope(first=came, last=max(came, today), account_id=account_id, recording_id=recording_id)
        cells = await read_cells(session, scope, runtime.settings.costs, today)
        seconds = recording.best_duration or 0.0
    return Costs(scope=scope, prices=runtime.settings.costs, cells=cells, audio_seconds=seconds)


async def read_cells(session: AsyncSession, scope: Scope, prices: CostSettings, today: date) -> list[Cell]:
    """All that was used on some days, in the smallest pieces."""
    lain = [cell async for cell in storage_cells(session, scope, prices, today)]
    return await read_flowing(session, scope, prices, today) + lain


async def read_flowing(session: AsyncSession, scope: Scope, prices: CostSettings, today: date) -> list[Cell]:
    """The same without storage, for which all that came before has to be read."""
    cells = [cell async for cell in compute_cells(session, scope, prices, today)]
    cells += [cell async for cell in llm_cells(session, scope, prices)]
    return cells + [cell async for cell in network_cells(session, scope, prices)]


def standing_of(cells: Sequence[Cell], today: date) -> Standing | None:
    """Of what comes in bursts, that is all but storage, on `today`."""
    flowing = _daily(cell for cell in cells if cell.part is not Part.STORAGE)
    return standing(flowing.get(today, 0.0), [flowing.get(day, 0.0) for day in past_days(flowing, today)])


def _daily(cells: Iterable[Cell]) -> Mapping[date, float]:
    return {day: float(one.cost) for day, one in grouped(cells, lambda cell: cell.day).items()}


async def accounts_named(runtime: Runtime, costs: Costs) -> Mapping[UUID, str]:
    """What the accounts are called that have cost anything."""
    there = {cell.account_id for cell in costs.cells}
    async with runtime.database.read() as session:
        found = await session.execute(select(AccountRow.id, AccountRow.name))
        return {account_id: name for account_id, name in found if account_id in there}
