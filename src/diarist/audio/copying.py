"""Makes a smaller copy of a recording, and checks it against the original by decoding both; in constant memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.stream import Disposition

from diarist.audio.track import Track, open_track
from diarist.domain.archive import ArchiveFormat, Copied, Kept

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

_TOLERANCE = 0.1
"""Seconds by which a copy may differ in length."""
_WHOLE_NUMBERS = {"s16": "s16", "s16p": "s16", "s32": "s32", "s32p": "s32"}
"""Sample formats that FLAC can hold, and the packed form of each."""
_OPUS_RATE, _OPUS_CHANNELS, _OPUS_BITS = 48_000, 2, 32_000
"""Hz; channels beyond which the copy would not be the same; bits a second for each channel."""
_TOLD = 30.0
"""Seconds of audio between two signs of life."""


class _Unsuitable(Exception):
    """The original is better kept; the text says why."""


@dataclass(slots=True)
class _Heard:
    """What a file was found to hold."""

    digest: str = ""
    """SHA-256 of the samples, interleaved, in their own format."""
    seconds: float = 0.0


def copy(source: Path, target: Path, kind: ArchiveFormat, expected: float) -> Iterator[float | Copied | Kept]:
    """Write a copy to `target`; yields seconds as it goes on, and at the end what came of it.

    `expected`: seconds that the recording lasts by its plan, gaps included: a copy on another clock would put every citation
    in the wrong place. FLAC is only believed when its samples are those of the original, bit by bit. Raises what
    `open_track` raises.
    """
    original, copied = _Heard(), _Heard()
    try:
        with open_track(source) as track:
            _refuse_pictures(track)
            yield from _encode(track, target, kind, original)
            rate, channels = track.info.sample_rate, track.info.channels
        yield from _hear(target, copied)
    except _Unsuitable as reason:
        yield Kept(reason=str(reason))
        return
    except av.FFmpegError as error:
        yield Kept(reason=f"it cannot be decoded without a fault: {error.strerror}")
        return
    size = target.stat().st_size
    if abs(copied.seconds - expected) > _TOLERANCE:
        yield Kept(reason=f"the copy lasts {copied.seconds:.2f} s instead of {expected:.2f} s")
    elif kind is ArchiveFormat.FLAC and copied.digest != original.digest:
        yield Kept(reason="the samples of the copy are not those of the original")
    elif size >= source.stat().st_size:
        yield Kept(reason="the copy is not smaller")
    else:
        yield Copied(
            container="flac" if kind is ArchiveFormat.FLAC else "ogg",
            codec=kind.value,
            sample_rate=rate if kind is ArchiveFormat.FLAC else _OPUS_RATE,
            channels=channels,
            size_bytes=size,
        )


def _refuse_pictures(track: Track) -> None:
    """A film is more than its sound; a cover is not."""
    for stream in track.container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            raise _Unsuitable("it holds pictures that move")


def _encode(track: Track, target: Path, kind: ArchiveFormat, heard: _Heard) -> Iterator[float]:
    flac = kind is ArchiveFormat.FLAC
    with av.open(target, "w", format="flac" if flac else "ogg") as file:
        resampler: av.AudioResampler | None = None
        stream: av.AudioStream | None = None
        written = 0
        for frame in _heard(track, heard):
            if resampler is None or stream is None:
                form = _WHOLE_NUMBERS.get(frame.format.name, "") if flac else "flt"
                rate, layout = frame.sample_rate if flac else _OPUS_RATE, frame.layout.name
                if not form:
                    raise _Unsuitable("its samples are not whole numbers, which FLAC needs")
                if not flac and frame.layout.nb_channels > _OPUS_CHANNELS:
                    raise _Unsuitable("it has more than two channels")
                resampler = av.AudioResampler(format=form, layout=layout, rate=rate)
                stream = file.add_stream("flac" if flac else "libopus", rate=rate, layout=layout)
                stream.codec_context.format = form
                if not flac:
                    stream.bit_rate = _OPUS_BITS * frame.layout.nb_channels
                file.metadata.update(track.container.metadata)
            for packed in resampler.resample(frame):
                packed.pts = written
                written += packed.samples
                file.mux(stream.encode(packed))
            if heard.seconds % _TOLD < frame.samples / frame.sample_rate:
                yield heard.seconds
        if resampler is None or stream is None:
            raise _Unsuitable("there is no sound in it")
        for packed in resampler.resample(None):
            packed.pts = written
            written += packed.samples
            file.mux(stream.encode(packed))
        file.mux(stream.encode(None))


def _hear(path: Path, heard: _Heard) -> Iterator[float]:
    with open_track(path) as track:
        for frame in _heard(track, heard):
            if heard.seconds % _TOLD < frame.samples / frame.sample_rate:
                yield heard.seconds


def _heard(track: Track, heard: _Heard) -> Iterator[AudioFrame]:
    """The frames as they are; when they end, `heard` is complete."""
    digest, kind = hashlib.sha256(), None
    for frame in track.container.decode(track.stream):
        found = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind not in {None, found}:
            raise _Unsuitable("its format changes in the middle")
        kind = found
        samples = frame.to_ndarray()
        digest.update(np.ascontiguousarray(samples.T if frame.format.is_planar else samples).tobytes())
        heard.seconds += frame.samples / frame.sample_rate
        yield frame
    heard.digest = digest.hexdigest()
