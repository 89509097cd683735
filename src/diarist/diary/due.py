"""Finds the words that say by when ("by Thursday at five"), as spoken; nothing is worked out from them."""

from __future__ import annotations

import re
from functools import cache

DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
PART = r"(?:morning|afternoon|evening|night|noon|lunchtime|midday)"
COUNT = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|sixty|ninety"
    r"|a couple of|a few)"
)
UNIT = r"(?:minute|hour|day|week|fortnight|month|year)s?"
ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth"
    r"|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty[ -](?:first|second|third|fourth|fifth"
    r"|sixth|seventh|eighth|ninth)|thirtieth|thirty[ -]first)"
)
HOUR = r"(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
MERIDIEM = r"(?: ?[ap]\.?m\b\.?| o'clock| sharp| in the (?:morning|afternoon|evening))"
# A bare number after "at" or "by" is an hour only when no noun follows it ("at two tables").
QUARTER = r"(?:half past|half|(?:a )?quarter past|(?:a )?quarter to|ten past|ten to|twenty past|twenty to)"
NO_NOUN = rf"(?=[,.;!?]|$| (?:on|to|for|and|so|or|but|because|if|tomorrow|today|tonight|next|this|{DAY})\b)"
CLOCK = (
    rf"(?:{QUARTER} {HOUR}|{HOUR}(?:[: ](?:\d\d|fifteen|thirty|forty[ -]five))?(?:{MERIDIEM}|{NO_NOUN})"
    r"|noon|midnight|midday|lunchtime|lunch|dinner|breakfast)"
)
DATE = (
    rf"(?:(?:the )?{ORDINAL} of {MONTH}|{MONTH} (?:the )?(?:{ORDINAL}|\d{{1,2}})|the {ORDINAL}(?! \w+(?:s|ing)\b)"
    rf"|\d{{1,2}} {MONTH}|(?:mid|early|late)[ -]{MONTH}|{MONTH})"
)
NAMED = (
    rf"(?:(?:next |this |this coming |coming )?{DAY}(?: {PART})?|tomorrow(?: {PART})?|tonight|today|christmas|easter"
    r"|new year(?:'s)?)"
)
PERIOD = rf"(?:business|day|week|month|year|quarter|term|{DAY}|{MONTH})"
END_OF = rf"(?:the )?(?:very )?(?:end|beginning|start|middle) of (?:the |this |next )?{PERIOD}"
NEXT = r"next (?:week|weekend|month|year|time|spring|summer|autumn|fall|winter)"
THIS = rf"(?:later )?this (?:{PART}|week|weekend|month|year)"
POINT = rf"(?:{END_OF}|{NAMED}|{DATE}|{CLOCK}|{NEXT}|{THIS}|the weekend|then)"

# A bare day is due only where no noun follows or precedes it ("the Friday flight", "swap Sunday with Kofi").
BARE = (
    rf"(?:(?<!\bthe )(?<!\ba )(?<!\bmy )(?<!\bour )(?<!\bthis ){NAMED}"
    r"(?=[,.;!?]|$| (?:at|by|before|after|around|and|or|so|because|in|if|when|to|on)\b))"
)
TIME = (
    rf"(?:(?:at the latest |no later than |first thing |sometime |some time )*(?:by|before|until|till|no later than) {POINT}"
    rf"|(?:first thing |sometime |some time |later |early |right )?(?:on {NAMED}|{BARE}|{NEXT}|{THIS})"
    rf"|first thing(?: {PART})?(?: on {DAY})?"
    rf"|(?:first thing )?in the (?:morning|afternoon|evening)"
    rf"|(?:at|around|about|after) {CLOCK}|(?:on|after|around) (?:{NAMED}|{DATE})|in {MONTH}|(?:at |in )?{END_OF}"
    rf"|for (?:{NAMED}|{NEXT})(?=[,.;!?]|$)"
    rf"|(?:with)?in {COUNT} {UNIT}(?:' time)?|(?:over|at|on) the weekend|every (?:other )?(?:day|week|morning|evening|{DAY})"
    r"|as soon as possible|right away|straight away|at the latest)"
)
# A second time that only narrows the first.
FURTHER = rf"(?: {TIME}|, (?=(?:by|before|at|no later)\b){TIME})"
# Until something happens; to the end of its clause, if that is near.
EVENT = r"(?:before|until|till|by the time|as soon as) (?!and\b|but\b|so\b)[\w'-]+(?: [\w'-]+){0,5}(?=[,.;:!?]|$)"


@cache
def _due() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{TIME}{FURTHER}*(?![\w'-])(?:,? (?:{EVENT}))?|{EVENT})")


@cache
def _leading() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w']){TIME}{FURTHER}*,? (?:then |also |and )?$")


def due_in(clause: str) -> tuple[int, int] | None:
    """Where in a lower-case clause the due words stand; a deadline ("by", "before") is preferred to a mere time."""
    found = [match.span() for match in _due().finditer(clause)]
    deadlines = [span for span in found if clause.startswith(("by ", "before ", "until ", "till ", "no later "), span[0])]
    return next(iter(deadlines or found), None)


def is_due(line: str) -> bool:
    """Whether a lower-case line is nothing but due words ("First thing tomorrow.")."""
    span = due_in(line)
    return span is not None and span[0] == 0 and not line[span[1] :].strip(" .,!")


def due_at_end(clause: str) -> tuple[int, int] | None:
    """Where a time stands that leads up to the end of the given words ("on Monday " before "I need to")."""
    match = _leading().search(clause)
    return match.span() if match else None
