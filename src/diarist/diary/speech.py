"""A transcript as one line of timed words, so that anything found in it can be cited to the word."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from diarist.domain.diary import Citation
from diarist.domain.transcript import Segment, Transcript, Word

# A visible word; a full stop of Chinese or Japanese ends one too, since no space follows it.
STOPS, CLOSERS = "\u3002\uff01\uff1f", "\u300d\u300f\u201d\u2019\uff09"
PIECE = re.compile(rf"[^\s{STOPS}]+[{STOPS}]*[{CLOSERS}]*|[{STOPS}]+")
# What is shed from a word to compare it: everything at its rim that is neither letter nor digit.
RIM = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One word in its place."""

    index: int
    """Place in `Speech.words`."""
    text: str
    """As written, punctuation attached."""
    plain: str
    """Lower case, bare of punctuation at its rim; empty for a lone dash and the like."""
    start: float
    """Seconds; the segment's when the engine timed no words."""
    end: float
    """Seconds."""
    probability: float
    segment: int
    """The segment's id."""
    at: int
    """Where it begins in `Speech.text`."""
    until: int
    """Where it ends there, exclusive."""
    channel: int | None = None
    """The segment's: another channel is another speaker."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Everything that was said and is not doubted, in order."""

    text: str
    """All segments' texts joined by single spaces, with those of which no word is here."""
    words: tuple[Spoken, ...]

    def cite(self, first: int, last: int) -> Citation:
        """Point to the words `first` to `last`, both included."""
        words = self.words[first : last + 1]
        return Citation(
            segment_ids=tuple(range(words[0].segment, words[-1].segment + 1)),
            start=min(word.start for word in words),
            end=max(word.end for word in words),
            quote=self.text[words[0].at : words[-1].until],
        )

    def within(self, first_segment: int, last_segment: int) -> tuple[Spoken, ...]:
        """The words of the segments from the first to the last, both included."""
        first = bisect_left(self.words, first_segment, key=_segment)
        return self.words[first : bisect_right(self.words, last_segment, key=_segment)]

    def pause_after(self, index: int) -> float:
        """Seconds of silence between a word and the next; 0 after the last."""
        if index + 1 >= len(self.words):
            return 0.0
        return max(0.0, self.words[index + 1].start - self.words[index].end)


def _segment(word: Spoken) -> int:
    return word.segment


def listen(transcript: Transcript) -> Speech:
    """Lay a transcript's segments out as one line of words; those that stay suspect are left out, and nothing can cite them."""
    words: list[Spoken] = []
    offset = 0
    for segment_id, segment in enumerate(transcript.segments):
        if not segment.suspicions:
            words.extend(_words(segment, segment_id, offset, len(words)))
        offset += len(segment.text) + 1
    return Speech(transcript.text, tuple(words))


def plain(text: str) -> str:
    """Lower case, one kind of apostrophe, bare of punctuation at its rim."""
    return RIM.sub("", text.replace("\u2019", "'").lower())


def _words(segment: Segment, segment_id: int, offset: int, index: int) -> list[Spoken]:
    timed = _timed_stretches(segment)
    words: list[Spoken] = []
    cursor = 0
    for match in PIECE.finditer(segment.text):
        start, end, probability = segment.start, segment.end, segment.probability
        if timed:
            while timed[cursor].until <= match.start():
                cursor += 1
            last = cursor
            while last + 1 < len(timed) and timed[last + 1].at < match.end():
                last += 1
            heard = [stretch.word for stretch in timed[cursor : last + 1]]
            start, end = min(word.start for word in heard), max(word.end for word in heard)
            probability = min(word.probability for word in heard)
        words.append(
            Spoken(
                index=index + len(words),
                text=match.group(),
                plain=plain(match.group()),
                start=start,
                end=end,
                probability=probability,
                segment=segment_id,
                at=offset + match.start(),
                until=offset + match.end(),
                channel=segment.channel,
            )
        )
    return words


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Where a timed word stands in its segment's text."""

    at: int
    until: int
    word: Word


def _timed_stretches(segment: Segment) -> list[_Stretch]:
    """The timed words in the segment's text; none unless together they cover all of it.

    Engines cut words differently from how they are written ("twenty", "-two"), so positions are found in the text itself.
    """
    stretches: list[_Stretch] = []
    cursor = 0
    for word in segment.words:
        if not word.text:
            continue
        at = segment.text.find(word.text, cursor)
        if at < 0 or segment.text[cursor:at].strip():
            return []
        cursor = at + len(word.text)
        stretches.append(_Stretch(at, cursor, word))
    return [] if segment.text[cursor:].strip() else stretches
