"""The voiced parts of a chunk joined into one stretch of sound, and the way back to the chunk's own times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Self

import numpy as np

from diarist.domain.audio import SAMPLE_RATE, Span

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
        """Join the parts of `samples` that lie in `speech` (seconds, ascending)."""
        cuts = [(round(span.start * SAMPLE_RATE), min(round(span.end * SAMPLE_RATE), len(samples))) for span in speech]
        cuts = [(start, end) for start, end in cuts if start < end]
        spans = tuple(Span(start / SAMPLE_RATE, end / SAMPLE_RATE) for start, end in cuts)
        starts = tuple(accumulate((span.duration for span in spans), initial=0.0))[:-1]
        joined = np.concatenate([samples[start:end] for start, end in cuts]) if cuts else np.zeros(0, np.float32)
        return cls(joined, spans, starts)

    def original(self, joined: Span) -> Span:
        """The chunk's time of something heard in the joined sound; kept whole inside the part in which its middle lies."""
        part = max(0, bisect_right(self.starts, (joined.start + joined.end) / 2) - 1)
        span, shift = self.spans[part], self.spans[part].start - self.starts[part]
        start = min(max(joined.start + shift, span.start), span.end)
        return Span(round(start, 3), round(min(max(joined.end + shift, start), span.end), 3))
