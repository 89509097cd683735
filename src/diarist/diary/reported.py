"""Tells the speaker's own words from words they only report."""

from __future__ import annotations

import re
from functools import cache

# After these, people speak the other's words; the others rather retell them.
QUOTING = r"(?:saying|goes|go|went|yells?|yelled|shouts?|shouted|(?:is|was|were|'s) (?:all )?like)"
RETELLING = (
    r"(?:says?|said|asks?|asked|tells?|told|texts?|texted|writes?|wrote|replies|replied|answers?|answered|thinks|thought"
    r"|announced|announces|promised|promises|whispered|claims|claimed|reckons|insists|insisted|suggested|suggests)"
)
SPEAKER = frozenset({"i", "we", "i've", "we've"})
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


def ends_in_report(line: str) -> bool:
    """Whether a line ends with somebody saying something, so that the next line is what they say."""
    return any(
        match.end() >= len(line.rstrip(' .,:;"')) and match["subject"] not in SPEAKER for match in _report().finditer(line)
    )


def is_reported(line: str, position: int) -> bool:
    """Whether what stands at `position` in a lower-case line is said by somebody else.

    Quotation marks decide where the engine wrote them. Else a verb of saying with another subject reports what follows: after
    "he says," or "she was like" until the speaker comes back ("so I ..."), after "he said that" to the end of its clause.
    """
    before = line[:position]
    report = None
    for match in _report().finditer(before):
        report = None if match["subject"] in SPEAKER else match
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
