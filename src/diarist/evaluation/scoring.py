"""Compares what was heard with what was said: words wrong, words missing, words too many, and how far their times are off."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rapidfuzz.distance import Levenshtein

from diarist.evaluation.tokens import tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidWord:
    """A word as it is written, with its time where that is known."""

    text: str
    start: float | None = None
    """Seconds from the start of the recording."""
    end: float | None = None
    """Seconds from the start of the recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordErrors:
    """Counts of one alignment with the fewest errors; can be added up."""

    words: int = 0
    """In the reference."""
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0

    @property
    def rate(self) -> float | None:
        """The word error rate: errors over words of the reference, which may be more than 1; None without words."""
        return (self.substitutions + self.deletions + self.insertions) / self.words if self.words else None

    def __add__(self, other: WordErrors) -> WordErrors:
        return WordErrors(
            words=self.words + other.words,
            substitutions=self.substitutions + other.substitutions,
            deletions=self.deletions + other.deletions,
            insertions=self.insertions + other.insertions,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One recording, heard and said."""

    errors: WordErrors
    start_errors: tuple[float, ...] = ()
    """Seconds by which matched words begin late (early: negative), where the reference has times."""


def compare(said: Sequence[SaidWord], heard: Sequence[SaidWord]) -> Comparison:
    """Align by the fewest errors (Levenshtein), after `tokens` of both."""
    ours, theirs = (tokens([word.text for word in words]) for words in (heard, said))
    substitutions = deletions = insertions = 0
    off: list[float] = []
    for step in Levenshtein.opcodes([token.text for token in theirs], [token.text for token in ours]):
        match step.tag:
            case "replace":
                substitutions += step.src_end - step.src_start
            case "delete":
                deletions += step.src_end - step.src_start
            case "insert":
                insertions += step.dest_end - step.dest_start
            case _:
                matched = zip(theirs[step.src_start : step.src_end], ours[step.dest_start : step.dest_end], strict=True)
                for wanted, found in matched:
                    at, was = said[wanted.first].start, heard[found.first].start
                    if at is not None and was is not None:
                        off.append(was - at)
    errors = WordErrors(words=len(theirs), substitutions=substitutions, deletions=deletions, insertions=insertions)
    return Comparison(errors=errors, start_errors=tuple(off))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeErrors:
    """How far word times are off, in seconds."""

    words: int
    """Whose times could be compared."""
    median: float
    """Of the absolute values."""
    percentile_95: float
    """Of the absolute values."""
    shift: float
    """Median with sign: more than 0 means late."""

    @classmethod
    def of(cls, start_errors: Sequence[float]) -> TimeErrors | None:
        """None when there is nothing to compare."""
        if not start_errors:
            return None
        sizes = sorted(map(abs, start_errors))
        return cls(
            words=len(sizes),
            median=median(sizes),
            percentile_95=sizes[math.ceil(0.95 * len(sizes)) - 1],
            shift=median(start_errors),
        )
