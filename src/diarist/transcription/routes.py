"""Transcripts over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.errors import ExportFailed, NotFound, NotSupported
from diarist.http.content_disposition import content_disposition
from diarist.http.errors import NotAcceptable
from diarist.http.negotiation import choose
from diarist.http.openapi import problems
from diarist.http.resources import TaggedRoute
from diarist.transcription.exports import export_transcript
from diarist.transcription.formats.form import (
    LONGEST_LINE,
    MEDIA_TYPES,
    MOST_LINES,
    SHORTEST_LINE,
    USUAL,
    Layout,
    TranscriptFormat,
)
from diarist.transcription.schemas import Transcript, file_contents

router = APIRouter(prefix="/v1/recordings", tags=["transcripts"], route_class=TaggedRoute)

_BY_MEDIA_TYPE = {media_type: form for form, media_type in MEDIA_TYPES.items()}


@router.get(
    "/{recording_id}/transcript",
    response_class=Response,
    responses={
        200: {
            "model": Transcript,
            "description": "What has been heard so far, or all of it.",
            "content": file_contents(MEDIA_TYPES),
        },
        **problems(NotFound, NotAcceptable, NotSupported, ExportFailed),
    },
)
async def get_transcript(
    recording_id: UUID,
    request: Request,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    form: Annotated[TranscriptFormat | None, Query(alias="format", description="Wins over `Accept`.")] = None,
    max_line_length: Annotated[
        int, Query(ge=SHORTEST_LINE, le=LONGEST_LINE, description="Columns of a subtitle; a full-width character takes two.")
    ] = USUAL.max_line_length,
    max_lines: Annotated[int, Query(ge=1, le=MOST_LINES, description="Lines of a subtitle.")] = USUAL.max_lines,
) -> Response:
    """The transcript as a file; partial while the recording is still being heard.

    JSON, plain text, SubRip, WebVTT, Markdown, a Word document or PDF; the last two where the extra `export` is installed.
    """
    if form is None:
        form = _BY_MEDIA_TYPE[choose(request.headers.get("accept"), list(_BY_MEDIA_TYPE))]
    layout = Layout(max_line_length=max_line_length, max_lines=max_lines)
    export = await export_transcript(runtime, account_id, recording_id, form, layout)
    disposition = content_disposition(export.filename, "attachment" if form.binary else "inline")
    headers = {"Content-Type": export.media_type, "Content-Disposition": disposition, "Vary": "Accept"}
    return Response(export.content, headers=headers)
