"""Uploads straight into the object store: the client is believed nothing, we read and hash what it has put there."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from diarist.database.base import utc_now
from diarist.errors import Conflict, ContentMismatch, NotFound, NotSupported, TooLarge
from diarist.jobs.repository import latest_job
from diarist.recordings.repository import get_recording
from diarist.recordings.service import Added
from diarist.recordings.uploads import repository
from diarist.recordings.uploads.completion import make_recording, raise_refusal
from diarist.recordings.uploads.models import UploadKind, UploadRow, UploadState
from diarist.recordings.uploads.receiving import LEASE, find_usable
from diarist.recordings.uploads.service import NewUpload, begin
from diarist.runtime import Runtime
from diarist.storage.blobs import SignedPut


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where to put the bytes, and until when."""

    upload: UploadRow
    put: SignedPut
    expires_at: datetime


async def invite(runtime: Runtime, account_id: UUID, new: NewUpload) -> Invitation:
    """Give a URL to put a recording to; raises `NotSupported` or `TooLarge`."""
    if not runtime.blobs.can_sign:
        raise NotSupported(
            "the store of this installation takes no bytes past the server",
            advice="Upload in pieces by tus to /v1/tus, or send the recording to /v1/recordings.",
        )
    upload = await begin(runtime, account_id, new)
    lasting = timedelta(seconds=min(runtime.settings.uploads.url_expires, runtime.settings.uploads.expires))
    expires_at = utc_now() + lasting
    try:
        put = await runtime.blobs.presigned_put(_object_key(upload), lasting, size=upload.length or 0)
    except TooLarge:
        async with runtime.database.write() as session:
            await repository.forget(session, upload.id)
        raise
    return Invitation(upload, put, expires_at)


async def accept(runtime: Runtime, account_id: UUID, upload_id: UUID) -> Added:
    """Make a recording of what was put there, once; to ask again gives the same recording.

    Raises `NotFound`, `UploadGone`, `Conflict` while nothing is there or another request is at it, `ContentMismatch`, and what
    `add_recording` raises.
    """
    upload = await find_usable(runtime, account_id, upload_id, UploadKind.PRESIGNED)
    raise_refusal(upload)
    if upload.state is UploadState.RECORDED:
        return await _accepted(runtime, upload)
    await _check_size(runtime, upload)
    async with runtime.database.write() as session:
        if not await repository.lease(session, upload.id, UploadState.OPEN, LEASE):
            raise Conflict("another request completes this upload", advice="Ask again in a moment; its answer will be yours.")
    return await make_recording(runtime, upload, _read(runtime, upload))


async def _accepted(runtime: Runtime, upload: UploadRow) -> Added:
    if upload.recording_id is None:
        raise NotFound("the recording that this upload became was deleted")
    async with runtime.database.read() as session:
        recording = await get_recording(session, upload.account_id, upload.recording_id)
        return Added(recording, await latest_job(session, upload.account_id, recording.id), created=False)


async def _check_size(runtime: Runtime, upload: UploadRow) -> None:
    try:
        size = await runtime.blobs.size(_object_key(upload))
    except NotFound as error:
        raise Conflict("nothing was put to the upload's URL yet", advice="PUT the bytes, then complete the upload.") from error
    if size != upload.length:
        raise ContentMismatch(f"{size:,} bytes were put there, but {upload.length:,} were announced")


async def _read(runtime: Runtime, upload: UploadRow) -> AsyncIterator[bytes]:
    """The bytes as they lie there; raises `ContentMismatch` at their end, when nothing has been made of them yet."""
    digest, size = hashlib.sha256(), 0
    async for data in runtime.blobs.stream(_object_key(upload), 0, upload.length):
        digest.update(data)
        size += len(data)
        yield data
    if size != upload.length or upload.sha256 not in {None, digest.hexdigest()}:
        raise ContentMismatch("other bytes were put there than the SHA-256 that was announced")


def _object_key(upload: UploadRow) -> str:
    return f"{upload.blob_prefix}/object"
