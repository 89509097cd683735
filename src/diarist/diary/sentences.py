"""Cuts the line of words into sentences: at punctuation where the engine wrote it, at pauses and clauses where it did not."""

from __future__ import annotations

import re
from collections.abc import Collection

from diarist.diary import runons
from diarist.diary.english import AUXILIARIES, CONJUNCTIONS, DETERMINERS, PREPOSITIONS
from diarist.diary.speech import Speech, Spoken
from diarist.domain.wordlist import words

# Never end a sentence: a name or an example follows.
TITLES = words("dr mr mrs ms prof st rev sgt capt lt col gen sen gov e.g i.e vs cf")
# Never end one before a figure ("No. 5").
COUNTED = words("no nos fig vol approx ca pp ch")
# End one only when a new one clearly begins.
SHORTENED = words("a.m p.m etc jr sr inc ltd co corp u.s u.k ph.d b.a m.a apt ave dept est min max a.d b.c")
INITIAL = re.compile(r"^[A-Z]\.$")
END = re.compile(r"[.?!\u2026\u3002\uff1f\uff01]+[\"'\u201d\u2019)\]\u300d\u300f\uff09]*$")
TRAILING_OFF = re.compile(r"(\.\.+|\u2026)[\"'\u201d\u2019)\]]*$")

# Nobody stops after these; the engine heard a hesitation.
UNFINISHED = words("a an the my our your their and or but because if than")
FIRST_PERSON = words("i i'm i've i'll i'd")

GOING_ON = TITLES | UNFINISHED
HOLDING = DETERMINERS | PREPOSITIONS | CONJUNCTIONS
# Seconds of silence after which nobody is still in the same sentence.
LONG_SILENCE = 6.0
# Seconds that make three dots an end rather than a hesitation.
END_PAUSE = 0.7
# Seconds between two segments that make a capital letter a beginning, where the engine forgot the full stop.
SEGMENT_PAUSE = 0.5
# Fewer capital letters than this share of words: the engine writes lower case only.
CASED_SHARE = 0.02


def split(speech: Speech, holes: Collection[float] = (), *, english: bool = True) -> list[tuple[int, int]]:
    """First and last word of each sentence, in order, covering every word.

    `holes` are the starts, in seconds, of stretches that could not be transcribed: no sentence runs across one.
    """
    capitals = sum(_capital(word) and word.plain not in FIRST_PERSON for word in speech.words)
    cased = capitals >= CASED_SHARE * len(speech.words)
    spans: list[tuple[int, int]] = []
    first = 0
    for index in range(len(speech.words)):
        if index + 1 == len(speech.words) or _ends(speech, index, holes, cased=cased):
            spans.extend(runons.split(speech, first, index, english=english))
            first = index + 1
    return spans


def _ends(speech: Speech, index: int, holes: Collection[float], *, cased: bool) -> bool:
    word, following = speech.words[index], speech.words[index + 1]
    pause = speech.pause_after(index)
    left_out = following.segment - word.segment > 1
    another = word.channel != following.channel  # whoever goes on where somebody else spoke begins a sentence
    if left_out or another or pause >= LONG_SILENCE or any(word.end <= hole <= following.start for hole in holes):
        return True
    begins = _capital(following) and following.plain not in FIRST_PERSON
    if not END.search(word.text):
        forgotten = begins and following.segment != word.segment and pause >= SEGMENT_PAUSE and word.text[-1].isalnum()
        return forgotten and word.plain not in HOLDING
    if TRAILING_OFF.search(word.text):
        return begins or pause >= END_PAUSE
    if word.text.endswith("."):
        # "Lena said I can. You know, stay at her place."
        aside = word.plain in AUXILIARIES and following.plain == "you" and speech.words[index + 2 : index + 3]
        if aside and aside[0].plain == "know" and aside[0].text.endswith(","):
            return False
        return _full_stop_ends(word, following)
    # "What?" she said.
    return not (cased and following.text[:1].islower()) or pause >= END_PAUSE


def _full_stop_ends(word: Spoken, following: Spoken) -> bool:
    if word.plain in GOING_ON or (word.plain in COUNTED and following.text[:1].isdigit()):
        return False
    if INITIAL.match(word.text) and word.plain != "i" and _capital(following):
        return False
    return word.plain not in SHORTENED or _capital(following)


def _capital(word: Spoken) -> bool:
    return word.text.lstrip("\"'\u201c\u2018(")[:1].isupper()
