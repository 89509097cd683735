"""Which of the texts that were read by window are taken as they are, and which are heard again before they are believed; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from diarist.adapters.transcription_engines.phrases import phrases
from diarist.adapters.transcription_engines.vocabulary import VOCABULARY_ECHO, echoes
from diarist.adapters.transcription_engines.whisper_segments import doubtful, has_words, segment_of
from diarist.adapters.transcription_engines.whisper_windows import WindowText
from diarist.domain.audio import Span
from diarist.domain.bare_text import bare_words
from diarist.domain.transcript import Segment
from diarist.ports.transcription_engine import DOUBTED, UNCONFIRMED

Hear = Callable[[float, float], Iterable[Segment]]
"""Hears from one second of the joined sound to another; times come back as seconds of the joined sound."""


def trusted(
    texts: Iterable[WindowText], cuts: Sequence[Span], hear: Hear, vocabulary: Sequence[str], replaced: list[Segment]
) -> Iterator[Segment]:
    """The windows' texts by phrase; a window whose text is doubtful is heard by itself instead, and without hints.

    Where no word is heard then, the first text comes all the same, under suspicion: whoever asked decides on it, and keeps a
    record. Where other words are heard, the first text is put into `replaced`, for the record too. Marks without a word, as
    Whisper writes over silence, are nothing heard.
    """
    for window, text in zip(cuts, texts, strict=True):
        if not doubtful(text):
            yield from _read(text, vocabulary)
            continue
        heard: list[str] = []
        for segment in hear(window.start, window.end):
            if has_words(segment.text):
                heard += bare_words(segment.text)
                yield segment
        first = [segment for segment in _read(text, vocabulary) if has_words(segment.text)]
        if not heard:
            yield from (_under(segment, UNCONFIRMED) for segment in first)
        elif heard != [word for segment in first for word in bare_words(segment.text)]:
            replaced += (_under(segment, DOUBTED) for segment in first)


def _under(segment: Segment, suspicion: str) -> Segment:
    return replace(segment, suspicions=(*segment.suspicions, suspicion))


def _read(text: WindowText, vocabulary: Sequence[str]) -> Iterator[Segment]:
    for phrase in phrases(text.words):
        segment = segment_of(text, phrase)
        echo = vocabulary and echoes(segment.text, text.text, vocabulary)
        yield replace(segment, suspicions=(VOCABULARY_ECHO,)) if echo else segment
