"""What is missing from a transcript, in a sentence each: other APIs have no place for gaps."""

from __future__ import annotations

from diarist.domain.clock import clock
from diarist.domain.transcript import Transcript


def gap_warnings(transcript: Transcript) -> list[str] | None:
    """None when nothing is missing."""
    missing = [
        f"Not transcribed from {clock(gap.span.start)} to {clock(gap.span.end)}: {gap.message} ({gap.code})"
        for gap in transcript.gaps
    ]
    return missing or None
