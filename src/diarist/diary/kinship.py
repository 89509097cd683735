"""Words for people by what they are to the speaker."""

from __future__ import annotations

from diarist.domain.wordlist import words

# Used like names ("Mom said"); the values gather the variants of one person.
KIN_NAMES = {
    **dict.fromkeys(("mom", "mum", "mama", "mommy", "mummy", "mam", "mother"), "mother"),
    **dict.fromkeys(("dad", "daddy", "papa", "father"), "father"),
    **dict.fromkeys(("grandma", "granny", "gran", "nan", "nana", "grandmother", "nanna"), "grandmother"),
    **dict.fromkeys(("grandpa", "granddad", "grandad", "gramps", "grandfather"), "grandfather"),
}
# These need a possessive; the bare word is any mother.
FORMAL_KIN = words("mother father grandmother grandfather")

RELATIONS = words("""
    sister brother wife husband partner girlfriend boyfriend fiance fiancee son daughter kid child kids children
    parents grandparents aunt uncle auntie cousin niece nephew grandson granddaughter stepmother stepfather stepmom stepdad
    stepson stepdaughter godmother godfather twin mother-in-law father-in-law sister-in-law brother-in-law in-laws friend
    roommate flatmate housemate neighbor neighbour landlord landlady boss manager supervisor colleague coworker co-worker
    teammate assistant mentor coach trainer teacher professor tutor therapist counselor counsellor doctor dentist
    physio lawyer accountant ex ex-wife ex-husband ex-girlfriend ex-boyfriend babysitter nanny classmate
    """)

# Everybody who is somebody to somebody.
RELATED = RELATIONS | set(KIN_NAMES)

# Between a possessive and a relation ("my little sister", "our upstairs neighbour").
KIN_ADJECTIVES = words(
    """
    little big older younger old elder eldest oldest youngest best dear late new former good close downstairs upstairs twin first
    next-door whole poor
    """
)
# Stand before a name and belong to it.
NAME_TITLES = words(
    """
    dr doctor mr mrs ms miss professor prof sir madam aunt auntie uncle coach sister father reverend rev captain sergeant officer
    judge nurse pastor rabbi imam lady lord president senator grandma grandpa granny nana cousin chef
    """
)
