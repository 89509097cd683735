"""Cuts sentences that never end, as engines write when a speaker does not pause, where a new clause begins."""

from __future__ import annotations

from diarist.diary.english import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    HEDGES,
    INTERJECTIONS,
    NEGATIONS,
    NUMBERS,
    PREPOSITIONS,
    SUBJECTS,
)
from diarist.diary.filler import BREAKS
from diarist.diary.speech import Speech
from diarist.domain.wordlist import words

# Words; sentences up to the first are left alone, the others bound the pieces of longer ones.
LONG = 36
SHORTEST = 6
COMFORTABLE = 26
# Words without any good cut, after which a poor one will do.
ENDLESS = 45
# Seconds; engines close most gaps between words, so a gap that is left open means something.
BREATH, PAUSE = 0.25, 0.4
# A new clause is the better the clearer it is marked.
JOINED, COMMA, OPENED, POOR, POOREST = 1.0, 0.5, 0.3, 0.2, 0.1
LOOK_BACK = 12

# Join equal clauses, so a cut before them leaves two whole ones; "because" or "which" would leave a half.
COORDINATORS = words("and but so then plus anyway okay")
# Begin a clause when a subject follows ("and then I", "but now he").
BETWEEN = words("then now also so um uh yeah anyway okay you know i mean like today yesterday later after")
# These may end a clause as well ("I like this").
OBJECTS = words("it that him her me this")
# What follows these belongs to them, whatever the engine writes between: nothing is cut off behind one.
HOLDING = (DETERMINERS | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | NEGATIONS) - OBJECTS
# Behind these only a comma allows a cut.
LEADING = (HEDGES | NUMBERS | SUBJECTS) - OBJECTS - HOLDING
ATTACHED = HOLDING | LEADING
# These go on with what was said.
CONTINUING = PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | NEGATIONS
NOMINATIVES = words("i i'm i've i'll we we're he he's she she's they they're")
OPENERS = (SUBJECTS - {"this", "that", "people"}) | INTERJECTIONS
# A clause that opens so must stay with the next one: "if it rains | I'll stay" is two halves.
OPENING = words("if unless when because although though while since until whether before after")
QUESTIONS = words("""
    what who whose where when why how which do does did is are was were can could should would will shall have has had isn't
    aren't don't doesn't didn't can't couldn't shouldn't wouldn't won't
    """)


def split(speech: Speech, first: int, last: int, *, english: bool) -> list[tuple[int, int]]:
    """The pieces of the sentence from word `first` to `last`, both included; itself when it is not too long."""
    strength_after = _strength if english else _strength_in_any_language
    pieces: list[tuple[int, int]] = []
    start = first
    best: tuple[float, int] | None = None
    for index in range(first, last - SHORTEST + 1):
        if last - start + 1 <= LONG:
            break
        length = index - start + 1
        if length < SHORTEST:
            continue
        strength = strength_after(speech, start, index, last)
        if strength <= 0 and length >= ENDLESS:
            strength = _strength_for_want_of_better(speech, index)
        # A later cut of equal strength makes better use of the space.
        if strength > 0 and (best is None or strength >= best[0]):
            best = (strength, index)
        if length >= COMFORTABLE and best is not None:
            pieces.append((start, best[1]))
            start, best = best[1] + 1, None
    return [*pieces, (start, last)]


def _strength(speech: Speech, start: int, index: int, last: int) -> float:
    """How good a cut after the word `index` is; 0 where none may be."""
    word, following = speech.words[index], speech.words[index + 1]
    pause, comma = min(speech.pause_after(index), 2.0), word.text.endswith(BREAKS)
    asked = speech.words[last].text.endswith("?") and following.plain not in QUESTIONS
    if asked or word.plain in HOLDING or (word.plain in LEADING and not comma) or _holds_open(speech, start, index):
        return 0.0
    marked = pause + COMMA * comma
    if following.plain in COORDINATORS:
        ahead = [word.plain for word in speech.words[index + 2 : index + 6]]
        while ahead and ahead[0] in BETWEEN - SUBJECTS:
            ahead.pop(0)
        return JOINED + marked if ahead and ahead[0] in SUBJECTS else 0.0
    if following.plain in OPENERS:
        return OPENED + marked if comma or pause >= BREATH else 0.0
    return marked if pause >= PAUSE and following.plain not in CONTINUING else 0.0


def _strength_in_any_language(speech: Speech, start: int, index: int, last: int) -> float:
    del start, last  # what they hold cannot be read without knowing the language
    pause = min(speech.pause_after(index), 2.0)
    comma = speech.words[index].text.endswith(BREAKS)
    return pause + COMMA * comma if comma or pause >= PAUSE else 0.0


def _strength_for_want_of_better(speech: Speech, index: int) -> float:
    """A cut that at least tears no phrase apart."""
    word, following = speech.words[index], speech.words[index + 1]
    if word.plain in ATTACHED or following.plain in CONTINUING:
        return 0.0
    return POOR if following.plain in NOMINATIVES else POOREST


def _holds_open(speech: Speech, start: int, index: int) -> bool:
    """Whether the clause before the cut began with "if" or the like and waits for its other half."""
    for position in range(index, max(start, index - LOOK_BACK) - 1, -1):
        plain = speech.words[position].plain
        if plain in OPENING and (position == start or speech.words[position - 1].plain in COORDINATORS):
            return True
        if plain in COORDINATORS:
            return False
    return False
