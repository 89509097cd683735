"""Cuts a transcript into windows that a model can read at once, on the borders of segments; nothing falls between two."""

from __future__ import annotations

from dataclasses import dataclass

from diarist.domain.transcript import Transcript
from diarist.llm.tokens import likely


@dataclass(frozen=True, slots=True)
class Window:
    """Segments that follow one another."""

    first: int
    """Id of the first segment."""
    last: int
    """Id of the last, included."""

    def half(self) -> tuple[Window, Window]:
        """The two halves of a window with more than one segment."""
        middle = (self.first + self.last) // 2
        return Window(self.first, middle), Window(middle + 1, self.last)


def windows(transcript: Transcript, tokens: int) -> list[Window]:
    """Windows that take at most so many tokens each, as far as one segment does not take more."""
    found: list[Window] = []
    first, taken = 0, 0
    for segment_id in range(len(transcript.segments)):
        size = likely(line(transcript, segment_id))
        if segment_id > first and taken + size > tokens:
            found.append(Window(first, segment_id - 1))
            first, taken = segment_id, 0
        taken += size
    if transcript.segments:
        found.append(Window(first, len(transcript.segments) - 1))
    return [window for window in found if written(transcript, window)]


def written(transcript: Transcript, window: Window) -> str:
    """A window as a model reads it; what is doubted stays out."""
    return "".join(line(transcript, segment_id) for segment_id in range(window.first, window.last + 1)).rstrip("\n")


def line(transcript: Transcript, segment_id: int) -> str:
    """A segment with its id; nothing for one that is doubted."""
    segment = transcript.segments[segment_id]
    text = " ".join(segment.text.split())
    return "" if segment.suspicions or not text else f"[{segment_id}] {text}\n"
