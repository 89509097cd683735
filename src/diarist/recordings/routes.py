"""Recordings over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.database.ordering import Place
from diarist.domain.hints import FIELDS, hints_from_texts
from diarist.domain.job import JobPriority
from diarist.errors import (
    Empty,
    EngineFailed,
    InvalidInput,
    NoAudioTrack,
    NoSamples,
    NotFound,
    StorageFailed,
    StorageFull,
    TooLarge,
    UndecodableAudio,
    UnsupportedAudio,
)
from diarist.http.bulk import RESPONSES as BULK
from diarist.http.bulk import BulkAnswer, Ids, one_by_one
from diarist.http.bytes_response import Content, bytes_response
from diarist.http.errors import MalformedRequest, PreconditionFailed, RangeNotSatisfiable, UnsupportedMediaType
from diarist.http.fixed_paths import only_posted
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Limit, Page, cut
from diarist.http.preconditions import IfMatch
from diarist.http.prefer import APPLIED_HEADER, PARAMETER
from diarist.http.resources import ResourceRoute
from diarist.http.sorting import next_cursor, places
from diarist.http.upload import FORM, RAW_TYPES, incoming_file
from diarist.jobs.prefer import WithPatience
from diarist.jobs.repository import get_job, latest_job, latest_jobs
from diarist.recordings import repository, service
from diarist.recordings.answers import answer, described
from diarist.recordings.hints import HintTexts
from diarist.recordings.media_types import media_type
from diarist.recordings.quotas import QuotaReached, TooManyJobs
from diarist.recordings.schemas import Recording, recording_from_row

router = APIRouter(prefix="/v1/recordings", tags=["recordings"], route_class=ResourceRoute)
only_posted(router, "/bulk")

_BINARY = {"type": "string", "format": "binary"}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"The recording: as the field `file` of `{FORM}`, or as the body itself.",
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        **{name: {"type": "string", "description": "As in the query; before the file."} for name in FIELDS},
                        "file": {**_BINARY, "description": "One recording; its name is kept for people."},
                    },
                },
            },
            **{raw: {"schema": _BINARY} for raw in RAW_TYPES},
        },
    }
}
_REFUSED = problems(
    Empty, NoSamples, UndecodableAudio, UnsupportedAudio, NoAudioTrack, UnsupportedMediaType, TooLarge, MalformedRequest,
    InvalidInput, StorageFull, StorageFailed, EngineFailed, QuotaReached, TooManyJobs,
)  # fmt: skip


@router.post(
    "",
    status_code=202,
    responses={
        **described(
            known="These very bytes are here already; or the job has ended, and that was waited for.",
            begun="Stored; its job has begun.",
            more=APPLIED_HEADER,
        ),
        **_REFUSED,
    },
    openapi_extra={**_BODY, "parameters": [PARAMETER]},
)
async def add_recording(
    request: Request,
    response: Response,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    hints: HintTexts,
    patience: WithPatience,
    filename: Annotated[
        str, Query(max_length=1000, description="The name, when the body is the recording itself.")
    ] = "recording",
    priority: Annotated[JobPriority, Query(description="Who goes first when there is more to do.")] = JobPriority.NORMAL,
) -> Recording:
    """Give a recording. It is stored while it arrives; once it is durable, its job begins.

    The same bytes twice are one recording; if its job had failed or was cancelled, it is retried. Hints may come in the query
    or, before the file, as fields of the form; those of an account hold where a recording has none. With `Prefer: wait=30` the
    answer comes when the job has ended, or after so many seconds.
    """
    http = runtime.settings.http
    upload = await incoming_file(request, filename, http.max_upload_bytes, FIELDS)
    given = hints_from_texts({**hints, **upload.texts})
    added = await service.add_recording(
        runtime, account_id, upload.filename, upload.pieces, priority=priority, hints=given, protocol="multipart"
    )
    if not await patience.wait(account_id, added.job.id):
        return answer(response, http, added)
    async with runtime.database.look() as session:
        row = await repository.get_recording(session, account_id, added.recording.id)
        job = await get_job(session, account_id, added.job.id)
    return answer(response, http, replace(added, recording=row, job=job))


class BulkRecordings(BaseModel):
    """What is to be done to which recordings."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["delete"]
    ids: Ids


@router.post("/bulk", responses={**BULK, **problems(MalformedRequest)})
async def act_on_recordings(
    wanted: BulkRecordings, response: Response, runtime: CurrentRuntime, account_id: CurrentAccount
) -> BulkAnswer:
    """Delete up to a hundred recordings with all that was made of them: each on its own, as if it had been asked for alone."""

    async def delete(recording_id: UUID) -> int:
        await service.delete_recording(runtime, account_id, recording_id)
        return 204

    return await one_by_one(response, wanted.ids, delete)


ByMoment = Annotated[Place, Depends(places(repository.RECORDED))]


@router.get("", responses=problems())
async def list_recordings(
    runtime: CurrentRuntime, account_id: CurrentAccount, place: ByMoment, limit: Limit = DEFAULT_LIMIT
) -> Page[Recording]:
    """All recordings. By `recorded_at`, one of which nobody knows when it was made counts as made when it came."""
    async with runtime.database.read() as session:
        rows, more = cut(await repository.list_recordings(session, account_id, limit + 1, place), limit)
        jobs = await latest_jobs(session, account_id, [row.id for row in rows])
    recordings = [recording_from_row(row, jobs[row.id]) for row in rows]
    return Page(items=recordings, next_cursor=next_cursor(place, rows[-1].id, rows[-1].spoken_at) if more else None)


@router.get("/{recording_id}", responses=problems(NotFound))
async def get_recording(recording_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Recording:
    """One recording."""
    async with runtime.database.glance() as session:
        row = await repository.get_recording(session, account_id, recording_id)
        return recording_from_row(row, await latest_job(session, account_id, recording_id))


@router.delete("/{recording_id}", status_code=204, responses=problems(NotFound, PreconditionFailed, StorageFailed))
async def delete_recording(recording_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount, seen: IfMatch) -> None:
    """Delete a recording, its audio, its transcripts and its entries; work on it stops."""
    await service.delete_recording(runtime, account_id, recording_id, lambda row, job: seen.require(recording_from_row(row, job)))


_SIGNED = timedelta(hours=1)
"""How long a player may go on asking the object store for parts."""
_AUDIO = {"content": {"audio/*": {"schema": _BINARY}, "application/octet-stream": {"schema": _BINARY}}}


@router.get(
    "/{recording_id}/audio",
    response_class=Response,
    responses={
        200: {"description": "The bytes as given.", **_AUDIO},
        206: {"description": "The bytes that `Range` asked for.", **_AUDIO},
        304: {"description": "The client has them."},
        307: {"description": "The object store has them, at `Location`; only where the installation says so."},
        **problems(NotFound, RangeNotSatisfiable, StorageFailed),
    },
)
async def get_audio(recording_id: UUID, request: Request, runtime: CurrentRuntime, account_id: CurrentAccount) -> Response:
    """The audio as it was given; `Range`, `If-Range` and `If-None-Match` are understood."""
    async with runtime.database.glance() as session:
        row = await repository.get_recording(session, account_id, recording_id)
    if runtime.settings.storage.presigned_downloads and runtime.blobs.can_sign and request.method == "GET":
        # The URL expires, and whoever has it needs no other key: no cache may keep it.
        url = await runtime.blobs.presigned_get(row.blob_key, _SIGNED)
        return RedirectResponse(url, 307, {"Cache-Control": "no-store"})
    content = Content(
        # Asked of the store, so that audio that is gone is a problem and not a broken answer.
        size=await runtime.blobs.size(row.blob_key),
        sha256=row.audio_tag,
        media_type=media_type(row.container),
        filename=row.audio_filename,
        stream=lambda start, end: runtime.blobs.stream(row.blob_key, start, end),
    )
    return bytes_response(request, content)


@router.head(
    "/{recording_id}/audio",
    response_class=Response,
    responses={
        200: {"description": "The headers of the audio."},
        304: {"description": "The client has it."},
        **problems(NotFound),
    },
)
async def head_audio(recording_id: UUID, request: Request, runtime: CurrentRuntime, account_id: CurrentAccount) -> Response:
    """What GET would answer, without the bytes."""
    return await get_audio(recording_id, request, runtime, account_id)
