"""How the voice of a chunk stands in its row: `[start, end]` where the channels are mixed, else `[start, end, channel]`.

A program that does not know of channels cannot take such a chunk for a mixed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diarist.domain.audio import PlannedChunk, Span
from diarist.transcription.intervals import union

Spans = tuple[Span, ...]


def speech_row(planned: PlannedChunk) -> list[list[float]]:
    """Seconds of the chunk, ascending in each channel."""
    if not planned.channels:
        return [[span.start, span.end] for span in planned.speech]
    return [[span.start, span.end, channel] for channel, spans in enumerate(planned.channels) for span in spans]


def spans_of(row: Sequence[Sequence[Any]]) -> tuple[Spans, tuple[Spans, ...]]:
    """Where voice was heard, and the same by channel; no channels where they are mixed."""
    if all(len(one) == 2 for one in row):  # noqa: PLR2004 - start and end
        return tuple(Span(start, end) for start, end in row), ()
    channels = tuple(tuple(Span(start, end) for start, end, own in row if own == channel) for channel in range(2))
    return tuple(Span(start, end) for start, end in union((start, end) for start, end, _ in row)), channels
