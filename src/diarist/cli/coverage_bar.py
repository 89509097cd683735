"""Coverage as a coloured bar over the length of a recording, with a legend that can be read without colours too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.text import Text

from diarist.cli.clock import duration
from diarist.domain.coverage import Coverage, CoverageLabel
from diarist.transcription.missing import places

_LOOKS = {
    CoverageLabel.TRANSCRIBED: ("█", "#", "green"),
    CoverageLabel.SUSPECT: ("▒", "?", "yellow"),
    CoverageLabel.DROPPED_SPEECH: ("!", "!", "red"),
    CoverageLabel.NO_SPEECH: ("·", ".", "dim"),
    CoverageLabel.PENDING: ("…", "~", "cyan"),
}
"""Sign, sign where only ASCII can be shown, style."""
_ALARMING = (CoverageLabel.DROPPED_SPEECH, CoverageLabel.SUSPECT)
"""Shown however short they are: in a bar of two hours nothing else would be seen of a sentence."""
_ROUNDING = 1e-6
"""Seconds that are none."""
_LISTED = 5
"""Moments of dropped speech that are listed."""


def bar(coverage: Coverage, width: int, *, ascii_only: bool = False) -> Text:
    """A sign for each equal part of the recording: the worst that is in it, otherwise what is the most of it."""
    text = Text(no_wrap=True, overflow="crop")
    for label, cells in groupby(_cells(coverage, width)):
        text.append(_sign(label, ascii_only=ascii_only) * sum(1 for _ in cells), style=_LOOKS[label][2])
    return text


def legend(coverage: Coverage, *, ascii_only: bool = False) -> Text:
    """Sign, name and seconds of each label that there is."""
    entries = [
        Text.assemble((_sign(label, ascii_only=ascii_only), _LOOKS[label][2]), f" {label.replace('_', ' ')} {duration(seconds)}")
        for label, seconds in coverage.totals.items()
        if seconds
    ]
    return Text("  ").join(entries)


def dropped(coverage: Coverage) -> str:
    """Where the longest stretches of dropped speech are, in order of time; empty if there are none."""
    spans = [span for span in coverage.spans if span.label is CoverageLabel.DROPPED_SPEECH]
    return places(sorted(spans, key=lambda span: -span.duration), _LISTED)


def _cells(coverage: Coverage, width: int) -> Iterator[CoverageLabel]:
    cell = coverage.duration / width
    spans, at = coverage.spans, 0
    for number in range(width if spans else 0):
        start, end = number * cell, (number + 1) * cell
        seconds: dict[CoverageLabel, float] = {}
        while True:
            span = spans[at]
            seconds[span.label] = seconds.get(span.label, 0.0) + min(end, span.end) - max(start, span.start)
            if span.end > end or at + 1 == len(spans):
                break
            at += 1
        alarming = next((label for label in _ALARMING if seconds.get(label, 0.0) > _ROUNDING), None)
        yield alarming or max(seconds, key=lambda label: seconds[label])


def _sign(label: CoverageLabel, *, ascii_only: bool) -> str:
    fine, plain, _ = _LOOKS[label]
    return plain if ascii_only else fine
