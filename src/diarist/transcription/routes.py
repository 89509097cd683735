"""Transcripts over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.errors import NotFound
from diarist.http.errors import NotAcceptable
from diarist.http.negotiation import choose
from diarist.http.openapi import problems
from diarist.transcription.formats.form import MEDIA_TYPES, TranscriptFormat
from diarist.transcription.formats.rendering import render
from diarist.transcription.schemas import Transcript
from diarist.transcription.service import read_transcript

router = APIRouter(prefix="/v1/recordings", tags=["transcripts"])

_BY_MEDIA_TYPE = {media_type: form for form, media_type in MEDIA_TYPES.items()}
_TEXT = {"schema": {"type": "string"}}


@router.get(
    "/{recording_id}/transcript",
    response_class=Response,
    responses={
        200: {
            "model": Transcript,
            "description": "What has been heard so far, or all of it.",
            "content": {media_type: _TEXT for form, media_type in MEDIA_TYPES.items() if form is not TranscriptFormat.JSON},
        },
        **problems(NotFound, NotAcceptable),
    },
)
async def get_transcript(
    recording_id: UUID,
    request: Request,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    form: Annotated[TranscriptFormat | None, Query(alias="format", description="Wins over `Accept`.")] = None,
) -> Response:
    """The transcript as JSON, plain text, SubRip or WebVTT; partial while the recording is still being heard."""
    if form is None:
        form = _BY_MEDIA_TYPE[choose(request.headers.get("accept"), list(_BY_MEDIA_TYPE))]
    transcript = await read_transcript(runtime, account_id, recording_id)
    media_type = f"{MEDIA_TYPES[form]}; charset=utf-8" if form is not TranscriptFormat.JSON else MEDIA_TYPES[form]
    return Response(render(transcript, form), media_type=media_type, headers={"Vary": "Accept"})
