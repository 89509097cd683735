"""How the speaker sounds in words: a lexicon's valence of each sentence, and the sentences that caused it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from diarist.diary.salience import FEELING, FIRST_PERSON, TURNING
from diarist.diary.utterances import Utterance
from diarist.domain.diary import Mood
from diarist.domain.wordlist import words

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

# A sentence whose compound score is nearer to 0 says nothing about the mood.
MOVED = 0.1
# The label: the mean must leave this band to have a sign ...
NEUTRAL_BAND = 0.08
# ... and is mixed when the weaker of the two sides has at least this share of the stronger.
MIXED_SHARE = 0.4
# A sentence that names a feeling tells most of the speaker's mood, a report of the world least.
FEELS, ABOUT_ME, REPORTS = 1.0, 0.6, 0.3
MOST_CITATIONS = 4
# In the lexicon for their praise or blame; in speech they mostly just describe ("shared a desk", "artificial intelligence").
DESCRIPTIVE = words("""
    okay ok yes yeah well sure please share shared shares sharing intelligence intelligent fresh drop dropped drops cut cuts clean
    cleaned cleaning useful interest interested interesting important help helped create created ready natural energy security
    certain certainly top play played playing party free gold blind stop stopped number united growth growing clear block
    blocks low capital defense engaged gain challenge agree agreed charge charged charges alarm pay paid pressure demand order
    """)
# After these "like" is a verb and felt.
LIKERS = words("i you we they really would i'd don't didn't to")


@cache
def _analyzer() -> SentimentIntensityAnalyzer:
    # Reads a 400 kB word list: on first use, not at import. It never touches the network.
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def valences(utterances: Sequence[Utterance]) -> list[float]:
    """The lexicon's compound score of each sentence, -1 to 1 (Hutto and Gilbert 2014); filler, trimmed before, does not count."""
    analyzer = _analyzer()
    return [float(analyzer.polarity_scores(_felt(utterance))["compound"]) if utterance.kept else 0.0 for utterance in utterances]


def _felt(utterance: Utterance) -> str:
    """The sentence with a word of no feeling in the place of each that only describes."""
    words: list[str] = []
    before = ""
    for word in utterance.kept:
        mere = word.plain in DESCRIPTIVE or (word.plain == "like" and before not in LIKERS)
        words.append("such" if mere else word.text)
        before = word.plain
    return " ".join(words)


def _weight(utterance: Utterance) -> float:
    plain = " ".join(utterance.plain)
    if FEELING.search(plain) or TURNING.search(plain):
        return FEELS * len(utterance.kept)
    return (ABOUT_ME if FIRST_PERSON & set(utterance.plain) else REPORTS) * len(utterance.kept)


def mood(utterances: Sequence[Utterance], scores: Sequence[float]) -> Mood | None:
    """The mood of all sentences together, weighted by their length; None when nothing was said.

    `positive` or `negative` when the mean lies more than 0.08 from 0, `mixed` when both sides are strong, else `neutral`.
    """
    weights = [_weight(utterance) for utterance in utterances]
    total = sum(weights)
    if not total:
        return None
    pulls = [weight * (score if abs(score) >= MOVED else 0.0) / total for weight, score in zip(weights, scores, strict=True)]
    bright, dark = sum(pull for pull in pulls if pull > 0), -sum(pull for pull in pulls if pull < 0)
    label = _label(bright, dark)
    return Mood(
        valence=round(max(-1.0, min(1.0, bright - dark)), 3) + 0.0,
        arousal=None,
        label=label,
        citations=tuple(utterances[index].citation for index in _causes(pulls, label)),
    )


def _label(bright: float, dark: float) -> str:
    weak, strong = sorted((bright, dark))
    if strong < NEUTRAL_BAND:
        return "neutral"
    if weak >= MIXED_SHARE * strong:
        return "mixed"
    return "positive" if bright > dark else "negative"


def _causes(pulls: Sequence[float], label: str) -> list[int]:
    """Which sentences moved the mood most, in order of speech: of both signs when it is mixed, none when it is neutral."""
    if label == "neutral":
        return []
    bright = sorted((index for index, pull in enumerate(pulls) if pull > 0), key=lambda index: (-pulls[index], index))
    dark = sorted((index for index, pull in enumerate(pulls) if pull < 0), key=lambda index: (pulls[index], index))
    if label == "mixed":
        chosen = bright[: MOST_CITATIONS // 2] + dark[: MOST_CITATIONS // 2]
    else:
        chosen = (bright if label == "positive" else dark)[: MOST_CITATIONS - 1]
    return sorted(chosen)
