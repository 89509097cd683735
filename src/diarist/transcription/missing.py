"""Speech that was heard and has no text: where the most of it is, and what the owner is told."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.domain.audio import Notice
from diarist.domain.clock import clock
from diarist.domain.coverage import Coverage, CoverageLabel, CoverageSpan
from diarist.transcription.coverage import NO_WORDS

_NOTABLE_SECONDS = 30.0
"""So much is worth a warning in a recording of any length."""
_NOTABLE_SHARE = 0.02
"""Of the voiced time; a sentence of a memo, the laughter of a long meeting."""
_NAMED = 3
"""Moments that are named in a warning."""
WARNING = "dropped_speech"
"""The warning's code."""


def dropped_spans(coverage: Coverage) -> list[CoverageSpan]:
    """What was dropped, the longest first; parts that failed are gaps of their own and not among it."""
    dropped = [span for span in coverage.spans if span.label is CoverageLabel.DROPPED_SPEECH and span.reason == NO_WORDS]
    return sorted(dropped, key=lambda span: -span.duration)


def places(spans: Sequence[CoverageSpan], most: int) -> str:
    """Where so many of them are at most, in order of time, and how many more there are; `spans`: the longest first."""
    named = ", ".join(f"{clock(span.start)}-{clock(span.end)}" for span in sorted(spans[:most], key=lambda span: span.start))
    return named + (f" and {len(spans) - most} more" if len(spans) > most else "")


def missing_speech(coverage: Coverage | None) -> Notice | None:
    """The warning, when more than 30 s or 2 % of what was spoken has no text."""
    dropped = dropped_spans(coverage) if coverage else []
    seconds = sum(span.duration for span in dropped)
    if coverage is None or not dropped or (seconds <= _NOTABLE_SECONDS and seconds <= _NOTABLE_SHARE * coverage.voiced):
        return None
    message = (
        f"{seconds:.0f} s with a voice have no text: {places(dropped, _NAMED)}. Listen there; a larger model may hear more: set "
        "DIARIST_ENGINE__MODEL, then `diarist retry --stage transcribe`."
    )
    return Notice(code=WARNING, message=message)
