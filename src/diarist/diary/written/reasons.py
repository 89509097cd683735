"""Why a sentence is not proven: few words each, for the owner of a diary to read."""

from __future__ import annotations

INVENTED, TURNED = "says what was not said", "says it of somebody else, or in another order"
NEGATION, HEDGE, REACH, REPORTED = (
    "loses or adds a not",
    "loses or adds a maybe",
    "makes a deed of an intention",
    "reported speech",
)
NUMBER, NAME, DATE = "a number that was not said", "a name that was not said", "a day that was not said"
TENSE, ORDER = "changes the time", "not in these words"
