"""Live events as server-sent events."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.errors import NotFound
from diarist.http.event_stream import HEARTBEAT, MEDIA_TYPE, EventStream, come_back
from diarist.http.openapi import problems
from diarist.jobs.repository import get_job
from diarist.live.current import CurrentFeed, LastPosition, hang_up, watched
from diarist.live.examples import example
from diarist.live.feed import Feed, TooManyStreams
from diarist.live.following import Following, nothing_is_left

RETRY = 2.0
"""Seconds after which a reader comes back whose connection broke."""
_SPREAD = (0.5, 5.0)
"""The same when the server ends, so that not all of its readers come to the next one at once."""

Seconds = Annotated[
    float | None,
    Query(ge=0, le=600, description="End after so many seconds, for those who cannot wait: 0 tells only what was missed."),
]

router = APIRouter(prefix="/v1", tags=["events"])

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A stream that goes on; the data of each event is JSON.",
        # Without a schema: some take it for that of the whole text, some for that of each event.
        "content": {MEDIA_TYPE: {"examples": {"a recording": {"value": example()}}}},
    }
}


@router.get("/events", response_class=Response, responses={**_STREAM, **problems(TooManyStreams)})
async def stream_events(
    request: Request, feed: CurrentFeed, account_id: CurrentAccount, after: LastPosition, seconds: Seconds = None
) -> Response:
    """Tell what happens to all that the account owns, as it happens (`text/event-stream`).

    Events with an `id` are kept for days: whoever connects again with `Last-Event-ID` misses none of them. The others,
    `job.progress` and `transcript.extended`, are hints that are told once; what they are about can be read at any time. A reader
    that does not keep up is disconnected and can go on in the same way.
    """
    await feed.ready()
    return _stream(feed, Following(feed, account_id, job_id=None, after=after, seconds=seconds), request)


@router.get(
    "/jobs/{job_id}/events",
    response_class=Response,
    responses={
        **_STREAM,
        204: {"description": "The job has ended, and the reader knows all of it: browsers do not connect again."},
        **problems(NotFound, TooManyStreams),
    },
)
async def stream_job_events(
    job_id: UUID,
    request: Request,
    feed: CurrentFeed,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    after: LastPosition,
    seconds: Seconds = None,
) -> Response:
    """Tell how far a job is and what comes of it, until it has ended (`text/event-stream`); like `/v1/events`, for one job."""
    await feed.ready()
    if after is None:
        async with runtime.database.look() as session:
            await get_job(session, account_id, job_id)
    elif await nothing_is_left(feed, account_id, job_id, after):
        return Response(status_code=204)
    return _stream(feed, Following(feed, account_id, job_id=job_id, after=after, seconds=seconds), request)


def _stream(feed: Feed, following: Following, request: Request) -> EventStream:
    async def pieces() -> AsyncIterator[bytes]:
        with following.listening(hang_up(request)), watched(request, feed, following.stop):
            yield come_back(RETRY)
            async for messages in following:
                yield b"".join(message.frame for message in messages) or HEARTBEAT
            if feed.ending:
                yield come_back(random.uniform(*_SPREAD))  # noqa: S311 - spreads load, protects nothing

    return EventStream(pieces, following.stop)
