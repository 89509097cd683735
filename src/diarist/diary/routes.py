"""Diary entries over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.diary import repository, service
from diarist.diary.schemas import Begun, Composition, Edits, Entry, entry_from_row
from diarist.errors import Conflict, InvalidInput, NotFound, StorageFull
from diarist.http.errors import MalformedRequest, PreconditionFailed
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Limit, Page, cut
from diarist.http.preconditions import IfMatch
from diarist.http.resources import ResourceRoute
from diarist.http.sorting import ByCreation, next_cursor
from diarist.recordings.repository import get_recording

router = APIRouter(prefix="/v1", tags=["entries"], route_class=ResourceRoute)


@router.get("/entries", responses=problems())
async def list_entries(
    runtime: CurrentRuntime, account_id: CurrentAccount, place: ByCreation, limit: Limit = DEFAULT_LIMIT
) -> Page[Entry]:
    """The newest entry of each recording."""
    async with runtime.database.glance() as session:
        rows, more = cut(await repository.list_entries(session, account_id, limit + 1, place), limit)
    return Page(items=[entry_from_row(row) for row in rows], next_cursor=next_cursor(place, rows[-1].id) if more else None)


@router.get("/entries/{entry_id}", responses=problems(NotFound))
async def get_entry(entry_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Entry:
    """One entry, also when a newer version of it exists."""
    async with runtime.database.glance() as session:
        return entry_from_row(await repository.get_entry(session, account_id, entry_id))


@router.get("/recordings/{recording_id}/entry", responses=problems(NotFound))
async def get_latest_entry(recording_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Entry:
    """The newest entry of a recording."""
    async with runtime.database.glance() as session:
        await get_recording(session, account_id, recording_id)
        row = await repository.latest_entry(session, account_id, recording_id)
    if row is None:
        raise NotFound(f"the recording {recording_id} has no entry yet", advice="Its job tells how far it is.")
    return entry_from_row(row)


@router.post(
    "/recordings/{recording_id}/entry", status_code=202, responses=problems(MalformedRequest, NotFound, Conflict, StorageFull)
)
async def compose_again(
    recording_id: UUID, composition: Composition, response: Response, runtime: CurrentRuntime, account_id: CurrentAccount
) -> Begun:
    """Have the entry written anew from the transcript, as a new version; sentences that were edited stay."""
    job = await service.compose_again(runtime, account_id, recording_id, template=composition.template, model=composition.model)
    response.headers["Location"] = f"{runtime.settings.http.public_url.rstrip('/')}/v1/jobs/{job.id}"
    return Begun(job_id=job.id)


@router.patch(
    "/entries/{entry_id}",
    responses={
        200: {"headers": {"Content-Location": {"description": "The new version.", "schema": {"type": "string"}}}},
        **problems(MalformedRequest, NotFound, Conflict, InvalidInput, PreconditionFailed, StorageFull),
    },
)
async def edit_entry(
    entry_id: UUID, edits: Edits, response: Response, runtime: CurrentRuntime, account_id: CurrentAccount, seen: IfMatch
) -> Entry:
    """Change sentences of the newest version; they are marked, stay when the entry is written anew, and make a new version.

    With `If-Match`, the tag is compared with that of the newest version, so that nothing is edited that the writer has not seen.
    """
    texts = {edit.position: edit.text for edit in edits.sentences}
    row = await service.edit_entry(runtime, account_id, entry_id, texts, lambda newest: seen.require(entry_from_row(newest)))
    response.headers["Content-Location"] = f"{runtime.settings.http.public_url.rstrip('/')}/v1/entries/{row.id}"
    return entry_from_row(row)
