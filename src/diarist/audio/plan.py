"""Cuts a recording into chunks while it is decoded, in constant memory; resumed at a cut, it goes on exactly as it would have."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from diarist.audio.bounds import require_bounded
from diarist.audio.chunks import ChunkPlanner, even
from diarist.audio.decode import Damage, sounds
from diarist.audio.filtering import filtered, sound_filter
from diarist.audio.flac import encode_flac, from_pcm, to_pcm
from diarist.audio.frames import FRAME, LEAD
from diarist.audio.level import Level, levels
from diarist.audio.levelling import levelled
from diarist.audio.loudness import Loudness
from diarist.audio.notices import notices
from diarist.audio.offset import Centring
from diarist.audio.progress import Planned, PlanProgress
from diarist.audio.second_ear import SecondEar
from diarist.audio.sides import Sides, hear_apart
from diarist.audio.spans import speech_spans
from diarist.audio.speech import SpeechDetector
from diarist.audio.track import open_track
from diarist.domain.audio import SAMPLE_RATE, PlannedChunk, PlanSummary
from diarist.ports.sound_filter import SoundFilter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FIRST_TARGET = 60.0
"""Seconds to aim for in the first chunk, so that the first text comes early."""
_PROGRESS = 30 * SAMPLE_RATE
"""Samples between two signs of life."""


def plan(
    path: Path,
    *,
    target: float,
    resume_from: tuple[int, float] | None = None,
    longest: float | None = None,
    filter_name: str = "",
) -> Generator[Planned, None, None]:
    """Yield each chunk with its FLAC as soon as it is cut, a `PlanProgress` now and then, and a `PlanSummary` at the end.

    `target`: seconds of a chunk. `resume_from`: the index of the first chunk to make and the second where it starts, which is the
    end of the chunk before; what comes before is decoded but not heard again. Then the summary's `speech_seconds` is of the new
    chunks only; all else in it is of the whole file. `longest`: seconds that there may be, None for any number. `filter_name`:
    the sound filter that the FLAC goes through; empty for none.

    Raises what `open_track` and `decode` raise, `TooLong`, `ModelUnavailable` and, for want of the filter, `Misconfigured`.
    """
    index, start = resume_from or (0, 0.0)
    level, loudness, damage, centred = Level(), Loudness(), Damage(), Centring()
    centred_sides = Centring(), Centring()
    told = 0
    with sound_filter(filter_name) as chosen, open_track(path) as track:
        size = path.stat().st_size
        cutter = _Cutter(target, track.expected, index, round(start * SAMPLE_RATE), chosen)
        for decoded in sounds(track, damage):
            block = centred(decoded.mixed)
            sides = None if decoded.sides is None else [own(one) for own, one in zip(centred_sides, decoded.sides, strict=True)]
            known = max(0, cutter.wants_from - level.samples)
            level.add(block)
            require_bounded(level.samples / SAMPLE_RATE, damage.missing, size, longest)
            loudness.add(block)
            if known < len(block):
                new = None if sides is None else np.stack([to_pcm(one[known:]) for one in sides])
                yield from cutter.add(to_pcm(block[known:]), new)
            if level.samples - told >= _PROGRESS:
                told = level.samples
                yield PlanProgress(decoded_seconds=told / SAMPLE_RATE, expected_seconds=track.expected)
        yield from cutter.add(np.zeros(0, np.int16), last=True)
        duration = level.samples / SAMPLE_RATE
        yield PlanSummary(
            duration=duration,
            speech_seconds=cutter.speech_seconds,
            peak=level.peak,
            loudness_dbfs=level.dbfs,
            loudness_lufs=loudness.lufs,
            warnings=notices(duration, track.promised, damage, centred.sum / max(1, level.samples)),
        )


class _Cutter:
    """Holds the chunk that grows, until it is cut. All that happens in a chunk depends on its own sound and its lead only."""

    def __init__(self, target: float, expected: float | None, index: int, start: int, chosen: SoundFilter | None) -> None:
        self.speech_seconds = 0.0
        """Of all chunks so far."""
        self._target, self._expected, self._index, self._filter = target, expected, index, chosen
        self._detector, self._second_ear = SpeechDetector(), SecondEar()
        self._held: list[NDArray[np.int16]] = []
        self._sides = Sides()
        self._begin(start)
        self.wants_from = start - self._lead
        """The sample of the recording with which `add` begins."""

    def add(
        self, pcm: NDArray[np.int16], sides: NDArray[np.int16] | None = None, *, last: bool = False
    ) -> Iterator[tuple[PlannedChunk, bytes]]:
        """Take in the next samples; give the chunks that they complete, and with the last ones the rest.

        `pcm`: shape (n,); `sides`: the same in stereo, shape (2, n), where there is any.
        """
        self._held.append(pcm)
        self._sides.add(pcm, sides)
        while (cut := self._planner.follow(self._hear(pcm, last=last))) is not None:
            yield self._take(cut * FRAME)
            (pcm,) = self._held
        rest = sum(map(len, self._held)) - self._lead
        if last and rest > 0:
            yield self._take(rest)

    def _begin(self, start: int) -> None:
        self._start = start
        self._lead = min(start, LEAD * FRAME) // FRAME * FRAME
        self._unjudged = self._lead // FRAME
        self._detector.reset()
        target = even(self._target, self._expected, start / SAMPLE_RATE)
        self._planner = ChunkPlanner(target if self._index else min(self._target, _FIRST_TARGET))

    def _hear(self, pcm: NDArray[np.int16], *, last: bool) -> list[float]:
        """Speech probabilities, those of the lead left out."""
        heard = [*self._detector.hear(from_pcm(pcm)), *(self._detector.finish() if last else ())]
        judged = [float(probability) for probability in heard[self._unjudged :]]
        self._unjudged -= len(heard) - len(judged)
        return judged

    def _take(self, samples: int) -> tuple[PlannedChunk, bytes]:
        """Cut off the chunk's first samples and begin the next chunk with the others."""
        held = np.concatenate(self._held)
        pcm = held[self._lead : self._lead + samples]
        start, end = self._start, self._start + len(pcm)
        probabilities = self._second_ear.listen(
            held[: self._lead + samples], self._lead, self._planner.probabilities[: -(-samples // FRAME)]
        )
        behind = self._lead + len(pcm)
        mixed = speech_spans(probabilities, len(pcm) / SAMPLE_RATE)
        apart = hear_apart(self._sides.samples(behind), self._lead, probabilities, mixed)
        sound = levelled(pcm, mixed) if apart.sound is None else apart.sound
        clean, failure = filtered(self._filter, sound, spoken=bool(apart.speech))
        chunk = PlannedChunk(
            index=self._index,
            start=start / SAMPLE_RATE,
            end=end / SAMPLE_RATE,
            speech=apart.speech,
            levels=levels(pcm),
            channels=apart.channels,
            filter_failure=failure,
        )
        self.speech_seconds += sum(span.duration for span in apart.speech)
        self._index += 1
        self._begin(end)
        self._held = [held[behind - self._lead :].copy()]
        self._sides.forget(behind - self._lead)
        return chunk, encode_flac(clean)
