"""Reads and moves uploads; every step is a compare-and-set, so that two replicas cannot both take it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, case, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id
from diarist.database.clock import database_now
from diarist.errors import NotFound, OffsetMismatch
from diarist.recordings.uploads.models import UploadKind, UploadPieceRow, UploadRow, UploadState


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that are durable in the store."""

    start: int
    size: int
    blob_key: str


async def get_upload(session: AsyncSession, account_id: UUID, upload_id: UUID, *kinds: UploadKind) -> UploadRow:
    """One upload of one of these kinds; raises `NotFound`."""
    row = await session.scalar(
        select(UploadRow).where(UploadRow.account_id == account_id, UploadRow.id == upload_id, UploadRow.kind.in_(kinds))
    )
    if row is None:
        raise NotFound(f"there is no upload {upload_id}", advice="It may have expired or been given up; begin a new one.")
    return row


async def get_parts(session: AsyncSession, account_id: UUID, part_ids: Collection[UUID]) -> Mapping[UUID, UploadRow]:
    """Those of the parts that are there, locked until the transaction ends."""
    statement = (
        select(UploadRow)
        .where(UploadRow.account_id == account_id, UploadRow.id.in_(part_ids), UploadRow.kind == UploadKind.PART)
        # In one order, so that two transactions cannot wait for each other.
        .order_by(UploadRow.id)
        .with_for_update()
    )
    return {row.id: row for row in await session.scalars(statement)}


async def list_pieces(session: AsyncSession, upload_id: UUID) -> Sequence[UploadPieceRow]:
    """The durable bytes of an upload, in order."""
    statement = select(UploadPieceRow).where(UploadPieceRow.upload_id == upload_id).order_by(UploadPieceRow.start)
    return (await session.scalars(statement)).all()


async def advance(
    session: AsyncSession, upload: UploadRow, offset: int, pieces: Sequence[Piece], expires_at: datetime, lease: float | None
) -> UploadState:
    """Let an upload that stands at `offset` hold these pieces as well; gives its state then.

    `lease`: seconds for which its recording is left to the caller, if it is whole then. Raises `OffsetMismatch` when it stands
    elsewhere.
    """
    end = offset + sum(piece.size for piece in pieces)
    whole = UploadRow.length == end
    values = {"received": end, "expires_at": expires_at, "state": case((whole, UploadState.WHOLE), else_=UploadState.OPEN)}
    if lease is not None:
        values["lease_until"] = case((whole, database_now() + lease), else_=UploadRow.lease_until)
    unmoved = UploadRow.id == upload.id, UploadRow.received == offset, UploadRow.state == UploadState.OPEN
    statement = update(UploadRow).where(*unmoved).values(**values).returning(UploadRow.state)
    state = await session.scalar(statement.execution_options(synchronize_session=False))
    if state is None:
        raise OffsetMismatch
    session.add_all(
        UploadPieceRow(
            id=new_id(), account_id=upload.account_id, upload_id=upload.id,
            start=piece.start, size=piece.size, blob_key=piece.blob_key,
        )
        for piece in pieces
    )  # fmt: skip
    return state


async def declare_length(session: AsyncSession, upload_id: UUID, length: int) -> bool:
    """Say how long an open upload will be; False when it is known already or too much has arrived."""
    declared = await _changed(
        session, upload_id, UploadRow.length.is_(None), UploadRow.received <= length, UploadRow.state == UploadState.OPEN,
        values={"length": length},
    )  # fmt: skip
    await close_if_whole(session, upload_id)
    return declared


async def close_if_whole(session: AsyncSession, upload_id: UUID) -> None:
    """Say that every byte is there, if it is."""
    await _changed(
        session, upload_id, UploadRow.received == UploadRow.length, UploadRow.state == UploadState.OPEN,
        values={"state": UploadState.WHOLE},
    )  # fmt: skip


async def hand_over_pieces(session: AsyncSession, part_id: UUID, final_id: UUID, shift: int) -> None:
    """Let the pieces of a part belong to a concatenation, in which the part begins at `shift`."""
    await session.execute(
        update(UploadPieceRow)
        .where(UploadPieceRow.upload_id == part_id)
        .values(upload_id=final_id, start=UploadPieceRow.start + shift)
        .execution_options(synchronize_session=False)
    )


async def lease(session: AsyncSession, upload_id: UUID, state: UploadState, seconds: float) -> bool:
    """Be the one replica that makes the recording, for so long; False when another is."""
    now = database_now()
    free = or_(UploadRow.lease_until.is_(None), UploadRow.lease_until < now)
    return await _changed(session, upload_id, UploadRow.state == state, free, values={"lease_until": now + seconds})


async def renew(session: AsyncSession, upload_id: UUID, seconds: float) -> None:
    """Go on being that replica."""
    await _changed(session, upload_id, values={"lease_until": database_now() + seconds})


async def settle(session: AsyncSession, upload: UploadRow, state: UploadState, values: Mapping[str, Any]) -> bool:
    """End the making of a recording: the upload is in `state` then; False when it has moved on or was given up meanwhile."""
    unchanged = UploadRow.state == upload.state, UploadRow.received == upload.received
    return await _changed(session, upload.id, *unchanged, values={"state": state, "lease_until": None, **values})


async def mark_gone(session: AsyncSession, upload_id: UUID, *conditions: Any) -> bool:
    """Let nobody use the upload any more."""
    return await _changed(session, upload_id, *conditions, values={"state": UploadState.GONE})


async def forget(session: AsyncSession, upload_id: UUID) -> None:
    """Delete the row, and with it those of its pieces and of the parts that went into it."""
    await session.execute(delete(UploadRow).where(UploadRow.id == upload_id))


async def forget_pieces(session: AsyncSession, upload_id: UUID) -> None:
    """Delete the rows of an upload's pieces."""
    await session.execute(delete(UploadPieceRow).where(UploadPieceRow.upload_id == upload_id))


async def _changed(session: AsyncSession, upload_id: UUID, *conditions: Any, values: Mapping[str, Any]) -> bool:
    statement = update(UploadRow).where(UploadRow.id == upload_id, *conditions).values(**values)
    result = await session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(result, CursorResult)  # noqa: S101 - for mypy: what an UPDATE gives
    return result.rowcount == 1
