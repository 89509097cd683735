"""Decodes a sound track to 16 kHz mono, block by block, in constant memory; damage in the middle is stepped over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import av
import numpy as np

from diarist.audio.downmix import Downmix, Sound
from diarist.audio.overload import Overload
from diarist.audio.track import RATES, Track
from diarist.domain.audio import SAMPLE_RATE
from diarist.errors import NoSamples, UndecodableAudio

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.packet import Packet
    from numpy.typing import NDArray

_GROUP = 65_536
"""Source samples that are resampled at once: few calls, small memory."""
_DRIFT = 0.1
"""Seconds by which timestamps may wander before they count as a gap."""
_LONGEST_GAP = 3600.0
"""Seconds; a longer jump of the timestamps is a broken clock and not a pause."""
_LONGEST_TRACK = 24 * 3600.0
"""Seconds up to which gaps are believed where the container does not say how long the track is, lest a small file becomes an
endless silence."""
_READ_ATTEMPTS = 16
"""Errors in a row after which a container is taken to be at its end."""


@dataclass(slots=True)
class Damage:
    """What was wrong with a track; complete when its decoding has ended."""

    packets: int = 0
    """Damaged pieces that were skipped between sound ones."""
    missing: float = 0.0
    """Seconds that the track's clock counts but that hold no sound; silence stands in their place."""
    overload: Overload = field(default_factory=Overload, compare=False)
    """Where it is at full scale."""


def decode(track: Track, damage: Damage | None = None) -> Iterator[NDArray[np.float32]]:
    """Yield the track as mono blocks of shape (n,), as `sounds` does."""
    return (sound.mixed for sound in sounds(track, damage))


def sounds(track: Track, damage: Damage | None = None) -> Iterator[Sound]:
    """Yield the track in blocks, 16 kHz, about a second to ten each, in [-1, 1] unless the source clips.

    Times stay those that a player shows: gaps in the timestamps become silence. Raises `NoSamples` or `UndecodableAudio` at the
    end when there was nothing to yield.
    """
    damage = damage if damage is not None else Damage()
    resampler: av.AudioResampler | None = None
    kind = None
    mix = Downmix("mono")
    heard = False
    for piece in _pieces(track, damage):
        if isinstance(piece, float):
            for block in _silence(piece):
                damage.overload.add(block, 1)
                yield Sound(block)
            continue
        if kind != _kind(piece):
            kind = _kind(piece)
            yield from _resampled(resampler, None, mix, damage.overload)
            # Packed: PyAV miscounts the planes of eight and more channels. All channels: FFmpeg's own downmix clips.
            resampler = av.AudioResampler(format="flt", layout=piece.layout.name, rate=SAMPLE_RATE)
            mix = Downmix(piece.layout.name)
        yield from _resampled(resampler, piece, mix, damage.overload)
        heard = True
    yield from _resampled(resampler, None, mix, damage.overload)
    if not heard:
        raise UndecodableAudio if damage.packets else NoSamples


def _resampled(
    resampler: av.AudioResampler | None, frame: AudioFrame | None, mix: Downmix, overload: Overload
) -> Iterator[Sound]:
    """Push a frame through, or flush with None."""
    if resampler is None:
        return
    try:
        outputs: list[AudioFrame | None] = [*resampler.resample(frame)]
    except av.FFmpegError as error:
        raise UndecodableAudio("The sound track is of a kind that cannot be converted.") from error
    for out in outputs:
        if out is not None and out.samples:  # a resampler with nothing to do hands the None of a flush back
            packed = out.to_ndarray()[0]
            overload.add(packed, mix.channels)
            yield mix(packed)


def _silence(seconds: float) -> Iterator[NDArray[np.float32]]:
    left = round(seconds * SAMPLE_RATE)
    while left > 0:
        size = min(left, 10 * SAMPLE_RATE)
        yield np.zeros(size, np.float32)
        left -= size


def _pieces(track: Track, damage: Damage) -> Iterator[AudioFrame | float]:
    """Frames of one kind joined to large ones, and the length in seconds of each gap between them."""
    fifo = av.AudioFifo()
    kind = None
    zero = (track.container.start_time or 0) / av.time_base
    end = (_LONGEST_TRACK if track.expected is None else track.expected) + 1.0
    clock = 0.0
    for frame in _frames(track, damage):
        gap = frame.time - zero - clock if frame.time is not None else 0.0
        if abs(gap) <= _DRIFT:
            gap = 0.0
        if gap or kind != _kind(frame) or fifo.samples >= _GROUP:
            if joined := fifo.read():
                yield _unstamped(joined)
            fifo = av.AudioFifo()
            kind = _kind(frame)
        if 0 < gap <= min(_LONGEST_GAP, end - clock):
            damage.missing += gap
            yield gap
        clock += gap + frame.samples / frame.sample_rate
        fifo.write(_unstamped(frame))
    if joined := fifo.read():
        yield _unstamped(joined)


def _kind(frame: AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


def _unstamped(frame: AudioFrame) -> AudioFrame:
    """The frame without its time, of which neither the fifo nor the resampler must make anything; gaps are dealt with here."""
    frame.pts = None
    return frame


def _frames(track: Track, damage: Damage) -> Iterator[AudioFrame]:
    """All that the decoder gives; what fails before the first or after the last sound is no damage but a rough edge."""
    failed, heard = 0, False
    for packet in _packets(track):
        try:
            frames = [frame for frame in packet.decode() if frame.samples and frame.sample_rate in RATES]
        except av.FFmpegError:
            failed += 1
            continue
        if frames:
            damage.packets += failed if heard else 0
            failed, heard = 0, True
            yield from frames
    if not heard:
        damage.packets = failed


def _packets(track: Track) -> Iterator[Packet[AudioStream]]:
    """All that the container gives; reading goes on behind an error."""
    errors = 0
    while errors < _READ_ATTEMPTS:
        try:
            for packet in track.container.demux(track.stream):
                errors = 0
                yield packet
        except av.FFmpegError:
            errors += 1
        except IndexError:  # at the end PyAV stumbles over tracks that turned up on the way
            return
        else:
            return
