"""FFmpeg's `afftdn`: takes steady noise out of the spectrum and follows its level; nothing to install or to download."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import av
import numpy as np
from av.filter import Graph

from diarist.domain.audio import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SETTINGS = "noise_reduction=12:track_noise=1"
"""Decibels at most; and the level of the noise is followed instead of guessed once."""
_LATE = 2 * (SAMPLE_RATE // 80)
"""Samples by which the filter is late: its windows are three steps of 1/80 s (FFmpeg, af_afftdn.c)."""
_BLOCK = 10 * SAMPLE_RATE
"""Samples that are handed over at once."""


class Afftdn:
    """A `SoundFilter` that begins anew with each chunk."""

    name = "afftdn"

    def clean(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """See the port."""
        if not len(samples):
            return samples
        late = np.concatenate((samples, np.zeros(_LATE, np.float32)))
        return np.concatenate(list(_through(late)))[_LATE:]

    def close(self) -> None:
        """Nothing is open between two chunks."""


def open_filter() -> Afftdn:
    """Cannot fail: FFmpeg comes with PyAV."""
    return Afftdn()


def _through(samples: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """What a new filter makes of the samples, block by block; as many as went in."""
    graph = Graph()
    source = graph.add_abuffer(format="flt", sample_rate=SAMPLE_RATE, layout="mono")
    # It computes with doubles and one plane a channel.
    back = graph.add("aformat", "sample_fmts=flt")
    graph.link_nodes(source, graph.add("afftdn", _SETTINGS), back, graph.add("abuffersink")).configure()
    for start in range(0, len(samples), _BLOCK):
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis, start : start + _BLOCK], format="flt", layout="mono")
        frame.sample_rate, frame.pts = SAMPLE_RATE, start
        graph.push(frame)
        yield from _ready(graph)
    graph.push(None)
    yield from _ready(graph)


def _ready(graph: Graph) -> Iterator[NDArray[np.float32]]:
    while True:
        try:
            frame = graph.pull()
        except (BlockingIOError, av.EOFError):
            return
        yield frame.to_ndarray()[0]
