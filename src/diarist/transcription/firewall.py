"""Judges what an engine heard in one chunk, and says of each segment what speaks against it; pure.

`docs/explanation/what-can-be-trusted.md` tells users what the codes mean; the second hearing acts on them.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from diarist.domain.audio import Span
from diarist.domain.bare_text import bare_words, letters, script
from diarist.domain.transcript import Segment
from diarist.transcription.loops import looping
from diarist.transcription.phantom_phrases import CREDITS, EVERYDAY

REPETITION = "repetition"
"""The words go round in circles."""
OVER_SILENCE = "over_silence"
"""Most of it stands where no voice was heard."""
PHANTOM_PHRASE = "phantom_phrase"
"""A phrase that models write by themselves, with little or no voice under it."""
IMPROBABLE = "improbable"
"""The engine itself hardly believes it."""
TOO_FAST = "too_fast"
"""Nobody speaks that fast."""
LANGUAGE_FLIP = "language_flip"
"""A few seconds in another language or script, in the midst of others."""
CODES = (REPETITION, OVER_SILENCE, PHANTOM_PHRASE, IMPROBABLE, TOO_FAST, LANGUAGE_FLIP)

SILENT = 0.5
"""The engine's belief that nothing was said, from which on it thinks so rather than not."""
_LOOPED = 0.5
"""Share of a segment's words in a loop."""
_REPETITIVE = 2.4
"""Compression ratio of a loop, from the paper on Whisper (Radford et al. 2022, 4.5), there of letters of one byte."""
_OUTSIDE = 0.5
"""Share of a segment's words outside the voiced spans."""
_IMPROBABLE = math.exp(-1.0)
"""Mean probability under which a text is taken for failed, from the same table of that paper."""
_DOUBTED = 0.6
"""Mean probability under which an everyday phrase is not believed where it stands alone."""
_LETTERS_A_SECOND = 40.0
"""Fast speech has about six words, 28 letters, a second; read out as fast as can be understood, it has 35."""
_LETTERS_AT_LEAST = 12
"""Letters under which a segment is too short to have a speed: the times of words are good to a tenth of a second."""
_INSTANT = 0.02
"""Seconds; the step of Whisper's times. A word that is not longer has none."""
_INSTANTS = 4
"""Words without a time in a row: at the end of a window Whisper piles up what it has made up."""
_FLIP_SECONDS = 4.0
"""Longest time in another language that is no change of language."""


def judge(segments: Sequence[Segment], speech: Sequence[Span]) -> tuple[Segment, ...]:
    """The segments of a chunk with their `suspicions`.

    `segments`: in order of time. `speech`: where voice was heard, ascending; both in seconds from the start of the chunk. What an
    engine had to say against its own segments stays, if it is none of `CODES`.
    """
    found = _repeated(segments)
    flipped = _flipped(segments)
    judged: list[Segment] = []
    for place, segment in enumerate(segments):
        outside = _outside(segment, speech) > _OUTSIDE
        rules = (
            (REPETITION, place in found or _compression_ratio(segment.text) > _REPETITIVE),
            (OVER_SILENCE, outside),
            (PHANTOM_PHRASE, _is_phantom(segment, segments, place, speech, outside=outside)),
            (IMPROBABLE, probability(segment) < _IMPROBABLE),
            (TOO_FAST, _is_too_fast(segment)),
            (LANGUAGE_FLIP, place in flipped),
        )
        codes = tuple(code for code in segment.suspicions if code not in CODES) + tuple(code for code, holds in rules if holds)
        judged.append(segment if codes == segment.suspicions else replace(segment, suspicions=codes))
    return tuple(judged)


def probability(segment: Segment) -> float:
    """Geometric mean of the words' probabilities; the segment's own when the engine timed no words.

    An engine that reads whole windows may give each segment the mean of its window.
    """
    if not segment.words:
        return segment.probability
    return math.exp(sum(math.log(max(word.probability, 1e-6)) for word in segment.words) / len(segment.words))


def _repeated(segments: Sequence[Segment]) -> set[int]:
    """Segments of which most words belong to a loop, within one or over many."""
    words = [(word, place) for place, segment in enumerate(segments) for word in bare_words(segment.text)]
    loops = looping([word for word, _ in words])
    said, looped = [0] * len(segments), [0] * len(segments)
    for index, (_, place) in enumerate(words):
        said[place] += 1
        looped[place] += index in loops
    return {place for place, count in enumerate(looped) if count and count >= _LOOPED * said[place]}


def _compression_ratio(text: str) -> float:
    """Letters for bytes, so that scripts of three bytes a letter do not look like loops."""
    codes = {letter: code % 256 for code, letter in enumerate(dict.fromkeys(text))}
    data = bytes(codes[letter] for letter in text)
    return len(data) / len(zlib.compress(data)) if data else 0.0


def _outside(segment: Segment, speech: Sequence[Span]) -> float:
    """Share of the words whose middle lies in no voiced span; of the time when no words are timed."""
    speech = [span for span in speech if span.start <= segment.end and segment.start <= span.end]
    if segment.words:
        middles = [(word.start + word.end) / 2 for word in segment.words]
        return sum(not any(span.start <= middle <= span.end for span in speech) for middle in middles) / len(middles)
    length = segment.end - segment.start
    if length <= 0:
        return float(not any(span.start <= segment.start <= span.end for span in speech))
    return 1.0 - sum(max(0.0, min(span.end, segment.end) - max(span.start, segment.start)) for span in speech) / length


def _is_phantom(segment: Segment, segments: Sequence[Segment], place: int, speech: Sequence[Span], *, outside: bool) -> bool:
    words = bare_words(segment.text)
    credit = words in CREDITS
    if not credit and words not in EVERYDAY:
        return False
    if outside or segment.no_speech_probability >= SILENT:
        return True
    # Whoever speaks says more than that in one breath.
    middle = (segment.start + segment.end) / 2
    around = [span for span in speech if span.start <= middle <= span.end]
    others = (*segments[max(0, place - 1) : place], *segments[place + 1 : place + 2])
    alone = not any(span.start < other.end and other.start < span.end for span in around for other in others)
    return alone and (credit or probability(segment) < _DOUBTED)


def _is_too_fast(segment: Segment) -> bool:
    if any(
        instant and len(list(group)) >= _INSTANTS
        for instant, group in groupby(segment.words, lambda word: word.end - word.start <= _INSTANT)
    ):
        return True
    said = letters(segment.text)
    return said >= _LETTERS_AT_LEAST and said > _LETTERS_A_SECOND * (segment.end - segment.start)


def _flipped(segments: Sequence[Segment]) -> set[int]:
    """Segments of short stretches in another script or language than what is on both sides."""
    kinds = [(place, kind) for place, segment in enumerate(segments) if (kind := _kind(segment)) is not None]
    runs = [(kind, [place for place, _ in group]) for kind, group in groupby(kinds, lambda one: one[1])]
    flipped: set[int] = set()
    for (before, _), (_, places), (after, _) in zip(runs, runs[1:], runs[2:], strict=False):
        if before == after and sum(segments[place].end - segments[place].start for place in places) <= _FLIP_SECONDS:
            flipped.update(places)
    return flipped


def _kind(segment: Segment) -> tuple[str, str | None] | None:
    """What it is written in; None without letters."""
    written = script(segment.text)
    return None if written is None else (written, segment.language)
