"""The formats that a transcript can be written in, and their media types."""

from __future__ import annotations

from enum import StrEnum


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
