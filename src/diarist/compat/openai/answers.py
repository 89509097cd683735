"""A transcript in the format that was asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator

from starlette.responses import JSONResponse, PlainTextResponse, Response

from diarist.compat.gaps import gap_warnings
from diarist.compat.openai.form import ResponseFormat, Wanted
from diarist.compat.openai.schemas import (
    Diarized,
    DiarizedSegment,
    Language,
    Logprob,
    Segment,
    Transcription,
    Usage,
    Verbose,
    Word,
)
from diarist.compat.whisper_segment import logarithm, whisper_segment
from diarist.domain import transcript as domain
from diarist.domain.languages import LANGUAGE_NAMES
from diarist.domain.manner import SpeechTask
from diarist.domain.transcript import Transcript
from diarist.http.errors import UnsupportedValue
from diarist.transcription.formats.form import USUAL
from diarist.transcription.formats.subtitles import srt, vtt


def answer(transcript: Transcript, wanted: Wanted) -> Response:
    """The whole answer; raises `UnsupportedValue` for words that have no times, and for speakers who cannot be told apart."""
    match wanted.form:
        case ResponseFormat.TEXT:
            return PlainTextResponse(f"{transcript.text}\n")
        case ResponseFormat.SRT:
            return PlainTextResponse(srt(transcript, USUAL))
        case ResponseFormat.VTT:
            return PlainTextResponse(vtt(transcript, USUAL))
        case ResponseFormat.VERBOSE_JSON:
            return JSONResponse(_verbose(transcript, wanted).model_dump(exclude_none=True))
        case ResponseFormat.DIARIZED_JSON:
            return JSONResponse(_diarized(transcript).model_dump(exclude_none=True))
        case ResponseFormat.JSON:
            return JSONResponse(whole(transcript, wanted).model_dump(exclude_none=True))


def whole(transcript: Transcript, wanted: Wanted) -> Transcription:
    """The text and what is told with it; raises as `answer` does."""
    transcribed = wanted.manner.task is SpeechTask.TRANSCRIBE
    return Transcription(
        text=transcript.text,
        logprobs=_logprobs(transcript) if wanted.logprobs else None,
        languages=[Language(code=code) for code in transcript.languages] if transcribed else None,
        usage=_usage(transcript) if transcribed else None,
        warnings=gap_warnings(transcript),
    )


def _verbose(transcript: Transcript, wanted: Wanted) -> Verbose:
    task = wanted.manner.task
    translated = task is SpeechTask.TRANSLATE
    language = "en" if translated else transcript.language
    return Verbose(
        task=task.value,
        language=LANGUAGE_NAMES.get(language or "", language or "unknown"),
        duration=transcript.duration,
        text=transcript.text,
        segments=_segments(transcript) if wanted.segments else None,
        words=[Word(word=word.text, start=word.start, end=word.end) for word in _words(transcript)] if wanted.words else None,
        usage=None if translated else _usage(transcript),
        warnings=gap_warnings(transcript),
    )


def _diarized(transcript: Transcript) -> Diarized:
    if transcript.segments and not transcript.channels:
        raise UnsupportedValue(
            "response_format",
            "no channel of this recording holds a voice of its own, by which speakers could be told apart",
            advice="Ask for verbose_json; what was said is known by now.",
        )
    segments = [
        DiarizedSegment(
            id=f"seg_{place}", start=segment.start, end=segment.end, speaker="AB"[segment.channel or 0], text=segment.text
        )
        for place, segment in enumerate(transcript.segments)
    ]
    return Diarized(
        duration=transcript.duration, text=transcript.text, segments=segments, usage=_usage(transcript),
        warnings=gap_warnings(transcript),
    )  # fmt: skip


def _segments(transcript: Transcript) -> list[Segment]:
    return [Segment(**whisper_segment(place, segment)) for place, segment in enumerate(transcript.segments)]


def _words(transcript: Transcript) -> Iterator[domain.Word]:
    if transcript.segments and not any(segment.words for segment in transcript.segments):
        raise UnsupportedValue("timestamp_granularities[]", f"the model {transcript.model} tells no times of words")
    for segment in transcript.segments:
        yield from segment.words


def _logprobs(transcript: Transcript) -> list[Logprob]:
    if not all(segment.words for segment in transcript.segments):
        raise UnsupportedValue("include[]", f"the model {transcript.model} does not tell how sure it is of each word")
    spaced = [f" {word.text}" for word in _words(transcript)]
    if spaced:
        spaced[0] = spaced[0].lstrip()
    return [
        Logprob(token=token, bytes=list(token.encode()), logprob=logarithm(word.probability))
        for token, word in zip(spaced, _words(transcript), strict=True)
    ]


def _usage(transcript: Transcript) -> Usage:
    return Usage(seconds=math.ceil(transcript.duration))
