"""Judges whether a sentence is the speaker's own words: whole clauses of them, changed only where no change of sense is possible.

What the other rules miss is always a word that is gone, moved or new. Here every such word needs a licence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diarist.diary.speech import PIECE
from diarist.diary.written.borders import may_end, may_end_item, may_start, may_start_item
from diarist.diary.written.hearing import Evidence
from diarist.diary.written.matching import ORDERED
from diarist.diary.written.terms import Role, Term, terms
from diarist.diary.written.vocabulary import NEGATING
from diarist.domain.wordlist import words

_JOINING = words("and but")
# Said for the sound of it, wherever they stand.
_IDLE = words("well oh okay ok yeah also anyway actually honestly basically literally")
# Idle too, but not beside a "not": "I don't really like it".
_DEGREES = words("really very quite")
_HAVING = words("have has had")
# A "that" behind them may come and go.
_STATING = words("say think guess hope believe")
_Place = tuple[int, int]
"""Utterance and piece."""
_FIRST: _Place = (-1, -1)


def own_words(text: str, evidence: Sequence[Evidence], *, item: bool = False) -> frozenset[int] | None:
    """Which of the quotes the sentence is made of; None when it is not made of their words alone.

    `item`: of a thing to do, which may leave out that it must be done, and by when.
    """
    told = terms(PIECE.findall(text))
    asks = "?" in text
    lines = [one for one in evidence if one.terms]
    for sentence in (told, *_with_time_moved(told)):
        used = _Cover(sentence, lines, asks=asks, item=item).of_all()
        if used is not None:
            return frozenset(place for place, one in enumerate(evidence) if any(one is lines[at] for at in used))
    return None


def _with_time_moved(told: Sequence[Term]) -> Iterator[list[Term]]:
    """The sentence with "on Monday" at its other end."""
    lead = next((at for at, term in enumerate(told) if term.subject), 0)
    if any(term.role is Role.WHEN for term in told[:lead]) and all(_is_time(term) for term in told[:lead]):
        yield [*told[lead:], *told[:lead]]
    tail = next((at for at in range(len(told), 0, -1) if not _is_time(told[at - 1])), 0)
    while tail < len(told) and told[tail].word not in {"on", "in", "at", "this", "last", "next"} and told[tail].role is Role.LINK:
        tail += 1
    if any(term.role is Role.WHEN for term in told[tail:]):
        yield [*told[tail:], *told[:tail]]


def _is_time(term: Term) -> bool:
    return term.role is Role.WHEN or term.word in {"on", "in", "at", "this", "the"}


class _Cover:
    """Looks for a sentence in quotes, clause by clause in the order in which they were spoken."""

    def __init__(self, sentence: Sequence[Term], lines: Sequence[Evidence], *, asks: bool, item: bool) -> None:
        self._sentence, self._lines, self._item = sentence, lines, item
        self._starts = [
            ((line.utterances[0], line.terms[start].piece), index, start)
            for index, line in enumerate(lines)
            for start in range(len(line.terms))
            if _may_begin(line, start, asks=asks, item=item)
        ]
        # What does not go on behind a place does not go on behind a later one.
        self._given_up: dict[int, _Place] = {}

    def of_all(self) -> frozenset[int] | None:
        """The quotes that hold all of it."""
        return self._from(0, _FIRST)

    def _from(self, at: int, after: _Place) -> frozenset[int] | None:
        """Those that hold it from `at` on, behind a place in the speech."""
        if at in self._given_up and after >= self._given_up[at]:
            return None
        for place, index, start in self._starts:
            if place >= after and _same(self._sentence[at], self._lines[index].terms[start], self._lines[index]):
                used = self._begun(at, index, start)
                if used is not None:
                    return used
        self._given_up[at] = after
        return None

    def _begun(self, at: int, index: int, start: int) -> frozenset[int] | None:
        """Those that hold it from `at` on, if it begins at `start` in this one."""
        sentence, line = self._sentence, self._lines[index]
        for reached, end in _ends(sentence, at, line, start, item=self._item):
            if reached == len(sentence):
                return frozenset({index})
            following = _joined(sentence, reached)
            if following is None:
                continue
            fresh = sentence[following].stop != sentence[reached - 1].stop
            rest = self._from(following, _FIRST if fresh else (line.utterances[0], line.terms[end - 1].piece + 1))
            if rest is not None:
                return rest | {index}
        return None


def _may_begin(line: Evidence, at: int, *, asks: bool, item: bool) -> bool:
    term = line.terms[at]
    if term.clause in line.reported or (term.stop in line.questions and not asks):
        return False
    return may_start(line.terms, at) or (item and may_start_item(line.terms, at))


def _joined(sentence: Sequence[Term], at: int) -> int | None:
    """Where the next clause begins, if one may begin here."""
    if sentence[at].word in _JOINING:
        return at + 1 if at + 1 < len(sentence) else None
    return at if sentence[at].stop != sentence[at - 1].stop else None


def _ends(sentence: Sequence[Term], at: int, line: Evidence, start: int, *, item: bool) -> list[tuple[int, int]]:
    """How far the words from `start` on are those of the sentence from `at` on: places in both, the farthest first."""
    said = line.terms
    found: set[tuple[int, int]] = set()
    seen: set[tuple[int, int]] = set()
    open_ends = [(at, start)]
    while open_ends:
        told, heard = here = open_ends.pop()
        if here in seen:
            continue
        seen.add(here)
        if told > at and (may_end(said, start, heard) or (item and may_end_item(said, heard))):
            found.add(here)
        if heard == len(said) or said[heard].stop != said[start].stop:
            continue
        if told < len(sentence) and _same(sentence[told], said[heard], line):
            open_ends.append((told + 1, heard + 1))
        if told > at and _may_go(said, start, heard):
            open_ends.append((told, heard + 1))
        if at < told < len(sentence) and _may_come(sentence, told, said, heard):
            open_ends.append((told + 1, heard))
    return sorted(found, reverse=True)


def _same(told: Term, said: Term, line: Evidence) -> bool:
    if told.role in ORDERED and not told.subject and said.piece not in line.quoted:
        return False
    if told.key[:1].isdigit() or said.key[:1].isdigit():
        return told.key == said.key
    return told.word == said.word or {told.word, said.word} <= _JOINING


def _may_go(said: Sequence[Term], start: int, at: int) -> bool:
    """Whether a spoken word may be left out in the middle."""
    term, before = said[at], said[at - 1]
    if term.word in _IDLE:
        return True
    if term.word in _DEGREES:
        return not any(one.key in NEGATING for one in said if one.stop == term.stop)
    if term.word == "that":
        return any(one.key in _STATING for one in said[max(start, at - 3) : at])
    if term.word == "then":
        return before.word == "and"
    if term.word == "got":
        return before.word in _HAVING
    return term.subject and before.word in _JOINING and _repeats(term, said[start:at])


def _may_come(sentence: Sequence[Term], told: int, said: Sequence[Term], heard: int) -> bool:
    """Whether a word that was not spoken may stand in the middle."""
    term, before = sentence[told], sentence[told - 1]
    if term.word == "that":
        return before.key in _STATING or sentence[told - 2].key == "say"
    elided = before.word in _JOINING and said[heard].past and said[heard - 1].word in _JOINING
    return elided and term.subject and _repeats(term, sentence[:told])


def _repeats(term: Term, before: Sequence[Term]) -> bool:
    """Whether it is who did the last thing, too; of "he" and "she" only the speaker knows."""
    subjects = [one for one in before if one.subject and not one.possessive]
    return term.role is Role.OWN and bool(subjects) and subjects[-1].key == term.key
