"""Uploads straight into the object store, over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.errors import (
    Conflict,
    ContentMismatch,
    Empty,
    EngineFailed,
    InvalidInput,
    NoAudioTrack,
    NoSamples,
    NotFound,
    NotSupported,
    StorageFailed,
    StorageFull,
    TooLarge,
    UndecodableAudio,
    UnsupportedAudio,
    UploadGone,
)
from diarist.http.errors import MalformedRequest
from diarist.http.fixed_paths import only_posted
from diarist.http.idempotency import IdempotentRoute
from diarist.http.openapi import problems
from diarist.recordings.answers import answer, described
from diarist.recordings.quotas import QuotaReached, TooManyJobs
from diarist.recordings.schemas import Recording
from diarist.recordings.uploads import presigned
from diarist.recordings.uploads.models import UploadKind
from diarist.recordings.uploads.schemas import PresignedUpload, PresignedUploadRequest
from diarist.recordings.uploads.service import NewUpload

router = APIRouter(prefix="/v1/recordings/uploads", tags=["presigned uploads"], route_class=IdempotentRoute)
only_posted(router, "")


@router.post(
    "", status_code=201, responses=problems(NotSupported, InvalidInput, TooLarge, MalformedRequest, StorageFull, StorageFailed)
)
async def begin_presigned_upload(
    wanted: PresignedUploadRequest, runtime: CurrentRuntime, account_id: CurrentAccount
) -> PresignedUpload:
    """Get a URL to put a recording to, past this server; then complete the upload.

    Only with an object store: with a local folder, use tus.
    """
    new = NewUpload(
        kind=UploadKind.PRESIGNED,
        filename=wanted.filename,
        length=wanted.size_bytes,
        priority=wanted.priority,
        sha256=wanted.sha256,
        hints=wanted.checked(),
    )
    invited = await presigned.invite(runtime, account_id, new)
    return PresignedUpload(
        id=invited.upload.id,
        url=invited.put.url,
        method="PUT",
        headers=invited.put.headers,
        expires_at=invited.expires_at,
    )


@router.post(
    "/{upload_id}/complete",
    status_code=202,
    responses={
        **described(known="The recording is here already.", begun="Read, hashed and stored; its job has begun."),
        **problems(
            NotFound, UploadGone, Conflict, ContentMismatch, Empty, NoSamples, UndecodableAudio, UnsupportedAudio, NoAudioTrack,
            TooLarge, StorageFull, StorageFailed, EngineFailed, QuotaReached, TooManyJobs,
        ),
    },
)  # fmt: skip
async def complete_presigned_upload(
    upload_id: UUID, response: Response, runtime: CurrentRuntime, account_id: CurrentAccount
) -> Recording:
    """Make a recording of what was put to the URL: it is read, measured and hashed here. To ask again does no harm."""
    added = await presigned.accept(runtime, account_id, upload_id)
    return answer(response, runtime.settings.http, added)
