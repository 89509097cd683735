"""POST /v1/audio/transcriptions and /v1/audio/translations."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.responses import StreamingResponse

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.compat.asking import Asked, ask, forget, hear
from diarist.compat.openai.answers import answer
from diarist.compat.openai.form import FIELDS, Wanted, formats, read_form
from diarist.compat.openai.schemas import Diarized, Transcription, Verbose
from diarist.compat.openai.shape import ERRORS
from diarist.compat.openai.streaming import events
from diarist.compat.sent_forms import takes_form
from diarist.domain.manner import SpeechTask
from diarist.http.presence import while_connected
from diarist.http.upload import incoming_form
from diarist.runtime import Runtime

router = APIRouter(prefix="/v1/audio", tags=["OpenAI's API"])

_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_REF = "#/components/schemas/{model}"


def _takes(task: SpeechTask, properties: dict[str, Any]) -> dict[str, Any]:
    described = "The recording, in any format that can be decoded."
    form = {"response_format": {"type": "string", "enum": formats(task), "default": "json"}}
    return takes_form("file", described, {**_COMMON, **form, **properties}, required=["model"])


_COMMON: dict[str, Any] = {
    "model": {"type": "string", "description": "One of GET /v1/models.", "examples": ["whisper-1"]},
    "prompt": {"type": "string", "description": "Names and phrases that are likely to be said; its style is not followed."},
    "temperature": {"type": "number", "minimum": 0, "maximum": 1, "default": 0},
    "store": {
        "type": "boolean",
        "description": "Our own: whether the recording is kept; left out, DIARIST_COMPAT__STORE says it.",
    },
}
_TRANSCRIPTION: dict[str, Any] = {
    "language": {"type": "string", "description": "ISO 639-1; left out, it is detected.", "examples": ["en"]},
    "timestamp_granularities[]": {"type": "array", "items": {"type": "string", "enum": ["word", "segment"]}},
    "include[]": {"type": "array", "items": {"type": "string", "enum": ["logprobs"]}},
    "stream": {"type": "boolean", "default": False},
    "chunking_strategy": {"type": "string", "enum": ["auto"]},
}


def _gives(*, streams: bool) -> dict[int | str, dict[str, Any]]:
    either: dict[str, Any] = {
        "anyOf": [{"$ref": _REF.format(model=model.__name__)} for model in (Transcription, Verbose, Diarized)]
    }
    content = {"application/json": {"schema": either}, "text/plain": _TEXT}
    if streams:
        content["text/event-stream"] = _TEXT
    return {200: {"model": Transcription | Verbose | Diarized, "description": "What was said.", "content": content}, **ERRORS}


@router.post(
    "/transcriptions",
    response_class=Response,
    responses=_gives(streams=True),
    openapi_extra=_takes(SpeechTask.TRANSCRIBE, _TRANSCRIPTION),
)
async def create_transcription(request: Request, runtime: CurrentRuntime, account_id: CurrentAccount) -> Response:
    """Give a recording, get its text: OpenAI's transcription. Fields may stand before or after the file.

    It is one of the account's recordings from then on, and heard before whatever can wait. The same bytes, asked for in the same
    way, are answered at once. `diarized_json` tells speakers apart that have a channel each, and is refused of other recordings.
    """
    return await _answered(request, runtime, account_id, SpeechTask.TRANSCRIBE)


@router.post(
    "/translations", response_class=Response, responses=_gives(streams=False), openapi_extra=_takes(SpeechTask.TRANSLATE, {})
)
async def create_translation(request: Request, runtime: CurrentRuntime, account_id: CurrentAccount) -> Response:
    """Give a recording in any language, get English text: OpenAI's translation. The recording's own transcript is left alone."""
    return await _answered(request, runtime, account_id, SpeechTask.TRANSLATE)


async def _answered(request: Request, runtime: Runtime, account_id: UUID, task: SpeechTask) -> Response:
    upload = await incoming_form(request, runtime.settings.http.max_upload_bytes, FIELDS, any_order=True)

    @cache
    def wanted() -> Wanted:
        return read_form(upload.texts, task, runtime.settings)

    asked = await ask(runtime, account_id, upload.filename, upload.pieces, lambda: wanted().manner, store=lambda: wanted().store)
    response = await _respond(request, runtime, asked, wanted())
    base = runtime.settings.http.public_url.rstrip("/")
    response.headers["Diarist-Recording"] = f"{base}/v1/recordings/{asked.recording_id}"
    response.headers["Diarist-Job"] = f"{base}/v1/jobs/{asked.job_id}"
    response.background = BackgroundTask(forget, runtime, asked)
    return response


async def _respond(request: Request, runtime: Runtime, asked: Asked, wanted: Wanted) -> Response:
    if wanted.stream:
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        return StreamingResponse(events(runtime, asked, wanted), media_type="text/event-stream", headers=headers)
    transcript = await while_connected(request, hear(runtime, asked))
    # In a thread: subtitles of a long recording take a second.
    return await to_thread.run_sync(answer, transcript, wanted)
