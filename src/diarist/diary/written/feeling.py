"""Judges a mood: it needs words that show it, and its label must lie where its numbers do."""

from __future__ import annotations

from collections.abc import Sequence

from diarist.diary.wordlist import words
from diarist.diary.written.answers import WrittenMood
from diarist.diary.written.claims import Proven
from diarist.domain.diary import Mood

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


def proven_mood(mood: WrittenMood | None, cited: Sequence[Proven]) -> Mood | None:
    """The mood, or None when nothing shows it or it contradicts itself; the words of its proof are the owner's to judge."""
    if mood is None or not cited:
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
        citations=tuple(dict.fromkeys(claim.evidence.citation for claim in cited)),
    )
