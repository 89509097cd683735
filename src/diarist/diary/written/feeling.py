"""Judges a mood: it needs words that show it, and its label must lie where its numbers do."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.diary.mood import valences
from diarist.diary.written.answers import WrittenMood
from diarist.diary.written.claims import Proven, citations_of
from diarist.diary.written.hearing import Hearing
from diarist.domain.diary import Mood
from diarist.domain.wordlist import words

_PLEASANT = words("""
    happy glad pleased content calm relaxed relieved proud grateful thankful hopeful excited cheerful joyful positive amused
    touched loving peaceful satisfied optimistic
    """)
_UNPLEASANT = words("""
    sad angry afraid anxious worried tired exhausted lonely guilty ashamed frustrated annoyed disappointed stressed tense upset
    hurt negative nervous overwhelmed grieving grief bored jealous
    """)
_BETWEEN = words("neutral mixed torn ambivalent thoughtful reflective pensive nostalgic bittersweet surprised undecided")
_SLACK = 0.1
_CLEAR = 0.25
"""Valence from which on it is no accident."""


def proven_mood(mood: WrittenMood, cited: Sequence[Proven], hearing: Hearing) -> Mood | None:
    """The mood, or None when nothing shows it, it contradicts itself, or the words that should show it say the opposite."""
    if not cited or _opposed(mood.valence, cited, hearing):
        return None
    label = mood.label.strip().lower()
    fits = (
        (label in _PLEASANT and mood.valence > -_SLACK) or (label in _UNPLEASANT and mood.valence < _SLACK) or label in _BETWEEN
    )
    if not fits:
        return None
    return Mood(
        valence=round(mood.valence, 3),
        arousal=round(mood.arousal, 3),
        label=label,
        citations=citations_of(cited),
    )


def _opposed(valence: float, cited: Sequence[Proven], hearing: Hearing) -> bool:
    """Whether the words, by the lexicon, are clearly on the other side; it knows English only."""
    if not hearing.english:
        return False
    said = [hearing.utterances[index] for index in sorted({at for claim in cited for at in claim.evidence.utterances})]
    by_words = sum(valences(said)) / len(said)
    return valence * by_words < 0 and min(abs(valence), abs(by_words)) >= _CLEAR
