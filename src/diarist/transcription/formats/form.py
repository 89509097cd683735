"""The formats that a transcript can be written in, and how its lines are laid out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TranscriptFormat(StrEnum):
    """What a transcript can be written as; the value is the file's ending."""

    TXT = "txt"
    SRT = "srt"
    VTT = "vtt"
    JSON = "json"
    MD = "md"
    DOCX = "docx"
    PDF = "pdf"

    @property
    def binary(self) -> bool:
        """Whether it is no text: made by a child process, and of no use on a terminal."""
        return self in {TranscriptFormat.DOCX, TranscriptFormat.PDF}


MEDIA_TYPES = {
    TranscriptFormat.JSON: "application/json",
    TranscriptFormat.TXT: "text/plain",
    # SubRip has no registered type; this is the one that players and servers use.
    TranscriptFormat.SRT: "application/x-subrip",
    TranscriptFormat.VTT: "text/vtt",
    TranscriptFormat.MD: "text/markdown",
    TranscriptFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    TranscriptFormat.PDF: "application/pdf",
}


def content_type(form: TranscriptFormat) -> str:
    """The media type of a file, with the charset of what is text."""
    return MEDIA_TYPES[form] if form.binary or form is TranscriptFormat.JSON else f"{MEDIA_TYPES[form]}; charset=utf-8"


SHORTEST_LINE, LONGEST_LINE = 16, 120
"""Columns."""
MOST_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How much of a subtitle stands on the screen at once."""

    max_line_length: int = 42
    """Columns; a full-width character takes two. `SHORTEST_LINE` to `LONGEST_LINE`."""
    max_lines: int = 2
    """1 to `MOST_LINES`."""


USUAL = Layout()
