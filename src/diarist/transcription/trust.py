"""How far a transcript can be trusted, as one number; pure. `docs/explanation/what-can-be-trusted.md` tells what it means."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from diarist.domain.coverage import Coverage, CoverageLabel
from diarist.domain.transcript import Segment, Transcript
from diarist.transcription.coverage import cover
from diarist.transcription.merge import Part

_SUSPECT = 0.5
"""What a second of suspect text counts for: whether it is right or made up is unknown."""
_INSTANT = 0.01
"""Seconds that a word counts for at least, so that one that takes no time is not left out."""


def assess(transcript: Transcript, parts: Sequence[Part]) -> Transcript:
    """The transcript with its coverage and its trust score, both None where the parts do not tell enough."""
    coverage = cover(transcript, parts)
    return replace(transcript, coverage=coverage, trust=trust(coverage, transcript.segments) if coverage else None)


def trust(coverage: Coverage, segments: Sequence[Segment]) -> int | None:
    """0 to 100: the share of the voiced time whose text can be expected to be right; None where nobody spoke.

    `floor(100 * certainty * (transcribed + suspect / 2) / (transcribed + suspect + dropped))`, in seconds; certainty is the mean
    probability of the words, each weighted by how long it takes.
    """
    voiced = coverage.voiced
    if not voiced:
        return None
    totals = coverage.totals
    credited = totals[CoverageLabel.TRANSCRIBED] + _SUSPECT * totals[CoverageLabel.SUSPECT]
    # A hair more, for 0.29 * 100 is 28.999999999999996.
    return math.floor(100 * _certainty(segments) * credited / voiced + 1e-6)


def _certainty(segments: Sequence[Segment]) -> float:
    weighed = [
        (max(_INSTANT, word.end - word.start), min(1.0, max(0.0, word.probability)))
        for segment in segments
        for word in segment.words or (segment,)
    ]
    total = math.fsum(seconds for seconds, _ in weighed)
    return math.fsum(seconds * probability for seconds, probability in weighed) / total if total else 0.0
