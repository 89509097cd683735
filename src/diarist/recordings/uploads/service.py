"""Rules of uploads in pieces: begin, join, give up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from diarist.database.base import new_id, utc_now
from diarist.domain.hints import NO_HINTS, Hints
from diarist.domain.job import JobPriority
from diarist.errors import Conflict, Empty, NotFound, TooLarge
from diarist.recordings.service import display_name
from diarist.recordings.uploads import repository
from diarist.recordings.uploads.completion import delete_bytes
from diarist.recordings.uploads.models import UploadKind, UploadRow, UploadState
from diarist.recordings.uploads.receiving import expiry
from diarist.runtime import Runtime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUpload:
    """What a client says of an upload before its first byte."""

    kind: UploadKind
    filename: str
    length: int | None = None
    """Bytes; None when the client will say it later."""
    priority: JobPriority = JobPriority.NORMAL
    metadata_header: str | None = None
    sha256: str | None = None
    hints: Hints = NO_HINTS


async def begin(runtime: Runtime, account_id: UUID, new: NewUpload) -> UploadRow:
    """Make room for an upload; raises `TooLarge` or `Empty`."""
    if new.length == 0:
        raise Empty
    _check_size(runtime, new.length or 0)
    async with runtime.database.write() as session:
        upload = _row(runtime, account_id, new)
        session.add(upload)
    return upload


async def join(runtime: Runtime, account_id: UUID, new: NewUpload, part_ids: Sequence[UUID]) -> UploadRow:
    """Begin an upload that consists of finished parts, whose bytes belong to it from now on.

    Joining the very same parts again gives the same upload, so that a client that missed the answer may ask again.
    Raises `NotFound`, `Conflict` or `TooLarge`.
    """
    async with runtime.database.write() as session:
        found = await repository.get_parts(session, account_id, part_ids)
        missing = [part_id for part_id in part_ids if part_id not in found]
        if missing:
            raise NotFound(f"there is no part {missing[0]}", advice="It may have expired or been given up; send it again.")
        parts = [found[part_id] for part_id in part_ids]
        final_id = parts[0].final_id
        if final_id and all(part.final_id == final_id for part in parts):
            final = await repository.get_upload(session, account_id, final_id, UploadKind.TUS)
            if final.part_ids == list(map(str, part_ids)):
                return final
        unfit = next((part for part in parts if part.state is not UploadState.WHOLE), None)
        if unfit is not None:
            raise Conflict(f"the part {unfit.id} is {unfit.state}", advice="Join parts that are finished, each into one upload.")
        _check_size(runtime, sum(part.received for part in parts))
        final = _row(runtime, account_id, new)
        final.part_ids, final.state = list(map(str, part_ids)), UploadState.WHOLE
        final.received = 0
        session.add(final)
        await session.flush()
        for part in parts:
            await repository.hand_over_pieces(session, part.id, final.id, final.received)
            part.state, part.final_id = UploadState.JOINED, final.id
            final.received += part.received
        final.length = final.received
    return final


async def give_up(runtime: Runtime, upload: UploadRow) -> None:
    """Delete an upload and what has arrived of it; a recording that it has become stays. Raises `Conflict`."""
    if upload.final_id:
        await _forget_part(runtime, upload, upload.final_id)
        return
    async with runtime.database.write() as session:
        if not await repository.mark_gone(session, upload.id, UploadRow.state == upload.state):
            raise Conflict("the upload has just changed")
    await delete_gone(runtime, upload)


async def _forget_part(runtime: Runtime, part: UploadRow, final_id: UUID) -> None:
    """Forget a part whose bytes belong to a concatenation; raises `Conflict` while they are still needed under its name."""
    async with runtime.database.write() as session:
        final = await repository.get_upload(session, part.account_id, final_id, UploadKind.TUS)
        if final.state is UploadState.WHOLE:
            raise Conflict(f"the part belongs to the upload {final_id}, which is about to become a recording")
        await repository.forget(session, part.id)


async def delete_gone(runtime: Runtime, upload: UploadRow) -> None:
    """Delete the bytes of an upload that is marked as gone and then its row; after a crash it can be done again."""
    await delete_bytes(runtime, upload)
    async with runtime.database.write() as session:
        await repository.forget(session, upload.id)


def _row(runtime: Runtime, account_id: UUID, new: NewUpload) -> UploadRow:
    return UploadRow(
        id=new_id(), account_id=account_id, kind=new.kind, state=UploadState.OPEN, length=new.length, received=0,
        filename=display_name(new.filename), metadata_header=new.metadata_header, priority=new.priority, sha256=new.sha256,
        hints=new.hints or None, part_ids=[], expires_at=utc_now() + expiry(runtime),
    )  # fmt: skip


def _check_size(runtime: Runtime, size: int) -> None:
    if size > runtime.settings.http.max_upload_bytes:
        raise TooLarge(f"the recording is larger than {runtime.settings.http.max_upload_bytes:,} bytes")
