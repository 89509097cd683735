"""Imports over HTTP: a recording given as an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.accounts.hint_fields import HintFields
from diarist.domain.job import JobPriority
from diarist.errors import (
    AddressRefused,
    Empty,
    EngineFailed,
    InvalidInput,
    NoAudioTrack,
    NoSamples,
    NotAllowed,
    NotGiven,
    SourceTooSlow,
    SourceUnreachable,
    StorageFailed,
    StorageFull,
    TooLarge,
    UndecodableAudio,
    UnsupportedAudio,
)
from diarist.http.errors import MalformedRequest
from diarist.http.fixed_paths import only_posted
from diarist.http.idempotency import IdempotentRoute
from diarist.http.openapi import problems
from diarist.recordings.answers import answer, described
from diarist.recordings.import_service import import_recording
from diarist.recordings.quotas import QuotaReached, TooManyJobs
from diarist.recordings.schemas import Recording

router = APIRouter(prefix="/v1/recordings", tags=["recordings"], route_class=IdempotentRoute)
only_posted(router, "/imports")

_REFUSED = problems(
    AddressRefused, NotGiven, NotAllowed, SourceUnreachable, SourceTooSlow, Empty, NoSamples, UndecodableAudio, UnsupportedAudio,
    NoAudioTrack, TooLarge, InvalidInput, StorageFull, StorageFailed, EngineFailed, QuotaReached, TooManyJobs,
    MalformedRequest,
)  # fmt: skip


class Import(HintFields):
    """Where a recording is."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    url: Annotated[str, Field(min_length=1, max_length=8000, examples=["https://example.org/talks/tuesday.mp3"])]
    """A public https address of the audio file itself, that can be had without a password."""
    filename: Annotated[str | None, Field(min_length=1, max_length=1000)] = None
    """The name, for people; without it the one that the address gives."""
    priority: JobPriority = JobPriority.NORMAL
    """Who goes first when there is more to do than can be done at once."""


@router.post(
    "/imports",
    status_code=202,
    responses={
        **described(known="These very bytes are here already.", begun="Fetched and stored; its job has begun."),
        **_REFUSED,
    },
)
async def import_from_url(wanted: Import, response: Response, runtime: CurrentRuntime, account_id: CurrentAccount) -> Recording:
    """Give the address of a recording. It is stored while it is fetched; once it is durable, its job begins.

    The answer comes when everything has arrived. To ask again does no harm: the same bytes twice are one recording.
    """
    added = await import_recording(
        runtime, account_id, wanted.url, wanted.filename, priority=wanted.priority, hints=wanted.checked()
    )
    return answer(response, runtime.settings.http, added)
