"""Cuts a transcript into subtitles at the borders of phrases, as guidelines for subtitles ask.

The figures are those of Netflix, Timed Text Style Guide (General Requirements; English): at most two lines of 42 characters,
5/6 to 7 seconds, 20 characters a second. A full-width character counts as two, which comes near to what the guide says of
Chinese, Japanese and Korean.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, pairwise

from diarist.domain.channels import label
from diarist.domain.transcript import Segment, Transcript
from diarist.transcription.formats.cutting import best_cuts
from diarist.transcription.formats.form import Layout
from diarist.transcription.formats.lines import ENDS, PAUSES, QUOTES, break_lines, lines_needed
from diarist.transcription.formats.pieces import Piece, pieces_of
from diarist.transcription.formats.wording import columns

SHORTEST, LONGEST = 5 / 6, 7.0
"""Seconds that a cue is shown; it is shorter only where the next begins at once."""
COLUMNS_A_SECOND = 20.0
MARK = "[?] "
"""What stands before doubtful text in formats that have no other way to say so."""

_SILENCE = 2.0
"""Seconds; no cue stays over so long a pause."""
_A_CUE = 0.6
_TOO_SHORT, _TOO_FAST, _A_PAUSE_INSIDE, _A_SENTENCE_INSIDE, _FULL = 3.0, 2.0, 1.5, 0.2, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A subtitle: from its first word to at least its last."""

    start: float
    """Seconds."""
    end: float
    """Seconds; at most `LONGEST` after the start."""
    lines: tuple[str, ...]
    suspicions: tuple[str, ...] = ()
    channel: int | None = None
    """That of its text, where channels tell voices apart."""


def cues_of(transcript: Transcript, layout: Layout) -> list[Cue]:
    """The whole text in cues, ascending in each channel; they may touch and, where words have no length, be of none."""
    cues: list[Cue] = []
    for channel, turn in groupby(transcript.segments, lambda segment: segment.channel):
        cues += _cues_of([*turn], channel, layout)
    return cues


def _cues_of(segments: Sequence[Segment], channel: int | None, layout: Layout) -> Iterator[Cue]:
    for suspicions, run in _runs(segments):
        length = layout.max_line_length - len(MARK) * bool(suspicions) - len(label(channel))
        for first, after in best_cuts(len(run), _Prices(run, length, layout.max_lines)):
            pieces = run[first:after]
            yield Cue(
                start=pieces[0].start,
                end=min(pieces[-1].end, pieces[0].start + LONGEST),
                lines=break_lines(pieces, length),
                suspicions=suspicions,
                channel=channel,
            )


def _runs(segments: Sequence[Segment]) -> Iterator[tuple[tuple[str, ...], list[Piece]]]:
    """Pieces that may share a cue: doubted for the same reasons, without a long silence between them."""
    run: list[Piece] = []
    doubts: tuple[str, ...] = ()
    for segment in segments:
        pieces = pieces_of(segment)
        for place, piece in enumerate(pieces):
            follows = not place and bool(run)
            if run and (piece.start - run[-1].end >= _SILENCE or (follows and segment.suspicions != doubts)):
                yield doubts, run
                run = []
            doubts = segment.suspicions
            run.append(Piece(piece.start, piece.end, piece.text, spaced=True) if follows and run else piece)
    if run:
        yield doubts, run


class _Prices:
    """What it costs to make a cue of some pieces of a run."""

    def __init__(self, run: Sequence[Piece], length: int, max_lines: int) -> None:
        self._run, self._length, self._max_lines = run, length, max_lines
        self._widths = [0, *accumulate(columns(piece.text) + piece.spaced for piece in run)]
        pauses = [max(0.0, after.start - before.end) for before, after in pairwise(run)]
        ends = [piece.text.rstrip(QUOTES).endswith(ENDS) for piece in run]
        self._pauses = [0.0, *accumulate(pause * (pause > 0.5) for pause in pauses)]  # noqa: PLR2004 - seconds: a breath
        self._sentences = [0, *accumulate(ends)]
        self._cuts = [*(_price_of_cut(piece, pause) for piece, pause in zip(run, pauses, strict=False)), 0.0]

    def __call__(self, first: int, after: int) -> float | None:
        run, last = self._run, after - 1
        start, end = run[first].start, run[last].end
        width = self._widths[after] - self._widths[first] - run[first].spaced
        if last > first and (end - start > LONGEST or not self._fits(first, after, width)):
            return None
        # What a cue can be lengthened to before the next one begins.
        room = max(end, run[after].start) if after < len(run) else end + SHORTEST
        shown = max(end - start, min(room - start, max(SHORTEST, width / COLUMNS_A_SECOND)))
        price = _A_CUE + self._cuts[last] + _FULL * (width / self._length) ** 2
        price += _TOO_SHORT * max(0.0, 1 - shown / SHORTEST)
        price += _TOO_FAST * min(2.0, max(0.0, width / COLUMNS_A_SECOND / max(shown, 0.1) - 1))
        price += _A_PAUSE_INSIDE * (self._pauses[last] - self._pauses[first])
        return price + _A_SENTENCE_INSIDE * (self._sentences[last] - self._sentences[first])

    def _fits(self, first: int, after: int, width: int) -> bool:
        if width <= self._length:
            return True
        return width <= self._length * self._max_lines and lines_needed(self._run[first:after], self._length) <= self._max_lines


def _price_of_cut(piece: Piece, pause: float) -> float:
    """A cut after this piece, before a pause: cheapest between sentences, dear within a phrase."""
    said = piece.text.rstrip(QUOTES)
    if said.endswith(ENDS):
        return 0.0
    if said.endswith(PAUSES):
        return 0.4 if pause < 0.2 else 0.2  # noqa: PLR2004 - seconds
    return max(0.3, 1.5 - 3 * pause)
