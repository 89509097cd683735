"""The media type of a recording, from the format that FFmpeg names; pure."""

from __future__ import annotations

_TYPES = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "mov,mp4,m4a,3gp,3g2,mj2": "audio/mp4",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "matroska,webm": "audio/webm",
    "aiff": "audio/aiff",
    "amr": "audio/AMR",
    "caf": "audio/x-caf",
    "asf": "audio/x-ms-wma",
}


def media_type(container: str | None) -> str:
    """The type to serve it as; bytes without meaning when the format is another."""
    return _TYPES.get(container or "", "application/octet-stream")
