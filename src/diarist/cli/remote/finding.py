"""From what a person types to the recording or job that is meant, at a server."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from diarist.cli.finding import LAST, Found, choose
from diarist.client import AsyncClient
from diarist.errors import NotFound

MOST = 200
"""Items of a page."""


async def find(diarist: AsyncClient, typed: str) -> Found:
    """What an id, the end of one, or `last` means; raises `NotFound` or `AmbiguousId`."""
    if typed == LAST:
        page = await diarist.recordings.page(limit=1)
        return choose([Found(recording.id, recording.job.id) for recording in page.items], typed)
    whole = _whole(typed)
    if whole is not None:
        return await _by_whole_id(diarist, whole)
    jobs = [Found(job.recording_id, job.id) async for job in diarist.jobs.list(page_size=MOST)]
    return choose(jobs[::-1], typed)


async def find_all(diarist: AsyncClient, typed: Iterable[str]) -> list[Found]:
    """What each of them means, without repetition."""
    return list(dict.fromkeys([await find(diarist, one) for one in typed]))


async def _by_whole_id(diarist: AsyncClient, identifier: UUID) -> Found:
    try:
        recording = await diarist.recordings.get(identifier)
    except NotFound:
        try:
            job = await diarist.jobs.get(identifier)
        except NotFound as error:
            raise NotFound(f"nothing there has the id {identifier}") from error
        return Found(job.recording_id, job.id)
    return Found(recording.id, recording.job.id)


def _whole(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
