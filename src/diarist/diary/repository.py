"""Reads and writes entries; every question names the account that asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from diarist.database.base import new_id
from diarist.database.ordering import FIRST, Place, ordered
from diarist.diary.models import EntryRow
from diarist.domain.diary import Entry
from diarist.domain.events import Event, EventKind
from diarist.errors import NotFound
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import SPOKEN_AT


@cache
def _adapter() -> TypeAdapter[Entry]:
    return TypeAdapter(Entry)


async def add_entry(
    session: AsyncSession, account_id: UUID, recording_id: UUID, transcript_id: UUID, job_id: UUID, entry: Entry
) -> EntryRow:
    """Store an entry as the recording's next version."""
    newest = await session.scalar(select(func.max(EntryRow.version)).where(EntryRow.recording_id == recording_id))
    row = EntryRow(
        id=new_id(), account_id=account_id, recording_id=recording_id, transcript_id=transcript_id, job_id=job_id,
        version=(newest or 0) + 1, title=entry.title, composed_by=entry.composed_by,
        content=content_of(entry),
    )  # fmt: skip
    session.add(row)
    return row


def created(row: EntryRow) -> Event:
    """That this version of an entry is there."""
    data = {"entry_id": str(row.id), "version": row.version}
    return Event(
        kind=EventKind.ENTRY_CREATED, account_id=row.account_id, job_id=row.job_id, recording_id=row.recording_id, data=data
    )


async def get_entry(session: AsyncSession, account_id: UUID, entry_id: UUID) -> EntryRow:
    """One entry; raises `NotFound`."""
    row = await session.scalar(select(EntryRow).where(EntryRow.account_id == account_id, EntryRow.id == entry_id))
    if row is None:
        raise NotFound(f"there is no entry {entry_id}")
    return row


async def latest_entry(session: AsyncSession, account_id: UUID, recording_id: UUID) -> EntryRow | None:
    """The newest entry of a recording, if there is one."""
    return await session.scalar(
        select(EntryRow)
        .where(EntryRow.account_id == account_id, EntryRow.recording_id == recording_id)
        .order_by(EntryRow.version.desc())
        .limit(1)
    )


async def latest_entries(session: AsyncSession, account_id: UUID, recording_ids: Collection[UUID]) -> dict[UUID, EntryRow]:
    """The newest entry of each recording that has one."""
    statement = _newest().where(EntryRow.account_id == account_id, EntryRow.recording_id.in_(recording_ids))
    return {row.recording_id: row for row in await session.scalars(statement)}


async def titles_between(session: AsyncSession, account_id: UUID, start: datetime, end: datetime) -> dict[UUID, str]:
    """By recording, the title of the newest entry of each that was spoken from `start` on and before `end`."""
    statement = (
        _newest()
        .with_only_columns(EntryRow.recording_id, EntryRow.title)
        .join(RecordingRow, RecordingRow.id == EntryRow.recording_id)
        .where(EntryRow.account_id == account_id, start <= SPOKEN_AT, end > SPOKEN_AT)
    )
    return {row.recording_id: row.title for row in await session.execute(statement)}


async def list_entries(session: AsyncSession, account_id: UUID, limit: int, place: Place = FIRST) -> Sequence[EntryRow]:
    """The newest entry of each of some recordings, in the order of a place and behind it."""
    statement = _newest().where(EntryRow.account_id == account_id).limit(limit)
    return (await session.scalars(ordered(statement, place, EntryRow.id))).all()


def _newest() -> Select[EntryRow]:
    """The entries that no newer one of the same recording replaces."""
    newer = aliased(EntryRow)
    replaced = exists().where(newer.recording_id == EntryRow.recording_id, newer.version > EntryRow.version)
    return select(EntryRow).where(~replaced)


def content_of(entry: Entry) -> dict[str, Any]:
    """The entry as it is stored, in JSON."""
    content: dict[str, Any] = _adapter().dump_python(entry, mode="json")
    return content


def entry_from_row(row: EntryRow) -> Entry:
    """The stored entry as a value."""
    return _adapter().validate_python(row.content)
