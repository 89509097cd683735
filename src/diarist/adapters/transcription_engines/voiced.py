"""The voiced parts of a chunk joined into one stretch of sound, and the way back to the chunk's own times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from typing import TYPE_CHECKING, Self

import numpy as np

from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.transcript import Segment, Word

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Voiced:
    """Joined sound and where its parts come from."""

    samples: NDArray[np.float32]
    """Shape (n,), 16 kHz mono."""
    spans: tuple[Span, ...]
    """The parts in seconds of the chunk."""
    starts: tuple[float, ...]
    """Where each part begins in the joined sound, in seconds."""

    @classmethod
    def of(cls, samples: NDArray[np.float32], speech: Sequence[Span]) -> Self:
        """Join the parts of `samples` that lie in `speech` (seconds, ascending, not overlapping)."""
        rounded = [
            (span, max(0, round(span.start * SAMPLE_RATE)), min(round(span.end * SAMPLE_RATE), len(samples))) for span in speech
        ]
        cuts = [cut for cut in rounded if cut[1] < cut[2]]
        # A sample may reach over the border of the speech by half its length; what is heard must not.
        spans = tuple(Span(max(span.start, start / SAMPLE_RATE), min(span.end, end / SAMPLE_RATE)) for span, start, end in cuts)
        starts = tuple(length / SAMPLE_RATE for length in accumulate((end - start for _, start, end in cuts), initial=0))[:-1]
        parts = [samples[start:end] for _, start, end in cuts]
        return cls(parts[0] if len(parts) == 1 else np.concatenate(parts or [samples[:0]]), spans, starts)

    def divided(self, stretch: Span) -> list[Span]:
        """A stretch of the joined sound, cut where two parts were joined; all in seconds of that sound."""
        joins = [start for start in self.starts if stretch.start < start < stretch.end]
        return [Span(*edges) for edges in pairwise((stretch.start, *joins, stretch.end))]

    def placed(self, heard: Iterable[Segment]) -> Iterator[Segment]:
        """Move segments of the joined sound, which come in order, to the chunk's time.

        What comes out ascends and does not overlap, and each segment lies with its words in one part: one that was heard across
        a pause becomes several. A word's `text` may begin with the space that parts it from the word before.
        """
        clock = 0.0
        part = 0
        for segment in heard:
            places: list[tuple[int, Word]] = []
            for word in segment.words or (Word(start=segment.start, end=segment.end, text=segment.text, probability=1.0),):
                part = max(part, self._part((word.start + word.end) / 2))
                start = self._time(word.start, part, clock)
                clock = self._time(word.end, part, start)
                places.append((part, replace(word, start=start, end=clock)))
            for _, group in groupby(places, key=lambda place: place[0]):
                words = [word for _, word in group]
                text = segment.text if len(words) == len(places) else "".join(word.text for word in words)
                if text := text.strip():
                    said = tuple(replace(word, text=word.text.strip()) for word in words if word.text.strip())
                    yield replace(
                        segment, start=words[0].start, end=words[-1].end, text=text, words=said if segment.words else ()
                    )

    def _part(self, time: float) -> int:
        return max(0, bisect_right(self.starts, time) - 1)

    def _time(self, time: float, part: int, earliest: float) -> float:
        span = self.spans[part]
        return max(span.start, earliest, min(round(time - self.starts[part] + span.start, 3), span.end))
