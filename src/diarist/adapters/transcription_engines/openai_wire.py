"""What a server answers to POST /v1/audio/transcriptions, and the segments that follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from diarist.adapters.transcription_engines.token_words import belief
from diarist.domain.audio import Span
from diarist.domain.transcript import Segment, Word
from diarist.errors import EngineFailed


class WireWord(msgspec.Struct):
    """An entry of `words`; OpenAI writes it bare, others with its space and its punctuation."""

    word: str
    start: float
    end: float
    probability: float | None = None
    """Only of some servers."""


class WireSegment(msgspec.Struct):
    """An entry of `segments`."""

    start: float
    end: float
    text: str
    avg_logprob: float | None = None
    compression_ratio: float | None = None
    no_speech_prob: float | None = None
    temperature: float | None = None
    words: list[WireWord] | None = None
    """Only of some servers; OpenAI has one list for the whole answer."""


class WireLogprob(msgspec.Struct):
    """An entry of `logprobs`, which the models have that give no times."""

    logprob: float


class Answer(msgspec.Struct):
    """`verbose_json`, or `json`, which is its `text` alone; times are seconds of the sound that was sent."""

    text: str
    language: str | None = None
    segments: list[WireSegment] | None = None
    words: list[WireWord] | None = None
    logprobs: list[WireLogprob] | None = None


def read_answer(body: bytes) -> Answer:
    """Raises `EngineFailed` for what is no such answer."""
    try:
        return msgspec.json.decode(body, type=Answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # a ValidationError is one, too
        raise EngineFailed("The server's answer is not what a transcription looks like.") from error


def segments_of(answer: Answer, sent: Span) -> Iterator[Segment]:
    """In order, not overlapping, within `sent` (seconds of the joined sound); words begin with the space before them.

    Text without times lies in the whole of `sent`. A segment whose words do not spell its text has none. A probability that the
    server does not give is 1, and that of a word without its own is its segment's.
    """
    if not answer.segments:
        if text := answer.text.strip():
            yield Segment(
                start=sent.start, end=sent.end, text=text, probability=belief([one.logprob for one in answer.logprobs or ()])
            )
        return
    words = _Words(answer.words or [])
    clock = _Clock(sent)
    for found in answer.segments:
        if not (text := found.text.strip()):
            continue
        spelled = _spelled(text, found.words)[0] if found.words else words.take(text, found.end)
        probability = belief([found.avg_logprob])
        timed = tuple(
            Word(
                start=clock.at(word.start),
                end=clock.at(word.end),
                text=written,
                probability=_given(word.probability, probability),
            )
            for written, word in spelled
        )
        yield Segment(
            start=timed[0].start if timed else clock.at(found.start),
            end=timed[-1].end if timed else clock.at(found.end),
            text=text,
            probability=probability,
            words=timed,
            no_speech_probability=_given(found.no_speech_prob, 0.0),
            compression_ratio=max(0.0, 1.0 if found.compression_ratio is None else found.compression_ratio),
            temperature=max(0.0, found.temperature or 0.0),
        )


@dataclass(slots=True)
class _Clock:
    """Never goes back, and never leaves what was sent."""

    sent: Span
    now: float = 0.0

    def at(self, seconds: float) -> float:
        self.now = max(self.now, min(self.sent.start + max(0.0, seconds), self.sent.end))
        return self.now


class _Words:
    """The words of a whole answer, handed out to its segments."""

    def __init__(self, words: Sequence[WireWord]) -> None:
        self._words = words
        self._next = 0

    def take(self, text: str, end: float) -> list[tuple[str, WireWord]]:
        """Those that spell the text next; none, and the way to the next segment, when they do not."""
        spelled, used = _spelled(text, self._words[self._next :])
        self._next += used
        while not spelled and self._next < len(self._words) and self._middle() < end:
            self._next += 1
        return spelled

    def _middle(self) -> float:
        word = self._words[self._next]
        return (word.start + word.end) / 2


def _spelled(text: str, words: Sequence[WireWord]) -> tuple[list[tuple[str, WireWord]], int]:
    """The first words, if they make up the text, each as it is written there with the blank before it; and how many they are."""
    letters = [(letter, place) for place, character in enumerate(text) if character.isalnum() for letter in character.casefold()]
    found: list[tuple[int, WireWord]] = []
    done = used = 0
    for word in words:
        if done == len(letters):
            break
        used += 1
        bare = [letter for character in word.word if character.isalnum() for letter in character.casefold()]
        if bare != [letter for letter, _ in letters[done : done + len(bare)]]:
            return [], 0
        if bare:
            found.append((letters[done][1], word))
            done += len(bare)
    if done < len(letters) or not found:
        return [], 0
    ends = [0, *(_cut(text, place) for place, _ in found[1:]), len(text)]
    return [(text[start:end], word) for (start, end), (_, word) in zip(pairwise(ends), found, strict=True)], used


def _cut(text: str, place: int) -> int:
    """Where the word begins whose first letter stands at `place`: at the blank before it, if there is one."""
    while place > 0 and not text[place].isspace() and not text[place - 1].isalnum():
        place -= 1
    return place


def _given(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else min(1.0, max(0.0, value))
