"""What faster-whisper found as segments of ours, and whether it is to be believed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diarist.adapters.transcription_engines.whisper_windows import WindowText
from diarist.domain.transcript import Segment, Word

REPETITIVE = 2.4
"""Compression ratio above which a window is taken for a loop, from the paper on Whisper (Radford et al. 2022, 4.5)."""
IMPROBABLE = -1.0
"""Mean log probability of the tokens under which a window is taken for failed, from the same table."""
SILENT = 0.5
"""Probability of no speech from which on the model itself thinks silence likelier than speech."""


def words_of(found: Any) -> list[Word]:
    """Each with the space that parts it from the word before; in the time of the joined sound, see `Voiced.placed`."""
    return [
        Word(start=float(word.start), end=float(word.end), text=word.word, probability=min(1.0, float(word.probability)))
        for word in found.words or ()
    ]


def segment_of(found: Any, words: Sequence[Word]) -> Segment:
    """The segment that holds these words of what was found, or all of it when there are none."""
    return Segment(
        start=words[0].start if words else float(found.start),
        end=words[-1].end if words else float(found.end),
        text="".join(word.text for word in words).strip() or found.text.strip(),
        probability=min(1.0, math.exp(found.avg_logprob)),
        words=tuple(words),
        no_speech_probability=float(found.no_speech_prob),
        compression_ratio=float(found.compression_ratio),
        temperature=float(found.temperature),
    )


def moved(segment: Segment, by: float) -> Segment:
    """The same, some seconds later."""
    words = tuple(replace(word, start=word.start + by, end=word.end + by) for word in segment.words)
    return replace(segment, start=segment.start + by, end=segment.end + by, words=words)


def doubtful(found: WindowText) -> bool:
    """Whether the text of a window looks like a loop, a guess or silence."""
    weak = found.avg_logprob < IMPROBABLE or found.no_speech_prob > SILENT
    return weak or found.cut_off or found.compression_ratio > REPETITIVE


def invented(found: Any) -> bool:
    """Whether this is text over noise: it has no word, or silence is likelier than not and the text is not or was not read first.

    A first reading that is improbable ends a silent window in faster-whisper, without further attempts; one that repeats itself
    looks probable, and the attempts after it, drawn at random, look like words.
    """
    silent = bool(found.no_speech_prob > SILENT and (math.exp(found.avg_logprob) < SILENT or found.temperature > 0))
    return silent or not has_words(found.text)


def has_words(text: str) -> bool:
    """Whether it is more than marks, as Whisper writes over silence."""
    return any(map(str.isalnum, text))


def believed(segment: Segment) -> bool:
    """Whether what was found where nothing was heard at first is probable enough."""
    return segment.probability >= math.exp(IMPROBABLE)
