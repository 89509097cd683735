"""Makes chunks with quiet voices louder, as an engine expects them; the recording itself is not touched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from diarist.audio.flac import from_pcm, to_pcm
from diarist.audio.loudness import Loudness
from diarist.domain.audio import SAMPLE_RATE, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

TARGET = -23.0
"""LUFS, from EBU R 128."""
_FAR = 10.0
"""LU below the target up to which a voice is left as it is: engines hear it just as well."""
_MOST = 40.0
"""Decibels; beyond that the noise of the recorder would be made a storm."""
_PEAK = 0.98
"""The largest sample that may come of it."""


def levelled(pcm: NDArray[np.int16], speech: Sequence[Span]) -> NDArray[np.int16]:
    """The chunk, louder if its voice is far below the target, and never so loud that it clips.

    `pcm`: shape (n,), 16 kHz mono; `speech`: where its voice is, in seconds. One gain for the whole chunk.
    """
    loudness = Loudness()
    for span in speech:
        loudness.add(from_pcm(pcm[round(span.start * SAMPLE_RATE) : round(span.end * SAMPLE_RATE)]))
    found = loudness.lufs
    if found is None or found >= TARGET - _FAR:
        return pcm
    samples = from_pcm(pcm)
    gain = min(10 ** (min(TARGET - found, _MOST) / 20), _PEAK / float(np.abs(samples).max()))
    return pcm if gain <= 1 else to_pcm(samples * np.float32(gain))
