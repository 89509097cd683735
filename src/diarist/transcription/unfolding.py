"""A chunk whose channels are heard one after the other: where its voices lie in that sound, and the way back; pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from diarist.domain.audio import Span
from diarist.domain.channels import REST, layout
from diarist.domain.transcript import ChunkTranscript, Segment, Withdrawn, Word
from diarist.transcription.clipping import clipped

Timed = TypeVar("Timed", Segment, Word, Withdrawn)


class Unfolding:
    """The times of a chunk's sound; they are those of the chunk itself where its channels are not apart."""

    def __init__(self, speech: Sequence[Span], channels: Sequence[Sequence[Span]], duration: float) -> None:
        """`speech`: where voice was heard; `channels`: the same by channel, empty where they are mixed; seconds of the chunk."""
        self._places = layout(channels, duration)
        self._seconds = duration
        self.duration = duration + (self._places[-1][1] if self._places else 0.0)
        """Seconds of the sound."""
        self.speech: tuple[Span, ...] = tuple(
            Span(start + span.start, start + span.end) for channel, start in self._places for span in channels[channel]
        )
        """Where voice was heard in the sound, ascending."""
        if not self._places:
            self.speech = tuple(speech)
        borders = [-math.inf, *(start - REST / 2 for _, start in self._places[1:]), math.inf]
        # Of every moment it can be told whose it is, and none is in two of them.
        self._stretches = {
            channel: Span(begin, math.nextafter(end, -math.inf))
            for (channel, _), (begin, end) in zip(self._places, pairwise(borders), strict=False)
        }

    def fold(self, heard: ChunkTranscript) -> ChunkTranscript:
        """What was heard in the sound, in the chunk's own times and ordered by them, each segment with its channel.

        A segment that was heard across two channels becomes two; no word is left out.
        """
        if not self._places:
            return heard
        segments = [
            self._said(part, start, channel)
            for channel, start in self._places
            for one in heard.segments
            if (part := clipped(one, self._stretches[channel]))
        ]
        withdrawn = [
            replace(self._moved(one, start), channel=channel)
            for channel, start in self._places
            for one in heard.withdrawn
            if self._stretches[channel].start <= (one.start + one.end) / 2 <= self._stretches[channel].end
        ]
        return replace(
            heard,
            segments=tuple(sorted(segments, key=lambda one: one.start)),
            withdrawn=tuple(sorted(withdrawn, key=lambda one: one.start)),
        )

    def _said(self, segment: Segment, start: float, channel: int) -> Segment:
        words = tuple(self._moved(word, start) for word in segment.words)
        return replace(self._moved(segment, start), words=words, channel=channel)

    def _moved(self, timed: Timed, start: float) -> Timed:
        return replace(timed, start=self._time(timed.start, start), end=self._time(timed.end, start))

    def _time(self, time: float, start: float) -> float:
        return max(0.0, min(time - start, self._seconds))
