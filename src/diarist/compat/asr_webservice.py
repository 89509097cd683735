"""The API of whisper-asr-webservice (ahmetoner/whisper-asr-webservice, app/webservice.py), as its clients call it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import aclosing
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.background import BackgroundTask

from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.audio.raw_pcm import with_header
from diarist.compat.asking import Asked, ask, first_heard, forget, hear, heard, progress
from diarist.compat.phrases import phrases
from diarist.compat.problems import message_of
from diarist.compat.sent_forms import takes_form
from diarist.compat.whisper_segment import whisper_segment
from diarist.domain.audio import SAMPLE_RATE
from diarist.domain.hints import hints
from diarist.domain.languages import LANGUAGE_NAMES
from diarist.domain.manner import USUAL, Manner, SpeechTask
from diarist.domain.transcript import Segment, Transcript
from diarist.errors import NoSamples
from diarist.http.content_disposition import content_disposition
from diarist.http.errors import UnsupportedValue
from diarist.http.presence import while_connected
from diarist.http.shapes import Shape, refusals
from diarist.http.upload import incoming_form
from diarist.runtime import Runtime
from diarist.transcription.formats.form import USUAL as USUAL_LAYOUT
from diarist.transcription.formats.subtitles import srt, vtt

router = APIRouter(tags=["whisper-asr-webservice"])

FIELD = "audio_file"


class Output(StrEnum):
    """What the answer looks like."""

    TXT = "txt"
    VTT = "vtt"
    SRT = "srt"
    TSV = "tsv"
    JSON = "json"


class Detected(BaseModel):
    """The language of the first minutes that hold speech."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    detected_language: str
    """In English words."""
    language_code: str
    """ISO 639-1."""
    confidence: float
    """0 to 1."""


class Refusal(BaseModel):
    """An error, as FastAPI tells it."""

    detail: str


def _translate(problem: Mapping[str, Any]) -> tuple[int, Any]:
    return int(problem["status"]), Refusal(detail=message_of(problem)).model_dump()


SHAPE = Shape(re.compile(r"/asr|/detect-language"), _translate)

_TAKES = takes_form(FIELD, "The recording.")
_ERRORS = refusals(Refusal)
_Encode = Annotated[
    bool,
    Query(description="Whether it is an audio file; if not, it is bare samples: 16 kHz, mono, 16 bits, little-endian."),
]


@router.post(
    "/asr",
    response_class=Response,
    responses={200: {"description": "The text.", "content": {"text/plain": {"schema": {"type": "string"}}}}, **_ERRORS},
    openapi_extra=_TAKES,
)
async def asr(
    request: Request,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    encode: _Encode = True,  # noqa: FBT002 - a query
    task: SpeechTask = SpeechTask.TRANSCRIBE,
    language: Annotated[str | None, Query(max_length=8, description="ISO 639-1; left out, it is detected.")] = None,
    initial_prompt: Annotated[str | None, Query(max_length=10_000, description="Names and phrases that are likely.")] = None,
    vad_filter: Annotated[bool, Query(description="Only voice is heard in any case.")] = True,  # noqa: FBT002, ARG001 - a query
    word_timestamps: Annotated[bool, Query(description="Words with their times, in JSON.")] = False,  # noqa: FBT002 - a query
    diarize: Annotated[bool, Query(description="Speakers are not told apart here: true is refused.")] = False,  # noqa: FBT002
    output: Output = Output.TXT,
) -> Response:
    """Give a recording, get its text. It is one of the account's recordings from then on."""
    if diarize:
        raise UnsupportedValue("diarize", "speakers are not told apart here", advice="Ask without it.")
    given = hints(language, (), phrases(initial_prompt or ""))
    asked, filename = await _asked(request, runtime, account_id, Manner(task=task, hints=given), encode=encode)
    transcript = await while_connected(request, hear(runtime, asked))
    text = await to_thread.run_sync(_written, transcript, output, task, word_timestamps)
    headers = {
        "Asr-Engine": transcript.engine,
        "Content-Disposition": content_disposition(f"{filename}.{output.value}", "attachment"),
        "Content-Type": "text/plain; charset=utf-8",
    }
    return Response(text, headers=headers, background=BackgroundTask(forget, runtime, asked))


@router.post("/detect-language", responses=_ERRORS, openapi_extra=_TAKES)
async def detect_language(
    request: Request,
    response: Response,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    encode: _Encode = True,  # noqa: FBT002
) -> Detected:
    """Give a recording, get its language, as soon as some minutes of it have been heard; the rest is heard afterwards."""
    asked, _ = await _asked(request, runtime, account_id, USUAL, encode=encode)
    found = await while_connected(request, _language(runtime, asked))
    response.background = BackgroundTask(forget, runtime, asked)
    return found


async def _asked(request: Request, runtime: Runtime, account_id: UUID, manner: Manner, *, encode: bool) -> tuple[Asked, str]:
    upload = await incoming_form(request, runtime.settings.http.max_upload_bytes, name=FIELD)
    pieces = upload.pieces if encode else with_header(upload.pieces, rate=SAMPLE_RATE)
    store = runtime.settings.compat.store
    return await ask(runtime, account_id, upload.filename, pieces, lambda: manner, store=lambda: store), upload.filename


async def _language(runtime: Runtime, asked: Asked) -> Detected:
    async with aclosing(progress(runtime, asked)) as seen:
        async for _ in seen:
            if found := await first_heard(runtime, asked):
                language, probability = found
                break
        else:
            transcript = await heard(runtime, asked)
            language, probability = transcript.language, transcript.language_probability
    if language is None:
        raise NoSamples("nobody speaks in it, as far as can be heard, so that its language cannot be told")
    name = LANGUAGE_NAMES.get(language, language)
    return Detected(detected_language=name, language_code=language, confidence=round(probability or 0.0, 4))


def _written(transcript: Transcript, output: Output, task: SpeechTask, words: bool) -> str:  # noqa: FBT001 - handed to a thread
    match output:
        case Output.TXT:
            return "".join(f"{segment.text}\n" for segment in transcript.segments)
        case Output.VTT:
            return vtt(transcript, USUAL_LAYOUT)
        case Output.SRT:
            return srt(transcript, USUAL_LAYOUT)
        case Output.TSV:
            return "start\tend\ttext\n" + "".join(map(_row, transcript.segments))
        case Output.JSON:
            language = "en" if task is SpeechTask.TRANSLATE else transcript.language
            segments = [_segment(place, one, words=words) for place, one in enumerate(transcript.segments)]
            return json.dumps({"language": language, "segments": segments, "text": transcript.text}, ensure_ascii=False)


def _segment(place: int, segment: Segment, *, words: bool) -> dict[str, Any]:
    told = whisper_segment(place, segment)
    if words:
        told["words"] = [
            {"word": f" {word.text}", "start": word.start, "end": word.end, "probability": word.probability}
            for word in segment.words
        ]
    return told


def _row(segment: Segment) -> str:
    """Milliseconds, and text without tabs."""
    return f"{round(segment.start * 1000)}\t{round(segment.end * 1000)}\t{' '.join(segment.text.split())}\n"
