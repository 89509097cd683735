"""Listens again where no voice was heard, to brightened sound: else a muffled voice would be taken for silence and be lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from diarist.audio.brightening import brightened
from diarist.audio.flac import from_pcm
from diarist.audio.frames import FRAME, LEAD, SECONDS
from diarist.audio.level import levels
from diarist.audio.spans import speech_spans
from diarist.audio.speech import SpeechDetector

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHORTEST = round(2.0 / SECONDS)
"""Frames without voice that are worth it; shorter ones are pauses in a talk that is heard well."""
_PIECE = round(30.0 / SECONDS)
"""Frames that share one gain."""
_SILENCE = -60
"""Decibels relative to full scale; where every second is below it, nothing can be heard."""


class SecondEar:
    """What it says of a piece depends on the piece and its lead only."""

    def __init__(self) -> None:
        """Raises `ModelUnavailable`."""
        self._detector = SpeechDetector()

    def listen(self, pcm: NDArray[np.int16], lead: int, probabilities: Sequence[float]) -> list[float]:
        """The probabilities with those of the muffled voices, one for each frame that begins after `lead` samples.

        `pcm`: shape (n,), 16 kHz mono; `lead`: samples before the first frame, whole frames.
        """
        heard = np.array(probabilities, np.float32)
        for first, end in _unvoiced(probabilities):
            begin, stop = lead + first * FRAME, lead + end * FRAME
            if max(levels(pcm[begin:stop])) < _SILENCE:
                continue
            before = min(begin, LEAD * FRAME)
            self._detector.reset()
            sound = brightened(from_pcm(pcm[begin - before : stop]), before)
            again = np.concatenate((self._detector.hear(sound), self._detector.finish()))[before // FRAME :]
            heard[first:end] = np.maximum(heard[first:end], again)
        return [float(probability) for probability in heard]


def _unvoiced(probabilities: Sequence[float]) -> Iterator[tuple[int, int]]:
    """The first frame of each piece, and the frame after its last."""
    total = len(probabilities)
    edges = [
        0,
        *(edge for span in speech_spans(probabilities, total * SECONDS) for edge in (span.start, span.end)),
        total * SECONDS,
    ]
    for before, after in [*pairwise(edges)][::2]:
        first, end = round(before / SECONDS), round(after / SECONDS)
        if end - first >= _SHORTEST:
            pieces = -(-(end - first) // _PIECE)
            yield from pairwise(first + (end - first) * place // pieces for place in range(pieces + 1))
