"""What recordings take up in the object store, and what accounts send and are sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.traffic import TrafficRow
from diarist.costs.cells import Amounts, Cell, Part, kept, moved
from diarist.costs.lying import lying
from diarist.costs.scope import Scope
from diarist.database.utc_day import utc_day
from diarist.recordings.models import RecordingRow
from diarist.recordings.past_storage import PastStorageRow
from diarist.recordings.repository import BEST_DURATION
from diarist.settings.costs import CostSettings
from diarist.transcription.models import ChunkRow

Changes = Mapping[UUID, Mapping[date, int]]
_ORIGINAL = func.coalesce(RecordingRow.original_size_bytes, RecordingRow.size_bytes)


async def storage_cells(session: AsyncSession, scope: Scope, prices: CostSettings, today: date) -> AsyncIterator[Cell]:
    """By account and day: what lay there at its end, and today what lies there now."""
    for account_id, changes in (await _changes(session, scope)).items():
        for day, lies in lying(changes, scope.first, min(scope.last, today)):
            if lies:
                amounts = Amounts(byte_days=lies)
                cost = kept(prices, amounts)
                yield Cell(account_id=account_id, day=day, part=Part.STORAGE, of="kept", amounts=amounts, cost=cost)


async def network_cells(session: AsyncSession, scope: Scope, prices: CostSettings) -> AsyncIterator[Cell]:
    """By account and day; of a single recording what it had when it came, as nobody counts who reads what."""
    if scope.recording_id is None:
        found: Any = select(TrafficRow.account_id, TrafficRow.day, TrafficRow.bytes_in, TrafficRow.bytes_out).where(
            scope.whose(TrafficRow), TrafficRow.day >= scope.first, TrafficRow.day <= scope.last
        )
    else:
        came = utc_day(RecordingRow.created_at)
        found = select(RecordingRow.account_id, came, _ORIGINAL, literal(0)).where(
            scope.whose(RecordingRow), RecordingRow.id == scope.recording_id
        )
    for account_id, on, bytes_in, bytes_out in await session.execute(found):
        day = _day(on)
        if scope.first <= day <= scope.last:
            amounts = Amounts(bytes_in=bytes_in, bytes_out=bytes_out)
            cost = moved(prices, amounts)
            yield Cell(account_id=account_id, day=day, part=Part.NETWORK, of="moved", amounts=amounts, cost=cost)


async def audio_seconds(session: AsyncSession, scope: Scope) -> float:
    """Length of the recordings that came on these days, deleted ones included."""
    came = RecordingRow.created_at >= scope.start, RecordingRow.created_at < scope.end
    there = await session.scalar(select(func.sum(BEST_DURATION)).where(scope.whose(RecordingRow), *came))
    since = PastStorageRow.since >= scope.first, PastStorageRow.since <= scope.last
    gone = await session.scalar(select(func.sum(PastStorageRow.audio_seconds)).where(scope.whose(PastStorageRow), *since))
    return float(there or 0.0) + float(gone or 0.0)


async def _changes(session: AsyncSession, scope: Scope) -> Changes:
    """What each day added to the bytes of an account, or took away."""
    found: dict[UUID, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for statement in _statements(scope):
        for account_id, on, change in await session.execute(statement):
            found[account_id][_day(on)] += int(change)
    return found


def _statements(scope: Scope) -> list[Any]:
    recording, chunk, past = RecordingRow, ChunkRow, PastStorageRow
    came, shrunk, cut = utc_day(recording.created_at), utc_day(recording.archived_at), utc_day(chunk.created_at)
    mine, of_it = _only(recording.id, scope), _only(chunk.recording_id, scope)
    statements: list[Any] = [
        select(recording.account_id, came, func.sum(_ORIGINAL))
        .where(scope.whose(recording), *mine, recording.created_at < scope.end)
        .group_by(recording.account_id, came),
        select(recording.account_id, shrunk, func.sum(recording.size_bytes - recording.original_size_bytes))
        .where(scope.whose(recording), *mine, recording.archived_at < scope.end, recording.original_size_bytes.is_not(None))
        .group_by(recording.account_id, shrunk),
        select(chunk.account_id, cut, func.sum(chunk.size_bytes))
        .where(scope.whose(chunk), *of_it, chunk.created_at < scope.end)
        .group_by(chunk.account_id, cut),
    ]
    if scope.recording_id is None:
        lay = scope.whose(past), past.until > scope.first, past.since <= scope.last
        statements += [
            select(past.account_id, on, func.sum(sign * past.size_bytes)).where(*lay).group_by(past.account_id, on)
            for on, sign in ((past.since, 1), (past.until, -1))
        ]
    return statements


def _only(column: Any, scope: Scope) -> tuple[Any, ...]:
    return () if scope.recording_id is None else (column == scope.recording_id,)


def _day(told: date | str) -> date:
    return date.fromisoformat(told) if isinstance(told, str) else told
