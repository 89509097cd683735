"""What an evaluation finds, by recording and in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diarist.domain.coverage import CoverageLabel
from diarist.domain.transcript import Transcript
from diarist.evaluation.references import Sample, words_of_text
from diarist.evaluation.scoring import Comparison, SaidWord, TimeErrors, WordErrors, compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How one recording was heard; or several, added up."""

    seconds: float
    """Of sound."""
    elapsed: float
    """Seconds from the first byte to the finished transcript."""
    comparison: Comparison
    silent: WordErrors
    """Of what nothing is said in; its insertions are words over silence."""
    trust: tuple[tuple[int, float], ...] = ()
    """Trust score, and the seconds it stands for."""
    coverage: Mapping[CoverageLabel, float] | None = None
    """Seconds by label; None where it is not known."""

    @property
    def speed(self) -> float:
        """Seconds of sound in a second."""
        return self.seconds / self.elapsed if self.elapsed > 0 else 0.0


def measured(sample: Sample, transcript: Transcript, elapsed: float) -> Measured:
    """Compare a transcript with what was said."""
    comparison = compare(sample.said, heard_words(transcript))
    return Measured(
        seconds=transcript.duration,
        elapsed=elapsed,
        comparison=comparison,
        silent=WordErrors() if sample.said else comparison.errors,
        trust=() if transcript.trust is None else ((transcript.trust, transcript.duration),),
        coverage=transcript.coverage.totals if transcript.coverage else None,
    )


def heard_words(transcript: Transcript) -> list[SaidWord]:
    """The words of a transcript; those of a segment that tells none are without times."""
    return [
        word
        for segment in transcript.segments
        for word in (
            [SaidWord(text=one.text, start=one.start, end=one.end) for one in segment.words] or words_of_text(segment.text)
        )
    ]


def in_all(parts: Sequence[Measured]) -> Measured:
    """All recordings as if they were one."""
    known = [part.coverage for part in parts if part.coverage is not None]
    return Measured(
        seconds=sum(part.seconds for part in parts),
        elapsed=sum(part.elapsed for part in parts),
        comparison=Comparison(
            errors=sum((part.comparison.errors for part in parts), WordErrors()),
            start_errors=tuple(error for part in parts for error in part.comparison.start_errors),
        ),
        silent=sum((part.silent for part in parts), WordErrors()),
        trust=tuple(score for part in parts for score in part.trust),
        coverage={label: sum(one[label] for one in known) for label in CoverageLabel} if known else None,
    )


def trust_of(found: Measured) -> int | None:
    """The mean trust score, weighted by length; None where there is none."""
    total = sum(seconds for _, seconds in found.trust)
    return round(sum(score * seconds for score, seconds in found.trust) / total) if total else None


def to_json(found: Measured) -> dict[str, Any]:
    """Figures by name; times in seconds, rates from 0."""
    errors, times = found.comparison.errors, TimeErrors.of(found.comparison.start_errors)
    return {
        "duration": round(found.seconds, 3),
        "elapsed": round(found.elapsed, 3),
        "speed": round(found.speed, 2),
        "words": errors.words,
        "word_error_rate": None if errors.rate is None else round(errors.rate, 5),
        "substitutions": errors.substitutions,
        "deletions": errors.deletions,
        "insertions": errors.insertions,
        "words_over_silence": found.silent.insertions,
        "word_times": None
        if times is None
        else {
            "words": times.words,
            "median": round(times.median, 4),
            "percentile_95": round(times.percentile_95, 4),
            "shift": round(times.shift, 4),
        },
        "trust": trust_of(found),
        "coverage": None if found.coverage is None else {label.value: round(s, 3) for label, s in found.coverage.items()},
    }
