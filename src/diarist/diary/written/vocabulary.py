"""The words of English that decide whether a sentence still says what was said."""

from __future__ import annotations

from diarist.diary.english import HEDGES, MONTHS, NEGATIONS, WEEKDAYS
from diarist.domain.wordlist import words

# Written by anybody without saying anything more.
LINKS = words("""
    a an the am is are was were be been being do does did done doing have has had having of in on at to for with by as that this
    these those it its it's itself there here and but so then also too just which who whom well now very really quite even oh okay
    ok yes yeah um uh you your yours yourself let got get
    """)

# "I" and "me" are two: who does it is not who has it done.
FIRST = {
    "i": "i", "me": "me", "myself": "me", "my": "my", "mine": "my",
    "we": "we", "us": "us", "ourselves": "us", "our": "our", "ours": "our",
}  # fmt: skip
THIRD = {
    "he": "he", "him": "him", "himself": "him", "his": "his", "she": "she", "her": "her", "herself": "her", "hers": "her",
    "they": "they", "them": "them", "themselves": "them", "their": "their", "theirs": "their",
}  # fmt: skip
SUBJECT_FORMS = words("i we he she they")

# What a sentence may neither lose nor gain: it would say the opposite, claim more, or make a deed of an intention.
_REPORTING = """
    say says said saying tell tells told telling claim claims claimed insist insists insisted according reckon reckons reckoned
    text texts texted wrote remind reminds reminded warn warns warned announce announces announced swear swears swore explain
    explains explained mention mentions mentioned suggest suggests suggested report reports reported reply replies replied answer
    answers answered argue argues argued admit admits admitted whispered shouted yelled
    """
_FAMILIES = (
    ("not", "no not ain't"),
    ("maybe", "maybe perhaps possibly possible"),
    ("probably", "probably likely presumably"),
    ("think", "think thinks thought thinking"),
    ("guess", "guess guessed guessing"),
    ("believe", "believe believes believed"),
    ("suppose", "suppose supposed supposedly"),
    ("seem", "seem seems seemed apparently"),
    ("hope", "hope hopes hoped hoping hopefully"),
    ("wish", "wish wishes wished wishing"),
    ("nearly", "almost nearly"),
    ("if", "if unless whether"),
    ("might", "might may"),
    ("can", "can"),
    ("could", "could"),
    ("will", "will shall"),
    ("would", "would"),
    ("should", "should ought"),
    ("must", "must"),
    ("need", "need needs needed needing"),
    ("want", "want wants wanted wanting"),
    ("try", "try tries tried trying"),
    ("plan", "plan plans planned planning intend intends intended"),
    ("consider", "consider considered considering"),
    ("fail", "fail fails failed failing"),
    ("forget", "forget forgets forgot forgotten"),
    ("refuse", "refuse refuses refused"),
    ("imagine", "imagine imagines imagined imagining"),
    ("dream", "dream dreamt dreamed dreaming"),
    ("pretend", "pretend pretends pretended pretending"),
    ("promise", "promise promises promised"),
    ("offer", "offers offered offering"),
    ("agree", "agree agrees agreed"),
    ("ask", "ask asks asked asking"),
    ("say", _REPORTING),
    ("suspect", "suspect suspects suspected assume assumes assumed expect expects expected figure figured"),
    ("doubt", "doubt doubts doubted"),
    ("write", "write writes pretending output respond summarise summarize"),
    ("usedto", "usedto"),
    ("or", "or either nor neither"),
    ("some", "some"),
    ("most", "most mostly"),
    ("only", "only"),
    ("against", "against"),
    ("sometimes", "sometimes occasionally"),
)
LIMITS: dict[str, str] = {word: word for word in (NEGATIONS | HEDGES) - words("about around kind sort")} | {
    word: key for key, family in _FAMILIES for word in family.split()
}
"""The word that stands for each of a family."""

NEGATING = frozenset(LIMITS[word] for word in NEGATIONS)
HEDGING = frozenset(LIMITS[word] for word in HEDGES if word in LIMITS)
TRAILING = NEGATING | HEDGING | words("against or doubt")
"""Bear on what stands before them, too."""
OBLIGING = words("need must should will want promise agree plan forget")
"""Leads of things to do; an action item says them by being one."""

# Hedge only before a number, "of" or the like; elsewhere they are prepositions and nouns.
ROUGHLY = words("about around roughly approximately over under least up")
VAGUELY = words("kind sort")

# "may" is a hedge far more often than a month.
WHEN = (
    WEEKDAYS
    | (MONTHS - {"may"})
    | words("today tomorrow yesterday tonight morning afternoon evening night noon midnight lunch breakfast")
    | words("week weekend month year next last")
)

PRESENT = words("is are am isn't aren't i'm you're we're they're he's she's it's that's has have don't doesn't do does")
PAST = words("was were had did wasn't weren't hadn't didn't")

# Begin a clause of their own.
BREAKERS = words("but because although though while whereas so which who where")
# Begin one when a subject follows.
JOINERS = words("and or then")
# Reach over a comma: what they condition comes after it, or came before.
REACHING = words("if unless provided until till")
# With "of" behind them they take a part of what follows.
PARTS = words("half part most some none all many few each one both several")
