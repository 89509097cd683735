"""Finds commitments that were taken back, in the same breath or later."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diarist.diary.clauses import clause_end
from diarist.diary.english import FUNCTION_WORDS, stem
from diarist.diary.line import Line

# Right after a commitment these take it back, whatever it was.
RETRACTION = re.compile(
    r"[,.;\u2014\u2026-]* ?(?:(?:oh|well|but|or|and),? )*"
    r"(?:actually,? (?:no\b|never ?mind|i don't|i won't|that's done)|no,? wait|wait,? no|scratch that|never ?mind"
    r"|forget (?:that|it|about it)|strike that|i take that back|i already did|already done)"
)
# Anywhere later these take back the deed they name.
DENIAL = re.compile(
    r"\b(?:i|we) (?:(?:really|actually|just) )?(?:don't|do not|won't|will not|needn't|no longer)(?: (?:actually|even|really))?"
    r"(?: (?:need|have|want) to)? (?P<deed>.+)|\b(?:i'm|i am|we're) not (?:going to|gonna) (?P<plan>.+)|\bno need to (?P<need>.+)"
    r"|\b(?:i|we)(?:'ve)? already (?P<done>.+)"
)


def denials(lines: Sequence[Line]) -> list[tuple[int, frozenset[str]]]:
    """Which deeds are said to be unneeded or done, by line."""
    found: list[tuple[int, frozenset[str]]] = []
    for index, line in enumerate(lines):
        match = DENIAL.search(line.text)
        if match is not None:
            start = match.start(str(match.lastgroup))
            found.append((index, stems(re.findall(r"[\w']+", line.text[start : clause_end(line.text, start)]))))
    return found


def retracted(lines: Sequence[Line], index: int, last: int) -> bool:
    """Whether what follows the word `last` of a line takes it back in general terms ("actually no")."""
    line = lines[index]
    if last + 1 < len(line.starts):
        return RETRACTION.match(line.text[line.starts[last + 1] :]) is not None
    return index + 1 < len(lines) and RETRACTION.match(lines[index + 1].text) is not None


def denied(deed: Sequence[str], later: Sequence[frozenset[str]]) -> bool:
    """Whether a denial names the deed, given in plain words, and does not merely share a word with it."""
    named = stems(deed)
    return bool(named) and any(len(named & words) * 2 > len(named) for words in later)


def stems(words: Sequence[str]) -> frozenset[str]:
    """Content words, whatever their tense and number."""
    return frozenset(stem(word) for word in words if word not in FUNCTION_WORDS)
