"""Writes a transcript in the format that was asked for."""

from __future__ import annotations

from diarist.domain.transcript import Transcript
from diarist.transcription.formats.form import Layout, TranscriptFormat
from diarist.transcription.formats.reading import Origin


def render(transcript: Transcript, form: TranscriptFormat, origin: Origin, layout: Layout) -> bytes:
    """The transcript in a format, text in UTF-8; `layout` is for subtitles.

    Without speech plain text and SubRip are empty, WebVTT is a bare header, and documents say so. Raises `NotSupported` for
    documents without the extra `export`, `ExportFailed`.
    """
    match form:
        case TranscriptFormat.DOCX:
            from diarist.transcription.formats.word_document import word_document

            return word_document(transcript, origin)
        case TranscriptFormat.PDF:
            from diarist.transcription.formats.pdf import pdf

            return pdf(transcript, origin)
        case _:
            return _text(transcript, form, origin, layout).encode()


def _text(transcript: Transcript, form: TranscriptFormat, origin: Origin, layout: Layout) -> str:
    from diarist.transcription.formats import json_document, markdown, subtitles, text

    match form:
        case TranscriptFormat.SRT:
            return subtitles.srt(transcript, layout)
        case TranscriptFormat.VTT:
            return subtitles.vtt(transcript, layout)
        case TranscriptFormat.JSON:
            return json_document.json_file(transcript)
        case TranscriptFormat.MD:
            return markdown.markdown(transcript, origin)
        case _:
            return text.text(transcript)
