"""A transcript as subtitles: SubRip and WebVTT (W3C)."""

from __future__ import annotations

from diarist.domain.transcript import Transcript


def srt(transcript: Transcript) -> str:
    """SubRip; empty without speech."""
    return "\n".join(
        f"{number}\n{_clock(segment.start, ',')} --> {_clock(segment.end, ',')}\n{segment.text}\n"
        for number, segment in enumerate(transcript.segments, start=1)
    )


def vtt(transcript: Transcript) -> str:
    """WebVTT; a bare header without speech."""
    cues = "".join(
        f"\n{_clock(segment.start, '.')} --> {_clock(segment.end, '.')}\n{_vtt_text(segment.text)}\n"
        for segment in transcript.segments
    )
    return f"WEBVTT\n{cues}"


def _clock(seconds: float, separator: str) -> str:
    """`HH:MM:SS,mmm` (SubRip) or `HH:MM:SS.mmm` (WebVTT)."""
    total = round(seconds * 1000)
    return f"{total // 3_600_000:02d}:{total // 60_000 % 60:02d}:{total // 1000 % 60:02d}{separator}{total % 1000:03d}"


def _vtt_text(text: str) -> str:
    """`&`, `<` and `>` have meanings in a WebVTT cue."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
