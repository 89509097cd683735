"""The sentences of a recording as they can stand in a diary: trimmed for reading, cited word by word."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from diarist.diary import sentences
from diarist.diary.english import AUXILIARIES, CONJUNCTIONS, DETERMINERS, PREPOSITIONS, SUBJECTS
from diarist.diary.filler import ENDS, HESITATIONS, trim
from diarist.diary.speech import Speech, Spoken
from diarist.domain.diary import Citation
from diarist.domain.wordlist import words

# Go on: a comma after one was only written for the hesitation or aside that followed it ...
LEADING_ON = DETERMINERS | PREPOSITIONS | CONJUNCTIONS | {"just", "really", "also", "still"}
# ... and after one of these for a hesitation.
FLOWING = LEADING_ON | SUBJECTS | AUXILIARIES
PAUSES = ",-\u2013\u2014.\u2026"
FIRST_PERSON = words("i i'm i've i'll i'd")
CLOSERS = "\"'\u201d\u2019)]"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence as it was said and as it can be read."""

    index: int
    """Place among the recording's utterances."""
    words: tuple[Spoken, ...]
    """Every word, as heard."""
    kept: tuple[Spoken, ...]
    """The words that carry meaning; empty when none does."""
    text: str
    """The kept words as a sentence."""
    citation: Citation

    @property
    def plain(self) -> tuple[str, ...]:
        """The kept words, lower case and bare."""
        return tuple(word.plain for word in self.kept)

    @property
    def probability(self) -> float:
        """Geometric mean of the words' probabilities."""
        logs = [math.log(max(word.probability, 1e-3)) for word in self.words]
        return math.exp(sum(logs) / len(logs))

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.words[-1].text.rstrip(CLOSERS).endswith(("?", "\uff1f"))


def utterances(speech: Speech, holes: Collection[float] = (), *, english: bool = True) -> tuple[Utterance, ...]:
    """Cut the speech into sentences; `holes` as in `sentences.split`. Filler is only trimmed from English."""
    found: list[Utterance] = []
    answers = False
    for first, last in sentences.split(speech, holes, english=english):
        words = speech.words[first : last + 1]
        kept = tuple(trim(words, answers=answers)) if english else tuple(word for word in words if word.plain)
        # Quoted from the first to the last word that says something, so that playing it starts there.
        citation = speech.cite(kept[0].index, kept[-1].index) if kept else speech.cite(first, last)
        text = wording(kept, words) if english else _finished(citation.quote, english=False)
        found.append(Utterance(len(found), words, kept, text if kept else "", citation))
        answers = found[-1].asks
    return tuple(found)


def wording(kept: Sequence[Spoken], words: Sequence[Spoken]) -> str:
    """The kept words as a written English sentence: a capital first, a full stop last, no comma left from a hesitation."""
    if not kept:
        return ""
    places = {word.at for word in kept}
    parts: list[str] = []
    for word in kept:
        text = word.text
        if word.plain in FIRST_PERSON:
            text = text.replace("i", "I", 1)
        after = word.index - words[0].index + 1
        if word.plain in FLOWING and after < len(words) and words[after].at not in places:
            text = text.rstrip(PAUSES if words[after].plain in HESITATIONS or word.plain in LEADING_ON else ".\u2026")
        parts.append(text)
    text = " ".join(parts)
    end = words[-1].text.rstrip(CLOSERS)[-1:]
    if kept[-1] is not words[-1] and end in ENDS and not text.rstrip(CLOSERS).endswith(ENDS):
        text = text.rstrip(" ,;:-\u2013\u2014") + end
    return _finished(text, english=True)


def _finished(text: str, *, english: bool) -> str:
    text = text.strip().lstrip(",;:\u2026 ").removeprefix("...").lstrip()
    if text.count('"') % 2:
        text = text.replace('"', "")
    if not text.rstrip(CLOSERS).endswith(ENDS):
        text = text.rstrip(",;:-\u2013\u2014 ")
        text += "\u3002" if text[-1:] > "\u3000" and not english else "."
    return capitalised(text)


def capitalised(text: str) -> str:
    """With a first capital, where the first letter has one of its own length."""
    head = text[:1].upper()
    return head + text[1:] if len(head) == 1 else text
