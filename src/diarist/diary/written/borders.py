"""Where a stretch of speech may begin and end so that it says by itself what it said in its place."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.diary.written.terms import Role, Term
from diarist.diary.written.vocabulary import NEGATING, OBLIGING
from diarist.domain.wordlist import words

# Go before a sentence and change nothing of it.
_OPENERS = words("so and but then well oh okay ok yes yeah now also anyway actually honestly basically alright")
# Go behind one.
_CLOSERS = words("though honestly actually anyway really too")
_JOINING = words("and but so")
# What they govern does not hold without them.
_GOVERNING = words("""
    if unless until till when whenever once while before after since because although though whether that who whom whose which
    what how why where as than like given provided except instead rather
    """)
_FIRST_WORDS = words("it there this these those the a an my our his her their everybody everyone somebody someone")
# Begin a clause that adds to the one before, and takes nothing of it back.
_GOING_ON = words("but because although though while whereas")
# Limit only the clause that they stand in.
_WITHIN = words("not can could will would should must need want try plan fail forget refuse nearly offer some most only usedto")
_SEEN = words("seem seems seemed")
_RELATIVE = words("who which where")


def may_start(said: Sequence[Term], at: int) -> bool:
    """Whether a statement begins at this word: nothing before it in its sentence denies, hedges, reports or conditions it."""
    first = _first_of(said, at)
    before = said[first:at]
    if all(term.word in _OPENERS for term in before):
        return True
    begins = said[at].clause != said[at - 1].clause or (
        said[at - 1].word in _JOINING and said[at - 1].clause != said[at - 2].clause
    )
    return begins and _is_subject(said[at]) and not any(_governs(said, place) for place in range(first, at))


def may_end(said: Sequence[Term], start: int, at: int) -> bool:
    """Whether what was begun at `start` may end before the word `at`: nothing behind that limits it, or it begins anew."""
    if at == len(said) or said[at].stop != said[at - 1].stop:
        return True
    kept, rest = said[start:at], [term for term in said[at:] if term.stop == said[at].stop]
    begun = next((term for term in kept if term.word not in _OPENERS), kept[0])
    return all(term.word in _CLOSERS for term in rest) or (
        begun.word not in _GOVERNING and rest[0].clause != kept[-1].clause and _adds(kept, rest)
    )


def _adds(kept: Sequence[Term], rest: Sequence[Term]) -> bool:
    """Whether the next clause takes nothing back of what was said before it."""
    first = rest[0]
    if first.word in {"and", "so"}:
        return not any(term.key == "if" for term in rest)
    if any(term.role is Role.LIMIT or term.word in _GOVERNING - _RELATIVE - {"because", "that"} for term in rest[1:]):
        return False
    if first.word == "because" and any(term.key in NEGATING for term in kept):
        return False
    loose = first.word in _RELATIVE or (first.role is not Role.LIMIT and first.word not in _GOVERNING)
    return first.word in _GOING_ON or (first.pause and loose)


def may_start_item(said: Sequence[Term], at: int) -> bool:
    """Whether a thing to do begins here: before it stands only that the speaker has to do it."""
    keys: set[str] = set()
    place = at
    while place and said[place - 1].stop == said[at].stop and not may_start(said, place):
        place -= 1
        keys |= {said[place].key} if said[place].role is Role.LIMIT else set()
        if said[place].role not in {Role.LIMIT, Role.LINK} and not (said[place].role is Role.OWN and said[place].subject):
            return False
    leads = keys <= OBLIGING | {"not", "remember"} and ("not" in keys) == ("forget" in keys)
    return leads and bool(keys) and may_start(said, place)


def may_end_item(said: Sequence[Term], at: int) -> bool:
    """Whether nothing but its time follows."""
    rest = [term for term in said[at:] if term.clause == said[at].clause] if at < len(said) else []
    return bool(rest) and all(term.role in {Role.WHEN, Role.LINK} or term.key[:1].isdigit() for term in rest)


def _first_of(said: Sequence[Term], at: int) -> int:
    return next(place for place, term in enumerate(said) if term.stop == said[at].stop)


def _is_subject(term: Term) -> bool:
    return term.subject or term.word in _FIRST_WORDS or term.role is Role.OWN


def _governs(said: Sequence[Term], at: int) -> bool:
    """Whether a word reaches beyond its clause into the next: who says, thinks, doubts or dreams it, and on what condition."""
    term = said[at]
    if term.word == "that":
        # "That went well" begins with it; "he knows that" leads on.
        return any(before.word not in _OPENERS for before in said[_first_of(said, at) : at])
    return term.word in _GOVERNING or (term.role is Role.LIMIT and term.key not in _WITHIN and term.word not in _SEEN)
