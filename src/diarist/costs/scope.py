"""What costs are asked for: whose, of which days, or of which recording."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from diarist.database.utc_day import midnight
from diarist.jobs.models import JobRow

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Days are those of UTC; both the first and the last belong to it."""

    first: date
    last: date
    account_id: UUID | None = None
    """None for all accounts."""
    recording_id: UUID | None = None
    """None for all that the accounts have."""

    @classmethod
    def month(cls, day: date, account_id: UUID | None = None) -> Self:
        """The whole month in which a day lies."""
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return cls(first=day.replace(day=1), last=last, account_id=account_id)

    @property
    def start(self) -> datetime:
        """Where the first day begins."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """Where the last day has ended."""
        return midnight(self.last + timedelta(1))

    def whose(self, table: Any) -> ColumnElement[bool]:
        """What a table's rows must be for their account."""
        found: ColumnElement[bool] = true() if self.account_id is None else table.account_id == self.account_id
        return found

    def of_jobs(self, column: Any) -> ColumnElement[bool]:
        """What a job's id must be for its recording."""
        of_it: ColumnElement[bool] = true()
        if self.recording_id is not None:
            of_it = column.in_(select(JobRow.id).where(JobRow.recording_id == self.recording_id))
        return of_it
