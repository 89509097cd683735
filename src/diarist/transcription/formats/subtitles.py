"""A transcript as subtitles: SubRip and WebVTT (W3C)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from textwrap import wrap

from diarist.domain.channels import label, speaker
from diarist.domain.clock import clock
from diarist.domain.transcript import Transcript
from diarist.transcription.formats.cues import COLUMNS_A_SECOND, LONGEST, MARK, SHORTEST, Cue, cues_of
from diarist.transcription.formats.form import Layout
from diarist.transcription.formats.wording import columns, plain

_STYLE = "\nSTYLE\n::cue(.doubtful) {\n  font-style: italic;\n}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What is on the screen from one millisecond to another."""

    start: int
    end: int
    cue: Cue
    note: str = ""
    """For who reads the file."""

    @property
    def text(self) -> str:
        """Its lines."""
        return "\n".join(self.cue.lines)


def srt(transcript: Transcript, layout: Layout) -> str:
    """SubRip; empty without speech. Doubtful text begins with `[?]` and that of a known speaker with the name."""
    return "\n".join(
        f"{number}\n{_clock(shown.start, ',')} --> {_clock(shown.end, ',')}\n{_before(shown.cue)}{shown.text}\n"
        for number, shown in enumerate(_timed(transcript, layout), start=1)
    )


def vtt(transcript: Transcript, layout: Layout) -> str:
    """WebVTT; a bare header without speech. Doubtful text has the class `doubtful` and a note with the reasons.

    Who speaks is said by voice spans, as the format has them.
    """
    timed = _timed(transcript, layout)
    style = _STYLE if any(shown.cue.suspicions for shown in timed) else ""
    partial = "\nNOTE This is what there is so far; more is to come.\n" if transcript.partial else ""
    return f"WEBVTT\n{style}{partial}{''.join(_vtt_blocks(timed))}"


def _vtt_blocks(timed: Sequence[_Shown]) -> Iterator[str]:
    for shown in timed:
        if shown.note:
            yield f"\nNOTE {_vtt_text(shown.note)}\n"
        text = _vtt_text(shown.text)
        marked = f"<c.doubtful>{text}</c>" if shown.cue.suspicions else text
        who = speaker(shown.cue.channel)
        said = f"<v {who}>{marked}</v>" if who else marked
        yield f"\n{_clock(shown.start, '.')} --> {_clock(shown.end, '.')}\n{said}\n"


def _timed(transcript: Transcript, layout: Layout) -> list[_Shown]:
    """Cues and gaps in order, long enough to be read where there is room, two at once only where two speak at once."""
    found = [(cue, _doubts(cue)) for cue in cues_of(transcript, layout)]
    for gap in transcript.gaps:
        span = f"{clock(gap.span.start)} to {clock(gap.span.end)}"
        lines = tuple(wrap(f"[Not transcribed: {span}]", layout.max_line_length))
        cue = Cue(start=gap.span.start, end=min(gap.span.end, gap.span.start + LONGEST), lines=lines)
        found.append((cue, f"Not transcribed from {span}: {plain(gap.message)} ({gap.code})"))
    found.sort(key=lambda one: one[0].start)
    whole = round(max([transcript.duration, *(cue.end for cue, _ in found)]) * 1000)
    channels = {cue.channel for cue, _ in found}
    voices = [_one_after_another([one for one in found if one[0].channel == channel], whole) for channel in channels]
    return sorted(chain(*voices), key=lambda shown: (shown.start, shown.cue.channel or 0))


def _one_after_another(found: Sequence[tuple[Cue, str]], whole: int) -> list[_Shown]:
    """Cues with their notes, in order; `whole`: milliseconds of the recording."""
    limits = [round(after.start * 1000) for (_, _), (after, _) in pairwise(found)]
    shown: list[_Shown] = []
    for (cue, note), limit in zip(found, [*limits, whole], strict=False):
        # Cues are at least a millisecond long, as WebVTT wants it, even where words have no length.
        start = max(round(cue.start * 1000), shown[-1].end if shown else 0)
        wish = max(cue.end, cue.start + min(LONGEST, max(SHORTEST, _reading_seconds(cue))))
        shown.append(_Shown(start=start, end=max(start + 1, min(round(wish * 1000), limit)), cue=cue, note=note))
    return shown


def _before(cue: Cue) -> str:
    return label(cue.channel) + MARK * bool(cue.suspicions)


def _doubts(cue: Cue) -> str:
    return f"Doubtful: {', '.join(cue.suspicions)}" if cue.suspicions else ""


def _reading_seconds(cue: Cue) -> float:
    return sum(map(columns, cue.lines)) / COLUMNS_A_SECOND


def _clock(milliseconds: int, separator: str) -> str:
    """`HH:MM:SS,mmm` (SubRip) or `HH:MM:SS.mmm` (WebVTT)."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{separator}{rest:03d}"


def _vtt_text(text: str) -> str:
    """`&`, `<` and `>` have meanings in a WebVTT cue; thereby no text can hold an arrow either."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
