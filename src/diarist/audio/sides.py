"""Keeps left and right of a chunk that grows, and lays them out one after the other where each is another voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diarist.audio.apart import Apart, apart
from diarist.audio.flac import from_pcm
from diarist.audio.frames import FRAME
from diarist.audio.levelling import levelled
from diarist.audio.spans import speech_spans
from diarist.audio.speech import SpeechDetector
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.channels import REST, layout

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class HeardApart:
    """What the channels of a chunk hold."""

    speech: tuple[Span, ...]
    """Where voice was heard in any of them."""
    channels: tuple[tuple[Span, ...], ...] = ()
    """Where voice was heard in each; empty where they are no two voices."""
    sound: NDArray[np.int16] | None = None
    """Both channels one after the other, shape (n,); None where the mix says it all."""


class Sides:
    """Holds the same samples in stereo as `_Cutter` holds mixed; of mono it holds nothing of its own."""

    def __init__(self) -> None:
        self._held: list[tuple[NDArray[np.int16], NDArray[np.int16] | None]] = []

    def add(self, pcm: NDArray[np.int16], sides: NDArray[np.int16] | None) -> None:
        """`pcm`: the next samples mixed, shape (n,); `sides`: shape (2, n), None for what is not stereo."""
        self._held.append((pcm, sides))

    def samples(self, count: int) -> NDArray[np.int16] | None:
        """The first ones, shape (2, count); None when nothing that is held is stereo. What is not has the mix on both sides."""
        if all(sides is None for _, sides in self._held):
            return None
        pieces = [np.stack((pcm, pcm)) if sides is None else sides for pcm, sides in self._held]
        return np.concatenate(pieces, axis=1)[:, :count]

    def forget(self, samples: int) -> None:
        """Let the first samples go."""
        kept: list[tuple[NDArray[np.int16], NDArray[np.int16] | None]] = []
        for pcm, sides in self._held:
            gone = min(samples, len(pcm))
            samples -= gone
            if gone < len(pcm):
                kept.append((pcm[gone:].copy(), None if sides is None else sides[:, gone:].copy()))
        self._held = kept


def hear_apart(
    sides: NDArray[np.int16] | None, lead: int, probabilities: Sequence[float], speech: tuple[Span, ...]
) -> HeardApart:
    """`sides`: shape (2, n), of which the first `lead` samples come before the chunk; None for mono.

    `probabilities`, `speech`: of the mix, from the start of the chunk. All voice of the mix is voice of a channel.
    """
    found = None if sides is None else apart(sides[:, lead:], probabilities)
    if sides is None or found is None:
        return HeardApart(speech)
    if not isinstance(found, Apart):
        return HeardApart(speech, _alone(found, speech))
    seconds = (sides.shape[1] - lead) / SAMPLE_RATE
    mixed = np.array(probabilities, np.float32)
    sounds = [found.sound(sides[:, lead:], channel) for channel in range(2)]
    voices = [
        np.maximum(
            _listen(np.concatenate((side[:lead], sound)), lead, len(mixed)), np.where(found.louder[channel], mixed, np.float32(0))
        )
        for channel, (side, sound) in enumerate(zip(sides, sounds, strict=True))
    ]
    channels = tuple(speech_spans(voice.tolist(), seconds) for voice in voices)
    if not all(channels):
        return HeardApart(speech, _alone(int(not channels[0]), speech))
    sound = np.zeros(2 * len(sounds[0]) + round(REST * SAMPLE_RATE), np.int16)
    for channel, start in layout(channels, seconds):
        begin = round(start * SAMPLE_RATE)
        sound[begin : begin + len(sounds[channel])] = levelled(sounds[channel], channels[channel])
    return HeardApart(speech_spans(np.maximum(*voices).tolist(), seconds), channels, sound)


def _alone(channel: int, speech: tuple[Span, ...]) -> tuple[tuple[Span, ...], ...]:
    return ((), speech) if channel else (speech, ())


def _listen(pcm: NDArray[np.int16], lead: int, frames: int) -> NDArray[np.float32]:
    """Speech probabilities, those of the lead left out."""
    detector = SpeechDetector()
    heard = np.concatenate((detector.hear(from_pcm(pcm)), detector.finish()))
    return heard[lead // FRAME :][:frames]
