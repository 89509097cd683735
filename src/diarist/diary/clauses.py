"""Where a clause begins and ends in a line of lower-case speech."""

from __future__ import annotations

import re
from functools import cache

from diarist.diary.english import SUBJECTS

# A subject, as far as one can be known without a grammar.
PLAIN_SUBJECTS = sorted((SUBJECTS - {"this", "that"}) | {"that's"}, key=lambda word: (-len(word), word))
SUBJECT = "(?:" + "|".join(PLAIN_SUBJECTS) + r")(?![\w'])"
# After a comma these leave the clause.
TURN = r"(?:but|because|although|though|which|who|actually|no|never mind|scratch|wait|oh)"
FINITE = r"(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could|should|must|needs|wants|says|said|\w+n't)"
# A noun phrase with its verb: "the notice has to be in".
CLAUSE = rf"(?:the|a|an|my|our|his|her|their|your|that|this|somebody|someone)(?: [\w'-]+){{0,3}} {FINITE}(?![\w'])"
ASKING = r"(?:should|could|would|can|do|does|did|is|are|what|who|when|where|why|how)(?= (?:i|we|you|he|she|it|they|the|my)\b)"


# A full stop that ends something: not that of "Mr." or "p.m.".
STOP = r"(?:(?<!\bmr)(?<!\bmrs)(?<!\bms)(?<!\bdr)(?<!\bst)(?<!\bprof)(?<!\b[a-z])\.|[;:!?\u2026\u2013\u2014])"


@cache
def _end() -> re.Pattern[str]:
    link = r"(?:and|so|or|then)(?: then| also| now| maybe| perhaps)?"
    return re.compile(
        rf"(?P<stop>{STOP}(?= |$))"
        rf"|,(?= (?:{link} (?:{SUBJECT}|{CLAUSE}|let's\b)|{TURN}\b"
        rf"|{SUBJECT}|{CLAUSE}|{ASKING}|if i\b))"
        rf"| (?={link} (?:{SUBJECT}|{CLAUSE}|let's\b))"
        r"| (?=(?:but|because|although|though)\b)"
    )


@cache
def _start() -> re.Pattern[str]:
    # Whatever stands before these no longer governs what follows: its "not" or "if" is spent.
    return re.compile(rf"{STOP} |,? (?:but|so|because|and so|and then|then|and|or)(?= )|, (?=(?:i|we|let's)\b)")


def clause_end(line: str, start: int) -> int:
    """The character after the last of the clause that goes on at `start`."""
    match = _end().search(line, start)
    if match is None:
        return len(line)
    return match.end() if match["stop"] else match.start()


@cache
def _restart() -> re.Pattern[str]:
    return re.compile(rf"{STOP} |,? (?:but|so|and)(?= )")


def condition_start(line: str, before: int) -> int:
    """Where an "if" may stand that still governs what comes at `before`: a comma does not end its reach, "but" does."""
    begin = 0
    for match in _restart().finditer(line, 0, before):
        begin = match.end()
    return begin


def clause_start(line: str, before: int) -> int:
    """Where the clause begins that reaches up to `before`."""
    begin = 0
    for match in _start().finditer(line, 0, before):
        begin = match.start() + (1 if match.group()[0] in ".;:!?\u2026\u2013\u2014" else 0)
    return begin
