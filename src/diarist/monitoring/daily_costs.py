"""What today costs the whole installation, and what days before it did; storage, which comes in no bursts, is left out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.costs.cells import Part, Sum, summed
from diarist.costs.past_days import DAYS, past_days
from diarist.costs.scope import Scope
from diarist.costs.service import read_flowing
from diarist.costs.unusual import Standing, standing
from diarist.settings.costs import CostSettings

AT_ONCE = 1.0
"""Seconds that days before may take in one look; whoever asks for figures waits meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """As far as it has come."""

    parts: Mapping[Part, Decimal]
    standing: Standing | None
    """None until the days before are known, and where they are too few."""


class DailyCosts:
    """Remembers what days before have cost: they are over, and only reading them takes long."""

    def __init__(self, prices: CostSettings, at_once: float = AT_ONCE) -> None:
        self._prices, self._at_once = prices, at_once
        self._before: dict[date, float] = {}

    async def look(self, session: AsyncSession, today: date) -> Today:
        """Of a large installation it takes a few looks until all days are known."""
        days = [today - timedelta(number) for number in range(DAYS, 0, -1)]
        self._before = {day: cost for day, cost in self._before.items() if day in days}
        until = time.monotonic() + self._at_once
        for day in days:
            if day not in self._before and time.monotonic() < until:
                self._before[day] = float((await self._of(session, day, today)).cost)
        now = await self._of(session, today, today)
        known = len(self._before) == len(days)
        judged = standing(float(now.cost), [self._before[day] for day in past_days(self._before, today)]) if known else None
        return Today(parts={part: cost for part, cost in now.parts.items() if part is not Part.STORAGE}, standing=judged)

    async def _of(self, session: AsyncSession, day: date, today: date) -> Sum:
        return summed(await read_flowing(session, Scope(first=day, last=day), self._prices, today))
