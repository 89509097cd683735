"""Uploads whose parts are named when all have arrived, as OpenAI's are: begun, sent part by part, completed."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from diarist.errors import Conflict, ContentMismatch, InvalidInput, NotFound
from diarist.recordings.uploads import repository, service
from diarist.recordings.uploads.completion import complete, raise_refusal
from diarist.recordings.uploads.models import UploadKind, UploadRow, UploadState
from diarist.recordings.uploads.receiving import Patch, append, find_usable
from diarist.runtime import Runtime


async def add_part(runtime: Runtime, upload: UploadRow, pieces: AsyncIterator[bytes]) -> UploadRow:
    """Take one part in; when it raises, nothing is left of it. Raises what `receiving.append` does, and `Conflict`."""
    if upload.state is not UploadState.OPEN:
        raise Conflict(f"the upload is {upload.state} and takes no more parts")
    about = service.NewUpload(kind=UploadKind.PART, filename=upload.filename, metadata_header=str(upload.id))
    part = await service.begin(runtime, upload.account_id, about)
    try:
        await append(runtime, part, Patch(offset=0), pieces)
    except BaseException:
        await service.give_up(runtime, await find_usable(runtime, upload.account_id, part.id, UploadKind.PART))
        raise
    received = (await find_usable(runtime, upload.account_id, part.id, UploadKind.PART)).received
    async with runtime.database.write() as session:
        await repository.declare_length(session, part.id, received)
    return part


async def join_parts(runtime: Runtime, upload: UploadRow, part_ids: Sequence[UUID], md5: str | None) -> UploadRow:
    """Make a recording of the parts, in this order; to ask again gives the same.

    Raises `NotFound`, `Conflict`, `InvalidInput` when the parts are not as many bytes as were announced, `ContentMismatch`, and
    what `add_recording` raises.
    """
    if upload.state is UploadState.OPEN:
        if md5 is not None and await _md5(runtime, upload, part_ids) != md5.lower():
            raise ContentMismatch("the bytes that have arrived have another MD5", advice="Begin a new upload.")
        async with runtime.database.write() as session:
            await _join(session, upload, part_ids)
        upload = await find_usable(runtime, upload.account_id, upload.id, UploadKind.OPENAI)
    raise_refusal(upload)
    return await complete(runtime, upload)


async def _join(session: AsyncSession, upload: UploadRow, part_ids: Sequence[UUID]) -> None:
    parts = await _parts(session, upload, part_ids)
    size = sum(part.received for part in parts)
    if size != upload.length:
        raise InvalidInput(f"the parts hold {size:,} bytes, not the {upload.length:,} that were announced")
    row = await session.get_one(UploadRow, upload.id, with_for_update=True)
    if row.state is not UploadState.OPEN:
        raise Conflict("the upload has just changed", advice="Ask again.")
    row.part_ids, row.state, row.received = [str(part.id) for part in parts], UploadState.WHOLE, 0
    for part in parts:
        await repository.hand_over_pieces(session, part.id, row.id, row.received)
        part.state, part.final_id = UploadState.JOINED, row.id
        row.received += part.received


async def _parts(session: AsyncSession, upload: UploadRow, part_ids: Sequence[UUID]) -> list[UploadRow]:
    """The parts in this order; each is whole and was sent to this upload."""
    if len(set(part_ids)) != len(part_ids) or not part_ids:
        raise InvalidInput("each part has to be named once, and one at least")
    found = await repository.get_parts(session, upload.account_id, part_ids)
    for part_id in part_ids:
        part = found.get(part_id)
        if part is None or part.metadata_header != str(upload.id) or part.state is not UploadState.WHOLE:
            raise NotFound(f"the upload has no part {part_id}", advice="It may have expired; send it again.")
    return [found[part_id] for part_id in part_ids]


async def _md5(runtime: Runtime, upload: UploadRow, part_ids: Sequence[UUID]) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    async with runtime.database.write() as session:
        parts = await _parts(session, upload, part_ids)
        pieces = [piece for part in parts for piece in await repository.list_pieces(session, part.id)]
    for piece in pieces:
        async for data in runtime.blobs.stream(piece.blob_key, 0, piece.size):
            digest.update(data)
    return digest.hexdigest()
