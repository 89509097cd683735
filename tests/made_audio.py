"""Audio files of every kind for tests, made with PyAV, and ways to damage them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

LAYOUTS = {1: "mono", 2: "stereo", 3: "2.1", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
"""FFmpeg's names, by number of channels."""


def beep(
    seconds: float, rate: int, *, hz: float = 1000.0, start: float = 0.0, end: float | None = None, amplitude: float = 0.4
) -> NDArray[np.float32]:
    """A tone between `start` and `end` and silence round it, shape (n,)."""
    times = np.arange(round(seconds * rate)) / rate
    heard = (times >= start) & (times < (seconds if end is None else end))
    return (amplitude * np.sin(2 * np.pi * hz * times) * heard).astype(np.float32)


def noise(seconds: float, *, colour: int = 0, dbfs: float = -30.0, rate: int = 16_000, seed: int = 1) -> NDArray[np.float32]:
    """`colour`: 0 white, 1 pink, 2 brown (power falls with that power of the frequency). `dbfs`: root mean square."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(round(seconds * rate)))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** (colour / 2)
    spectrum[: round(20 * seconds)] = 0  # no one records below 20 Hz
    samples = np.fft.irfft(spectrum, round(seconds * rate))
    loud: NDArray[np.float32] = (samples / samples.std() * 10 ** (dbfs / 20)).clip(-1, 1).astype(np.float32)
    return loud


def write_audio(
    path: Path,
    samples: NDArray[np.float32],
    rate: int,
    codec: str,
    *,
    options: Mapping[str, str] | None = None,
    codec_options: Mapping[str, str] | None = None,
    container: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """Encode `samples`, shape (n,) for mono or (channels, n); the container is that of the path's suffix if none is named.

    `options` and `metadata` go to the container, `codec_options` to the encoder.
    """
    channels = np.atleast_2d(samples)
    layout = LAYOUTS[len(channels)]
    with av.open(path, "w", format=container, options=dict(options or {})) as file:
        file.metadata.update(metadata or {})
        stream = file.add_stream(codec, rate=rate, layout=layout, options={"strict": "-2", **(codec_options or {})})
        assert isinstance(stream, av.AudioStream)
        _encode(file, stream, channels, rate, layout)
    return path


def write_video(path: Path, *, sound: NDArray[np.float32] | None, rate: int = 48_000, seconds: int = 3) -> Path:
    """An MP4 or WebM of grey pictures, with a sound track of one channel or without."""
    with av.open(path, "w") as file:
        pictures = file.add_stream("mpeg4", rate=5, width=32, height=32, pix_fmt="yuv420p")
        stream = file.add_stream("aac", rate=rate, layout="mono") if sound is not None else None
        for number in range(5 * seconds):
            picture = av.VideoFrame.from_ndarray(np.full((32, 32, 3), number, np.uint8), format="rgb24")
            file.mux(pictures.encode(picture))
        file.mux(pictures.encode(None))
        if stream is not None and sound is not None:
            _encode(file, stream, np.atleast_2d(sound), rate, "mono")
    return path


def _encode(
    file: av.container.OutputContainer, stream: av.AudioStream, channels: NDArray[np.float32], rate: int, layout: str
) -> None:
    file.start_encoding()  # else a file without a sample would be a file without a byte
    resampler = av.AudioResampler(format=stream.format.name, layout=layout, rate=rate)
    for start in range(0, channels.shape[1], rate):
        packed = np.ascontiguousarray(channels[:, start : start + rate].T).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
        frame.sample_rate, frame.pts = rate, start
        for converted in resampler.resample(frame):
            file.mux(stream.encode(converted))
    file.mux(stream.encode(None))


def keep(path: Path, share: float) -> Path:
    """Cut the file off behind this part of its bytes."""
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * share)])
    return path


def spoil(path: Path, start: float, end: float) -> Path:
    """Replace the bytes between these parts of the file by noise."""
    data = bytearray(path.read_bytes())
    first, last = round(len(data) * start), round(len(data) * end)
    data[first:last] = np.random.default_rng(1).bytes(last - first)
    path.write_bytes(data)
    return path


def claim_wav_bytes(path: Path, size: int) -> Path:
    """Let a WAV's header claim that so many bytes of sound follow."""
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", size)
    data[4:8] = struct.pack("<I", min(size + at - 4, 0xFFFFFFFF))
    path.write_bytes(data)
    return path


def claim_flac_samples(path: Path, samples: int) -> Path:
    """Let a FLAC's header claim that it holds so many samples: 36 bits, 13.5 bytes into STREAMINFO."""
    data = bytearray(path.read_bytes())
    data[21] = data[21] & 0xF0 | samples >> 32
    data[22:26] = struct.pack(">I", samples & 0xFFFFFFFF)
    path.write_bytes(data)
    return path


def pcm_of(path: Path, rate: int) -> bytes:
    """The sound of a file as samples without a header: mono, signed 16 bits, little-endian."""
    resampler = av.AudioResampler("s16", "mono", rate)
    with av.open(path) as file:
        frames = [made for frame in file.decode(audio=0) for made in resampler.resample(frame)]
    return b"".join(frame.to_ndarray().astype("<i2").tobytes() for frame in frames)
