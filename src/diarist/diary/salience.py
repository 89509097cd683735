"""How much each sentence matters to a diary, and which cannot stand without the one before."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from diarist.diary.english import FUNCTION_WORDS, IRREGULAR_VERBS, VERBS, stem
from diarist.diary.reported import hands_over
from diarist.diary.utterances import Utterance
from diarist.domain.wordlist import words

# What people say when something turned.
TURNING = re.compile(
    r"\b(?:i|we)(?:'ve| have)? (?:just |finally |also )?(?:decided|realised|realized|agreed|quit|won|lost|failed|passed|promised"
    r"|finished|learned|learnt|understood|broke|forgave|found out|resigned|accepted)\b"
    r"|\bfirst time\b|\bfor good\b|\bthe (?:best|worst) (?:thing|part|day|moment)\b|\bi'm not (?:taking|going|doing|ready|sure)\b"
    r"|\bproud of\b|\bi'm (?:so |really |very )?(?:happy|sad|angry|afraid|scared|excited|terrified|relieved|worried|ashamed|tired"
    r"|grateful|lonely|nervous)\b"
)
FEELING = re.compile(
    r"\b(?:i|we) (?:really |just |still |nearly |almost |could )?(?:feel|felt|cried|miss|missed|hate|hated|love|loved|hope|wish"
    r"|laughed|regret|worry)\b"
)
# Courtesies fill time between people and tell nothing.
COURTESY = re.compile(
    r"\bthank you (?:so |very )?much\b|\bthanks (?:so much|for (?:having|coming))\b|\bmy pleasure\b"
    r"|\b(?:good|great|nice|glad|lovely) (?:to|for) (?:see|have|meet|be)\b|\bwelcome (?:to|back)\b|\bhow are you\b"
)
# Opens a new scene.
SETTING = re.compile(
    r"(?:so |and |then |but )*(?:today|yesterday|tonight|this (?:morning|afternoon|evening)|last (?:night|week)"
    r"|(?:on |in )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|in the (?:morning|afternoon|evening)"
    r"|at (?:lunch|noon|night|work|home)|after(?:wards| (?:work|lunch|dinner))|finally)\b"
)
FIRST_PERSON = words("i i'm i've i'd i'll me my mine myself we we're we've we'd we'll our ours us")
# A sentence that opens so speaks of what was named before.
BACK_REFERENCES = words(
    """
    he she it they him her them his hers its their this that these those he's she's it's they're that's he'd she'd they'd it'd
    he'll she'll they'll it'll which both neither either there except
    """
)
THIRD_PERSONS = words("he she they his her their he's she's they're he'd she'd they'd he'll she'll they'll")
OBJECTS = frozenset({"him", "them"})
CONNECTIVES = words("and but or so then also because which plus anyway though")
# Begin half a sentence when they begin one.
FRAGMENTS = frozenset({"because", "which", "or", "nor"})
TAKEN_BACK = frozenset({("but",), ("except",), ("although",), ("though",), ("or", "not"), ("actually", "no")})
# Words; a shorter answer needs its question.
SHORT_ANSWER = 5
# Words; diary sentences are seldom shorter or longer.
SHORT, FULL, LONG = 4, 12, 40


def centrality(utterances: Sequence[Utterance], counts: Counter[str]) -> list[float]:
    """How much each sentence shares of what the whole recording talks about, 0 to 1."""
    raw: list[float] = []
    for utterance in utterances:
        words = {stem(word) for word in utterance.plain if word not in FUNCTION_WORDS}
        # By the square root, as a long sentence says more but not in proportion; a short one seldom says much.
        raw.append(sum(math.log2(1 + counts[word]) for word in words) / math.sqrt(max(len(utterance.kept), FULL)))
    top = max(raw, default=0.0)
    return [value / top if top else 0.0 for value in raw]


def salience(
    utterances: Sequence[Utterance],
    counts: Counter[str],
    *,
    valences: Mapping[int, float] | None = None,
    with_people: Collection[int] = (),
    with_commitments: Collection[int] = (),
) -> list[float]:
    """A weight for each sentence; larger is more worth keeping."""
    weights = centrality(utterances, counts)
    for index, utterance in enumerate(utterances):
        plain = " ".join(utterance.plain)
        weight = weights[index]
        weight += 0.2 * (index in with_people) + 0.15 * (index in with_commitments) + 0.15 * bool(SETTING.match(plain))
        weight += 0.35 * abs((valences or {}).get(index, 0.0))
        weight += 0.4 * bool(TURNING.search(plain)) + 0.25 * bool(FEELING.search(plain))
        weight += 0.15 * bool(FIRST_PERSON & set(utterance.plain))
        if len(utterance.kept) < SHORT:
            weight -= 0.35
        elif len(utterance.kept) > LONG:
            weight -= 0.3
        weight -= 0.5 * bool(COURTESY.search(plain)) + 0.1 * utterance.asks
        # What the engine hardly heard is likely misheard.
        weights[index] = weight * min(1.0, 0.4 + utterance.probability)
    return weights


def leans_on_next(utterances: Sequence[Utterance], index: int) -> bool:
    """Whether what follows takes a sentence back or bounds it ("But I don't"), so that it would mislead alone."""
    following = utterances[index + 1].plain if index + 1 < len(utterances) else ()
    return following[:1] in TAKEN_BACK or following[:2] in TAKEN_BACK


def leans_on_previous(utterances: Sequence[Utterance], index: int) -> bool:
    """Whether a sentence refers back or answers, so that it should not stand without the one before."""
    if index == 0:
        return False
    utterance, before = utterances[index], utterances[index - 1]
    if (before.asks and len(utterance.kept) <= SHORT_ANSWER) or hands_over(before.text.lower()):
        return True
    words = list(utterance.plain)
    linked = False
    while words and words[0] in CONNECTIVES:
        linked = words.pop(0) in {"but", "so", "which", "because", "or"} or linked
    if not words:
        return True
    if utterance.plain[0] in FRAGMENTS or words[0] in BACK_REFERENCES or (linked and len(utterance.kept) <= SHORT):
        return True
    # "And I have to get them both": who "they" are was said before.
    return any(word in OBJECTS and not _names_somebody(utterance, place) for place, word in enumerate(utterance.plain))


def _names_somebody(utterance: Utterance, place: int) -> bool:
    """Whether an antecedent may stand before the place: a content word that is no verb, or a capital."""
    return any(
        word.plain not in FUNCTION_WORDS and word.plain not in VERBS and word.plain not in IRREGULAR_VERBS
        for word in utterance.kept[:place]
    )
