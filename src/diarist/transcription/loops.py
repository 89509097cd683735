"""Finds where a line of words goes round in circles, as a decoder does that has lost the sound."""

from __future__ import annotations

from collections.abc import Sequence
from operator import eq

LONGEST = 30
"""Words of the longest phrase whose repetition is looked for; a window of Whisper holds hardly three that are longer."""
_TIMES = {1: 8, 2: 5, 3: 4}
"""How often a phrase of so many words has to come in a row to be a loop: people do say "no, no, no, no" and "very, very"."""
_TIMES_LONG = 3
"""The same for longer phrases, which nobody says three times without another word between."""


def looping(words: Sequence[str]) -> set[int]:
    """The places of the words that belong to a phrase said over and over."""
    places: set[int] = set()
    for period in range(1, min(LONGEST, len(words) // 2) + 1):
        needed = period * (_TIMES.get(period, _TIMES_LONG) - 1)
        # Counted first, which takes a tenth of the time of looking: in most speech there is nothing to be found.
        if sum(map(eq, words[period:], words)) < needed:
            continue
        run = 0
        # One place more than there are words, so that a run at the end ends too.
        for place in range(period, len(words) + 1):
            if place < len(words) and words[place] == words[place - period]:
                run += 1
                continue
            if run >= needed:
                places.update(range(place - run - period, place))
            run = 0
    return places
