"""Writes a transcript in the format that was asked for."""

from __future__ import annotations

from diarist.domain.transcript import Transcript
from diarist.transcription.formats.form import TranscriptFormat
from diarist.transcription.formats.json_document import json_file
from diarist.transcription.formats.subtitles import srt, vtt


def render(transcript: Transcript, form: TranscriptFormat) -> str:
    """The transcript in a format; without speech: empty text and SRT, a bare header for VTT."""
    match form:
        case TranscriptFormat.TXT:
            return "".join(f"{segment.text}\n" for segment in transcript.segments)
        case TranscriptFormat.SRT:
            return srt(transcript)
        case TranscriptFormat.VTT:
            return vtt(transcript)
        case TranscriptFormat.JSON:
            return json_file(transcript)
