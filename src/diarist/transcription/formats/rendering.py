"""Writes a transcript or a document in the format that was asked for."""

from __future__ import annotations

from diarist.domain.transcript import Transcript
from diarist.transcription.formats.document import Document, Origin
from diarist.transcription.formats.form import Layout, TranscriptFormat
from diarist.transcription.formats.json_document import json_file
from diarist.transcription.formats.markdown import markdown
from diarist.transcription.formats.reading import transcript_document
from diarist.transcription.formats.subtitles import srt, vtt
from diarist.transcription.formats.text import text


def render(transcript: Transcript, form: TranscriptFormat, origin: Origin, layout: Layout) -> bytes:
    """The transcript in a format, text in UTF-8; `layout` is for subtitles.

    Without speech plain text and SubRip are empty, WebVTT is a bare header, and documents say so. Raises what `draw` does.
    """
    match form:
        case TranscriptFormat.TXT:
            return text(transcript).encode()
        case TranscriptFormat.SRT:
            return srt(transcript, layout).encode()
        case TranscriptFormat.VTT:
            return vtt(transcript, layout).encode()
        case TranscriptFormat.JSON:
            return json_file(transcript).encode()
        case _:
            return draw(transcript_document(transcript, origin), form)


def draw(document: Document, form: TranscriptFormat) -> bytes:
    """The document as Markdown, Word document or PDF.

    Raises `NotSupported` for the last two without the extra `export`, and `ExportFailed`.
    """
    match form:
        case TranscriptFormat.DOCX:
            from diarist.transcription.formats.word_document import word_document

            return word_document(document)
        case TranscriptFormat.PDF:
            from diarist.transcription.formats.pdf import pdf

            return pdf(document)
        case _:
            return markdown(document).encode()
