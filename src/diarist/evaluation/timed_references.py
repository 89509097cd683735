"""References that tell times: word lists in JSON and CTM, and subtitles, of which each cue's first and last word are timed."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from diarist.evaluation.scoring import SaidWord

T = TypeVar("T")

_CUE = re.compile(r"^\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{3})\s*-->\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{3})")
_MARKUP = re.compile(r"<[^>]*>|\{\\[^}]*\}")


def words_of_json(text: str) -> list[SaidWord]:
    """Words as Diarist, Whisper and others write them; raises `ValueError`.

    A list of words, or an object with `words`, or with `segments` that have `words`; a word has `start`, `end` (seconds) and
    `word` or `text`.
    """
    try:
        return list(_said(json.loads(text)))
    except (RecursionError, OverflowError) as error:
        raise ValueError("nested too deeply, or with numbers that are none") from error


def _said(document: Any) -> Iterator[SaidWord]:
    match document:
        case {"segments": [*segments]}:
            for segment in segments:
                yield from _of_segment(segment)
        case {"words": [*words]} | [*words]:
            yield from map(_word, words)
        case _:
            raise ValueError("neither `words` nor `segments` in it")


def _of_segment(segment: Any) -> Iterator[SaidWord]:
    match segment:
        case {"words": [_, *_] as words}:
            yield from map(_word, words)
        case {"text": str(text)}:
            yield from _phrase(text, _field(segment, "start", float), _field(segment, "end", float))
        case _:
            raise ValueError("a segment with neither `words` nor `text`")


def _word(entry: Any) -> SaidWord:
    text = _field(entry, "word", str) or _field(entry, "text", str)
    if text is None:
        raise ValueError("a word without text")
    return SaidWord(text=text.strip(), start=_field(entry, "start", float), end=_field(entry, "end", float))


def _field(entry: Any, name: str, kind: type[T]) -> T | None:
    value = entry.get(name) if isinstance(entry, dict) else None
    value = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if value is not None and not isinstance(value, kind):
        raise ValueError(f"`{name}` is no {'number' if kind is float else 'text'}")
    return value


def words_of_ctm(text: str) -> list[SaidWord]:
    """NIST's conversation time marks: `file channel start duration word`, one a line; raises `ValueError`."""
    words = []
    for line in text.splitlines():
        if not line.strip() or line.startswith(";;"):
            continue
        _, _, start, duration, word, *_ = line.split()
        words.append(SaidWord(text=word, start=float(start), end=float(start) + float(duration)))
    return words


def words_of_cues(text: str) -> list[SaidWord]:
    """SubRip or WebVTT, its lines ended as `read_text` leaves them; raises `ValueError`."""
    words: list[SaidWord] = []
    found = False
    for block in re.split(r"\n\s*\n", text):
        lines = block.split("\n")
        cue = next(((place, times) for place, line in enumerate(lines) if (times := _CUE.match(line))), None)
        if cue is None:
            continue  # a header, a note, a style
        found = True
        place, times = cue
        spoken = html.unescape(_MARKUP.sub("", " ".join(lines[place + 1 :])))
        words += _phrase(spoken, _seconds(times[1]), _seconds(times[2]))
    if not found and text.strip() not in {"", "WEBVTT"}:
        raise ValueError("no line with `-->` and times")
    return words


def _phrase(text: str, start: float | None, end: float | None) -> Sequence[SaidWord]:
    words = [SaidWord(text=word) for word in text.split()]
    if words:
        words[-1] = SaidWord(text=words[-1].text, end=end)
        words[0] = SaidWord(text=words[0].text, start=start, end=words[0].end)
    return words


def _seconds(clock: str) -> float:
    *hours, minutes, seconds = clock.replace(",", ".").split(":")
    return int(hours[0] if hours else 0) * 3600 + int(minutes) * 60 + float(seconds)
