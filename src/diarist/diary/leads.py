"""The phrases with which people commit themselves, and those that only sound like it."""

from __future__ import annotations

import re
from functools import cache

from diarist.domain.wordlist import words

# Adverbs that may stand inside a lead, each with the space before it.
SOON = (
    r"(?: (?:really|just|also|still|probably|definitely|absolutely|then|now|so|actually|seriously|first|urgently|always|usually"
    r"|normally|often))*"
)
# Obligation and promise in the present, by the speaker or with others.
OBLIGATION = (
    rf"(?:i|we){SOON} (?:need to|have to|have got to|gotta|got to|must|should|ought to|had better|owe(?= \w))"
    rf"|(?:i|we)'(?:ve|d){SOON} (?:got to|gotta|better)"
    rf"|(?:i'm|we're|i am|we are){SOON} (?:supposed to|meant to|obliged to)"
)
INTENTION = (
    rf"(?:i'll|we'll|i will|we will|i shall|we shall){SOON}(?: (?:have|need) to)?"
    rf"|(?:i'm|we're|i am|we are){SOON} (?:going to|gonna){SOON}(?: (?:have|need) to)?"
    rf"|(?:i|we){SOON} (?:plan to|intend to)|(?:i'm|we're|i am|we are) planning to"
    r"|let's"
)
PROMISE = (
    rf"(?:i|we)(?:'ve| have)?{SOON} (?:promised|promise|agreed|offered)(?: [\w.']+){{0,2}}? to"
    rf"|(?:i|we){SOON} (?:said|promised|agreed|told (?!me|us)[\w.']+(?: [\w.']+)?),?(?: that)? (?:i|we)(?:'d| would)"
)
REMINDER = (
    r"(?:can you |could you |please |someone )?remind me (?:to|about)|don't let me forget (?:to|about)|don't forget (?:to|about)"
    r"|(?:i|we) (?:can't|mustn't|must not|cannot) forget to|(?:i|we) (?:must|should|have to|need to) remember to"
    r"|note to self[,:.]?(?: to)?|reminder[,:.]? to|remember to|make sure (?:to|i|we)"
)
# Without a subject, as people speak a list: only at the head of a sentence.
SUBJECTLESS = r"(?:need to|have to|got to|gotta|must|better)"


@cache
def lead_pattern() -> re.Pattern[str]:
    """Any lead; groups tell the kind."""
    return re.compile(
        rf"(?<![\w'-])(?:(?P<reminder>{REMINDER})|(?P<promise>{PROMISE})|(?P<obligation>{OBLIGATION})|(?P<intention>{INTENTION})"
        rf"|(?P<subjectless>(?:^|(?<=^and )|(?<=^also )|(?<=^oh, )|(?<=^then )|(?<=^plus ))(?:{SUBJECTLESS})))(?![\w'-])(?:,? |$)"
    )


# After a lead these are manners of speaking, not deeds.
MANNER = re.compile(
    r"(?:say|admit|confess|wonder|laugh|smile|agree|mention|point out|be honest|be fair|be clear|tell you|tell ya|talk to you"
    r"|see you|speak to you|let you|give (?:it|him|her|them) (?:to|that|credit)|hand it to|start with|come back to (?:that|this)"
    r"|keep (?:it|this) short|explain|get to that|see(?=[,.!?]| (?:how|what|if|whether|about)|$)|bet|face it|hope|pretend"
    r"|go(?=[,.!?]|$| now)|leave it (?:there|at that)|stop (?:here|now|there)|sleep|go to (?:bed|sleep)|get going|hang up"
    r"|sign off|assume|take that back)(?![\w'])"
)
# After a lead these are states or forecasts; nobody can tick them off.
STATE = re.compile(
    r"(?:be (?!(?:there|at|in|on|home|back|ready|up|here)\b)|have(?! to)\b|been\b|feel|know|miss|love|hate|regret|die|cry|want"
    r"|like|lose|always|never|not\b|forget|see (?:him|her|it|them|that) again|get (?:old|sick|used|tired|better|worse|over)"
    r"|need(?! to)|end up|fail)\b"
)
# After "I'd" in a promise: it was "had" or a wish.
NOT_WOULD = re.compile(r"(?:been|had|gone|done|seen|like|love|prefer|rather|never|not|have|be|\w+ed)\b")
HABITUAL = re.compile(r"\b(?:always|usually|normally|often|sometimes|every time|constantly|whenever)\b")

# What a sentence to oneself starts with when it is a line of a list ("Call the plumber").
DEEDS = words("""
    add answer apply arrange ask attach back bake book borrow bring buy call cancel change charge check clean clear collect
    confirm contact copy deliver deposit download draft drop email empty fetch fill find finish fix follow get give hang
    install invite iron kill let look mail make measure message mow move order organise organize pack paint pay phone pick
    plan plant post prepare print push put rebook register renew repair replace reply reserve return review ring schedule
    search sell send set sign sort start submit sweep switch take talk tell test text thank throw tidy transfer try turn
    update upload vacuum visit wash water wipe wrap write
    """)
# Said before or between the lines of such a list.
LIST_CUE = re.compile(
    r"\b(?:to[- ]?do(?: list)?|(?:shopping |grocery )?list\b|errands|reminders?|note to self|before i forget|things (?:for|to)"
    r"|tasks? for|chores)\b"
)
# Leads up to the first line of a list.
LIST_OPENING = re.compile(r"(?:[\w' ]+, )?(?:before i forget|to[- ]do(?: list)?|note to self|reminder|one more thing)[,:] ")
# Two verbs, one deed ("go and see").
PAIRED = words("go come try stop sit run pop wait")
