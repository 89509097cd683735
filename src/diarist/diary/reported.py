"""Tells the speaker's own words from words they only report."""

from __future__ import annotations

import re
from functools import cache

from diarist.diary.english import NEGATIONS

# After these, people speak the other's words; the others rather retell them.
QUOTING = r"(?:saying|goes|yells?|yelled|shouts?|shouted|(?:is|was|were|'s) (?:all )?like)"
RETELLING = (
    r"(?:says|said|asks|asked|tells|told|texts|texted|writes|wrote|replies|replied|answers|answered|thinks|thought|announced"
    r"|announces|promised|promises|whispered|claims|claimed|reckons|insists|insisted|suggested|suggests"
    r"|(?<=they )say|(?<=people )say|(?<=they )tell)"
)
# A first look that is cheap.
SAYING = re.compile(rf"{QUOTING}|{RETELLING}")
SPEAKER = frozenset({"i", "we", "i've", "we've"})
LINKING = frozenset({"and", "then", "just", "also", "but", "or"})
ACTOR = re.compile(r"\b(?:i|we|he|she|they)(?=\b|')")
# What people say of themselves when they are quoted.
OWN_WORDS = ("i ", "i'", "we ", "we'", "let's")
TOLD_ME = re.compile(r"(?:told|reminded|tells|reminds) me(?: that)? $")
# The speaker comes back with a clause of their own.
RETURN = re.compile(r"\b(?:so|and so|but|which means|anyway),? (?:now |then |yeah )?$")
CLAUSE_BORDER = re.compile(r"(?:,|\b(?:and|so|but|then)),? (?:now |then |yeah |also )?$")


@cache
def _report() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<subject>[\w.']+),? (?:(?:just|also|then|always|only|kept|keeps|actually|had|has) )*"
        rf"(?:(?P<quoting>{QUOTING})|{RETELLING})(?: (?:to )?(?:me|him|her|them|us))?(?P<comma>,?:?)(?![\w'])"
    )


def hands_over(line: str) -> bool:
    """Whether somebody else speaks when a line ends, so that the next line may go on with their words."""
    report = _last_report(line)
    # Who "hasn't answered" does not speak.
    if report is None or report["subject"] in NEGATIONS:
        return False
    said = line[report.end() :].strip(' .,:;"')
    return not said or (bool(report["comma"]) and said.startswith(OWN_WORDS))


def _last_report(before: str) -> re.Match[str] | None:
    """The last time that somebody other than the speaker is said to speak, unless the speaker spoke after that."""
    report = None
    if not SAYING.search(before):
        return None
    for match in _report().finditer(before):
        subject = match["subject"]
        if subject in LINKING:
            # "I went there and told him"
            actors = ACTOR.findall(before[: match.start()])
            subject = actors[-1] if actors else subject
        report = None if subject in SPEAKER else match
    return report


def is_reported(line: str, position: int) -> bool:
    """Whether what stands at `position` in a lower-case line is said by somebody else.

    Quotation marks decide where the engine wrote them. Else a verb of saying with another subject reports what follows: after
    "he says," or "she was like" until the speaker comes back ("so I ..."), after "he said that" to the end of its clause.
    """
    before = line[:position]
    report = _last_report(before)
    if report is None:
        return False
    marks = sum(before.count(mark) for mark in '"\u201c\u201d')
    if marks:
        return marks % 2 == 1
    between = before[report.end() :]
    if TOLD_ME.search(before):
        return False
    if report["comma"] or report["quoting"]:
        return not RETURN.search(between)
    return not CLAUSE_BORDER.search(between)
