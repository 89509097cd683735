"""What became of every second of a recording: transcribed, suspect, dropped, without speech, or still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class CoverageLabel(StrEnum):
    """What became of a stretch of time."""

    TRANSCRIBED = "transcribed"
    """Voice was heard and there is text for it, against which nothing speaks."""
    SUSPECT = "suspect"
    """There is text, but something speaks against it; or there was, and a second hearing withdrew it."""
    DROPPED_SPEECH = "dropped_speech"
    """Voice was heard and there is no text for it."""
    NO_SPEECH = "no_speech"
    """No voice was heard, and there is no text."""
    PENDING = "pending"
    """Not heard yet; only in what is partial."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageSpan:
    """A stretch of time with one label."""

    start: float
    """Seconds from the start of the recording, to the millisecond."""
    end: float
    """Seconds from the start of the recording, to the millisecond."""
    label: CoverageLabel
    reason: str
    """Code of why the label was given; empty where the label says all."""

    @property
    def duration(self) -> float:
        """Seconds, to the millisecond."""
        return _milliseconds(self) / 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The whole length of a recording, from 0 to its duration, without hole or overlap; neighbours differ."""

    spans: tuple[CoverageSpan, ...]

    @property
    def duration(self) -> float:
        """Seconds, to the millisecond."""
        return self.spans[-1].end if self.spans else 0.0

    @property
    def totals(self) -> Mapping[CoverageLabel, float]:
        """Seconds by label, every label; to the millisecond they sum to the duration exactly."""
        totals = dict.fromkeys(CoverageLabel, 0)
        for span in self.spans:
            totals[span.label] += _milliseconds(span)
        return {label: total / 1000 for label, total in totals.items()}

    @property
    def voiced(self) -> float:
        """Seconds in which somebody speaks, as far as is known: transcribed, suspect or dropped."""
        totals = self.totals
        spoken = (CoverageLabel.TRANSCRIBED, CoverageLabel.SUSPECT, CoverageLabel.DROPPED_SPEECH)
        return round(sum(totals[label] for label in spoken), 3)


def _milliseconds(span: CoverageSpan) -> int:
    # Whole numbers, for sums of floats are not exact.
    return round(span.end * 1000) - round(span.start * 1000)
