"""Chunks as FLAC: 16 kHz mono in 16 bits, exact to the sample both ways."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import av
import numpy as np

from diarist.domain.audio import SAMPLE_RATE
from diarist.errors import UndecodableAudio

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SCALE = 32_768
_BLOCK = 30 * SAMPLE_RATE
"""Samples that are handed to the encoder at once."""
_ENCODER = {"compression_level": "3", "frame_size": "4096"}
"""Two fifths less computing than FFmpeg's own choice, which takes far shorter frames at 16 kHz; the files are 2 % larger."""


def to_pcm(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Round to 16 bits; what is louder than full scale is clipped."""
    pcm: NDArray[np.int16] = np.rint(samples * np.float32(_SCALE)).clip(-_SCALE, _SCALE - 1).astype(np.int16)
    return pcm


def from_pcm(pcm: NDArray[np.int16]) -> NDArray[np.float32]:
    """To [-1, 1)."""
    return pcm.astype(np.float32) / np.float32(_SCALE)


def encode_flac(pcm: NDArray[np.int16]) -> bytes:
    """`pcm`: 16 kHz mono, shape (n,)."""
    file = BytesIO()
    with av.open(file, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="mono", format="s16", options=_ENCODER)
        for start in range(0, len(pcm), _BLOCK):
            frame = av.AudioFrame.from_ndarray(pcm[np.newaxis, start : start + _BLOCK], format="s16", layout="mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def flac_samples(data: bytes) -> NDArray[np.float32]:
    """The samples of a chunk, float32 in [-1, 1), shape (n,); raises `UndecodableAudio`, also when some are missing."""
    message = "A stored chunk of the recording is damaged."
    try:
        with av.open(BytesIO(data), "r", format="flac") as container:
            stated = container.streams.audio[0].duration or 0
            pieces = [frame.to_ndarray()[0].astype(np.int16) for frame in container.decode(audio=0)]
    except (av.FFmpegError, IndexError) as error:
        raise UndecodableAudio(message) from error
    samples = from_pcm(np.concatenate((np.zeros(0, np.int16), *pieces)))
    if not data.startswith(b"fLaC") or len(samples) != stated:
        raise UndecodableAudio(message)
    return samples
