"""A transcript as plain text: a line for each segment, with its speaker where known, and what a reader must know in brackets."""

from __future__ import annotations

from diarist.domain.channels import label
from diarist.domain.clock import clock
from diarist.domain.transcript import Transcript
from diarist.transcription.formats.wording import plain


def text(transcript: Transcript) -> str:
    """Plain text; empty without speech."""
    lines = [
        (
            segment.start,
            label(segment.channel)
            + f"[doubtful: {', '.join(segment.suspicions)}] " * bool(segment.suspicions)
            + plain(segment.text),
        )
        for segment in transcript.segments
    ]
    lines += [
        (gap.span.start, f"[not transcribed, {clock(gap.span.start)} to {clock(gap.span.end)}: {plain(gap.message)}]")
        for gap in transcript.gaps
    ]
    lines.sort(key=lambda line: line[0])
    more = "[this is what there is so far; more is to come]\n" if transcript.partial else ""
    return "".join(f"{line}\n" for _, line in lines) + more
