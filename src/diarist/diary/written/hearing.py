"""A transcript made ready to be quoted: finds where a quote was said, and what stands round it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from diarist.diary.heard import hear
from diarist.diary.line import Line, line_of, spoken_line
from diarist.diary.proof import bare
from diarist.diary.reported import hands_over, is_reported
from diarist.diary.utterances import CLOSERS
from diarist.diary.withdrawals import denials
from diarist.diary.written.struck import struck
from diarist.diary.written.terms import Term, terms
from diarist.domain.diary import Citation
from diarist.domain.transcript import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A quote where it was said, with the sentences round it."""

    first: int
    """Place of its first word in the speech."""
    last: int
    citation: Citation
    terms: tuple[Term, ...]
    """Of the whole sentences that hold it; what does not count is left out."""
    quoted: frozenset[int]
    """Which pieces of `terms` are in the quote."""
    spoken: tuple[str, ...]
    """The words of those sentences, bare."""
    reported: frozenset[int]
    """Clauses that somebody else said."""
    questions: frozenset[int]
    """Sentences of `terms`, by their `stop`, that end in a question mark."""
    utterances: tuple[int, ...]
    mended: bool
    """Whether the speaker corrected some of it at once."""


# Announce words that are not the speaker's own.
_ANNOUNCED = re.compile(
    r"\b(?:words|answer|reply|motto|sign|message|letter|note|text|headline|slogan)\b[^.;]{0,30}"
    r"\b(?:was|were|is|said|says|reads|read)\b[,:]? ?$"
)


class Hearing:
    """One transcript; `strict`: what is written of it must be in the words that were said."""

    def __init__(self, transcript: Transcript, *, strict: bool = False) -> None:
        self.strict = strict
        self.heard = hear(transcript)
        self.transcript, self.speech = transcript, self.heard.speech
        self.english, self.utterances = self.heard.english, self.heard.utterances

    @cached_property
    def struck(self) -> frozenset[int]:
        """Words that do not count."""
        return struck(self.utterances) if self.english else frozenset()

    @cached_property
    def _lines(self) -> list[Line]:
        return [line_of(utterance) for utterance in self.utterances]

    @cached_property
    def denials(self) -> list[tuple[int, frozenset[str]]]:
        """Which deeds are said to be unneeded or done, by utterance."""
        return denials(self._lines)

    @cached_property
    def _utterance_of(self) -> list[int]:
        """By word."""
        return [utterance.index for utterance in self.utterances for _ in utterance.words]

    def evidence(self, quote: str, segment_ids: Sequence[int]) -> Evidence | str:
        """Where a quote stands in the segments; a word on why it cannot be used, when it cannot."""
        segments = self.transcript.segments
        if not segment_ids:
            return "no segment"
        if not all(0 <= segment < len(segments) for segment in segment_ids):
            return "unknown segment"
        if any(segments[segment].suspicions for segment in segment_ids):
            return "doubted segment"
        wanted = bare(quote)
        if not wanted:
            return "no quote"
        within = [word for word in self.speech.within(min(segment_ids), max(segment_ids)) if word.plain]
        said = [word.plain for word in within]
        for at in range(len(said) - len(wanted) + 1):
            if said[at : at + len(wanted)] == wanted:
                first, last = within[at].index, within[at + len(wanted) - 1].index
                found = {word.segment for word in self.speech.words[first : last + 1]}
                if found <= set(segment_ids) and len(found) == max(found) - min(found) + 1:
                    return self.between(first, last)
        return "quote not said there"

    def between(self, first: int, last: int) -> Evidence:
        """The words `first` to `last` of the speech as evidence."""
        touched = tuple(range(self._utterance_of[first], self._utterance_of[last] + 1))
        words = [word for index in touched for word in self.utterances[index].words]
        found = terms([word.text for word in words])
        return Evidence(
            first=first,
            last=last,
            citation=self.speech.cite(first, last),
            terms=tuple(term for term in found if words[term.piece].index not in self.struck),
            quoted=frozenset(place for place, word in enumerate(words) if first <= word.index <= last),
            spoken=tuple(word.plain for word in words if word.plain),
            reported=self._reported(found, touched) if self.english else frozenset(),
            questions=frozenset(term.stop for term in found if words[term.piece].text.rstrip(CLOSERS).endswith("?")),
            utterances=touched,
            mended=any(word.index in self.struck for word in words),
        )

    def _reported(self, found: Sequence[Term], touched: Sequence[int]) -> frozenset[int]:
        """Clauses whose first word is somebody else's."""
        starts: dict[int, int] = {}
        for term in found:
            starts.setdefault(term.clause, term.piece)
        others: set[int] = set()
        offset = 0
        for index in touched:
            line = spoken_line(self.utterances[index])
            handed = index > 0 and hands_over(self._lines[index - 1].text)
            for clause, piece in starts.items():
                if 0 <= piece - offset < len(line.starts):
                    at = line.starts[piece - offset]
                    if handed or is_reported(line.text, at) or _ANNOUNCED.search(line.text, 0, at):
                        others.add(clause)
            offset += len(line.starts)
        return frozenset(others)
