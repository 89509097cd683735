"""A transcript as a file: plain text, SubRip, WebVTT, JSON. Times are those of the segments; text is never cut."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import msgspec

from diarist.domain.transcript import Transcript


class TranscriptFormat(StrEnum):
    """What a transcript can be written as."""

    TXT = "txt"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"


MEDIA_TYPES = {
    TranscriptFormat.JSON: "application/json",
    TranscriptFormat.TXT: "text/plain",
    # SubRip has no registered type; this is the one that players and servers use.
    TranscriptFormat.SRT: "application/x-subrip",
    TranscriptFormat.VTT: "text/vtt",
}


def render(transcript: Transcript, form: TranscriptFormat) -> str:
    """The transcript in a format; without speech: empty text and SRT, a bare header for VTT."""
    match form:
        case TranscriptFormat.TXT:
            return "".join(f"{segment.text}\n" for segment in transcript.segments)
        case TranscriptFormat.SRT:
            return "\n".join(
                f"{number}\n{_clock(segment.start, ',')} --> {_clock(segment.end, ',')}\n{segment.text}\n"
                for number, segment in enumerate(transcript.segments, start=1)
            )
        case TranscriptFormat.VTT:
            cues = "".join(
                f"\n{_clock(segment.start, '.')} --> {_clock(segment.end, '.')}\n{_vtt_text(segment.text)}\n"
                for segment in transcript.segments
            )
            return f"WEBVTT\n{cues}"
        case TranscriptFormat.JSON:
            return json.dumps(transcript_to_json(transcript), ensure_ascii=False, indent=2) + "\n"


def transcript_to_json(transcript: Transcript) -> dict[str, Any]:
    """The transcript as JSON values; a segment's `id` is its place, the one that citations name."""
    return {
        "duration": transcript.duration,
        "language": transcript.language,
        "language_probability": transcript.language_probability,
        "engine": transcript.engine,
        "model": transcript.model,
        "partial": transcript.partial,
        "text": transcript.text,
        "segments": [{"id": place, **msgspec.to_builtins(segment)} for place, segment in enumerate(transcript.segments)],
        "gaps": [
            {"start": gap.span.start, "end": gap.span.end, "code": gap.code, "message": gap.message} for gap in transcript.gaps
        ],
    }


def _clock(seconds: float, separator: str) -> str:
    """`HH:MM:SS,mmm` (SubRip) or `HH:MM:SS.mmm` (WebVTT, W3C)."""
    total = round(seconds * 1000)
    return f"{total // 3_600_000:02d}:{total // 60_000 % 60:02d}:{total // 1000 % 60:02d}{separator}{total % 1000:03d}"


def _vtt_text(text: str) -> str:
    """`&`, `<` and `>` have meanings in a WebVTT cue."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
