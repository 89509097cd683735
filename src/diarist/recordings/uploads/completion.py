"""Makes a recording of an upload whose bytes are all there: once, whatever dies meanwhile and whoever tries."""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import utc_now
from diarist.domain.hints import NO_HINTS
from diarist.errors import ContentMismatch, DiaristError, InvalidInput, OffsetMismatch, StorageFailed, error_classes
from diarist.recordings.service import Added, add_recording
from diarist.recordings.uploads import repository
from diarist.recordings.uploads.models import UploadKind, UploadRow, UploadState, blob_prefix
from diarist.recordings.uploads.receiving import LEASE, Taken, expiry, keep
from diarist.runtime import Runtime

_RENEW = 15.0

log = structlog.get_logger(__name__)


async def complete(runtime: Runtime, upload: UploadRow, taken: Taken | None = None) -> UploadRow:
    """Make the recording, if every byte is there and nobody else is at it; gives the upload as it is then.

    `taken`: that it is left to us already. Raises what `add_recording` raises, and `OffsetMismatch` when other bytes came to it
    meanwhile. If the bytes are no recording, that is final: the upload is `refused`. After any other error, or a crash, the next
    call carries on: the same bytes are one recording, so that doing it twice is harmless.
    """
    if taken and taken.content is not None:
        return await record_at_once(runtime, upload, taken.content)
    if upload.state is not UploadState.WHOLE or upload.kind is UploadKind.PART:
        return upload
    if taken or await _leased(runtime, upload):
        async with runtime.database.glance() as session:
            pieces = await repository.list_pieces(session, upload.id)
        content = _bytes(runtime, upload, [(piece.blob_key, piece.size) for piece in pieces])
        await make_recording(runtime, upload, content)
    async with runtime.database.glance() as session:
        return await repository.get_upload(session, upload.account_id, upload.id, upload.kind)


async def make_recording(runtime: Runtime, upload: UploadRow, content: AsyncIterable[bytes]) -> Added:
    """Take the bytes in as a recording and link the upload to it; the caller holds the lease, which ends here."""

    async def link(session: AsyncSession, added: Added) -> None:
        if not await _settle(runtime, session, upload, UploadState.RECORDED, **_links(added)):
            log.info("upload.given_up_meanwhile", upload_id=str(upload.id))
        await repository.forget_pieces(session, upload.id)

    try:
        added = await _added(runtime, upload, _leased_while_read(runtime, upload.id, content), link)
    except DiaristError as error:
        if _is_final(error):
            await _refuse(runtime, upload, error)
            await delete_bytes(runtime, upload)
        else:
            await _released(runtime, upload)
        raise
    await delete_bytes(runtime, upload)
    return added


async def record_at_once(runtime: Runtime, upload: UploadRow, content: bytes) -> UploadRow:
    """Make a recording of an open upload whose bytes all came in one piece, and let it be whole in the same transaction.

    Where that fails the bytes are kept, and the next call of `complete` carries on. Raises as that does.
    """

    async def link(session: AsyncSession, added: Added) -> None:
        if not await _settle(runtime, session, upload, UploadState.RECORDED, received=len(content), **_links(added)):
            raise OffsetMismatch

    try:
        added = await _added(runtime, upload, _at_hand(content), link)
    except OffsetMismatch:
        raise
    except DiaristError as error:
        if _is_final(error):
            await _refuse(runtime, upload, error, received=len(content))
        else:
            await keep(runtime, upload, content)
        raise
    upload.state, upload.received = UploadState.RECORDED, len(content)
    upload.recording_id, upload.job_id = added.recording.id, added.job.id
    return upload


def raise_refusal(upload: UploadRow) -> None:
    """Raise again why the bytes of a refused upload were no recording."""
    if upload.state is UploadState.REFUSED:
        raise error_classes()[upload.error_code or InvalidInput.code](upload.error_message)


async def delete_bytes(runtime: Runtime, upload: UploadRow) -> None:
    """Delete all bytes that were sent to an upload and to its parts."""
    for upload_id in (upload.id, *map(UUID, upload.part_ids)):
        await runtime.blobs.delete_under(blob_prefix(upload.account_id, upload_id))


async def _added(
    runtime: Runtime, upload: UploadRow, content: AsyncIterable[bytes], link: Callable[[AsyncSession, Added], Awaitable[None]]
) -> Added:
    """What becomes of the bytes; `link` says so of the upload, in the same transaction."""
    return await add_recording(
        runtime, upload.account_id, upload.filename, content, priority=upload.priority, hints=upload.hints or NO_HINTS,
        protocol=upload.kind.value, also=link,
    )  # fmt: skip


async def _leased(runtime: Runtime, upload: UploadRow) -> bool:
    """Whether an upload is left to us; else another makes the recording."""
    async with runtime.database.write() as session:
        return await repository.lease(session, upload.id, upload.state, LEASE)


async def _released(runtime: Runtime, upload: UploadRow) -> None:
    async with runtime.database.write() as session:
        await repository.settle(session, upload, upload.state, {"expires_at": utc_now() + expiry(runtime)})


def _is_final(error: DiaristError) -> bool:
    """Whether these bytes will never be a recording."""
    return isinstance(error, InvalidInput) and not isinstance(error, ContentMismatch)


async def _refuse(runtime: Runtime, upload: UploadRow, error: DiaristError, **values: object) -> None:
    async with runtime.database.write() as session:
        refusal = {"error_code": error.code, "error_message": error.message}
        if await _settle(runtime, session, upload, UploadState.REFUSED, **refusal, **values):
            await repository.forget_pieces(session, upload.id)


async def _settle(runtime: Runtime, session: AsyncSession, upload: UploadRow, state: UploadState, **values: object) -> bool:
    """Say what has come of it; False when it is not as it was."""
    return await repository.settle(session, upload, state, {"expires_at": utc_now() + expiry(runtime), **values})


def _links(added: Added) -> dict[str, UUID]:
    return {"recording_id": added.recording.id, "job_id": added.job.id}


async def _leased_while_read(runtime: Runtime, upload_id: UUID, content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    renewed = time.monotonic()
    async for data in content:
        yield data
        if time.monotonic() - renewed > _RENEW:
            renewed = time.monotonic()
            async with runtime.database.write() as session:
                await repository.renew(session, upload_id, LEASE)


async def _bytes(runtime: Runtime, upload: UploadRow, pieces: list[tuple[str, int]]) -> AsyncIterator[bytes]:
    if sum(size for _, size in pieces) != upload.received:
        raise StorageFailed(f"the upload {upload.id} lacks a piece")
    for key, size in pieces:
        async for data in runtime.blobs.stream(key, 0, size):
            yield data


async def _at_hand(content: bytes) -> AsyncIterator[bytes]:
    yield content
