"""Which language is spoken where: told by what a model believes of each window, smoothed, so that a doubt is no change; pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from diarist.domain.audio import Span

Belief = Mapping[str, float]
"""The probability of each language, by its code; of those that may be spoken they add up to 1."""
Listen = Callable[[Sequence[Span]], Sequence[Belief]]
"""What is believed of each span."""
Cut = Callable[[Span], Sequence[Span]]
"""Pieces of a span, cut where it is quiet, that are long enough to tell a language by."""

_SURE = 0.8
"""A window whose language is less probable may hold several; it is looked at in pieces."""
_FULL = 6.0
"""Seconds from which on a piece counts in full; Whisper takes a second of French for anything."""
_CHANGE = 1.5
"""What a change of language costs, in nats: between two pieces of a language, one of another has to be believed by 0.95."""
_FLOOR = 1e-3
"""The least that is believed of any language, so that no single piece decides alone."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch in one language."""

    span: Span
    language: str
    probability: float
    """Mean of what is believed of its pieces, by their length."""


def restricted(belief: Belief, allowed: Collection[str]) -> dict[str, float]:
    """What is left when only some languages may be spoken; `allowed` may be empty, for all."""
    kept = {language: max(p, 1e-9) for language, p in belief.items() if not allowed or language in allowed}
    total = sum(kept.values())
    return {language: p / total for language, p in kept.items()}


def runs(windows: Sequence[Span], listen: Listen, cut: Cut) -> list[Run]:
    """The windows, which adjoin each other, as runs of one language each, in order.

    A recording in one language costs one look at each window. Where the language seems to change, or is not sure, it is looked
    at in pieces, so that the change is found to within one of them.
    """
    beliefs = list(listen(windows))
    unsure = _unsure(beliefs)
    pieces: list[Span] = []
    believed: list[Belief] = []
    for window, belief, doubted in zip(windows, beliefs, unsure, strict=True):
        parts = list(cut(window)) if doubted else [window]
        pieces += parts
        believed += listen(parts) if len(parts) > 1 else [belief]
    path = _smoothed(pieces, believed)
    found = []
    for language, group in groupby(zip(path, pieces, believed, strict=True), key=lambda one: one[0]):
        members = [(piece, belief.get(language, 0.0)) for _, piece, belief in group]
        seconds = sum(piece.duration for piece, _ in members) or 1.0
        probability = sum(p * piece.duration for piece, p in members) / seconds
        found.append(Run(Span(members[0][0].start, members[-1][0].end), language, probability))
    return found


def main_run(found: Sequence[Run]) -> tuple[str, float]:
    """The language of most of the time, and its mean probability there."""
    seconds: dict[str, float] = {}
    certainty: dict[str, float] = {}
    for run in found:
        seconds[run.language] = seconds.get(run.language, 0.0) + run.span.duration
        certainty[run.language] = certainty.get(run.language, 0.0) + run.span.duration * run.probability
    language = max(seconds, key=lambda code: (seconds[code], code))
    return language, certainty[language] / (seconds[language] or 1.0)


def _unsure(beliefs: Sequence[Belief]) -> list[bool]:
    """Whether a window has to be looked at in pieces: it is doubtful, or a neighbour is in another language."""
    tops = [max(belief, key=lambda code: belief[code]) for belief in beliefs]
    unsure = [belief[top] < _SURE for belief, top in zip(beliefs, tops, strict=True)]
    for place, (before, after) in enumerate(pairwise(tops)):
        if before != after:
            unsure[place] = unsure[place + 1] = True
    return unsure


def _smoothed(pieces: Sequence[Span], beliefs: Sequence[Belief]) -> list[str]:
    """The likeliest language of each piece when a change has its price (Viterbi's algorithm)."""
    languages = sorted({max(belief, key=lambda code: belief[code]) for belief in beliefs})
    scores = dict.fromkeys(languages, 0.0)
    back: list[dict[str, str]] = []
    for piece, belief in zip(pieces, beliefs, strict=True):
        weight = min(1.0, piece.duration / _FULL)
        best = max(languages, key=lambda code: scores[code])
        origin = {code: code if scores[code] >= scores[best] - _CHANGE else best for code in languages}
        scores = {
            code: max(scores[code], scores[best] - _CHANGE) + weight * math.log(max(belief.get(code, 0.0), _FLOOR))
            for code in languages
        }
        back.append(origin)
    language = max(languages, key=lambda code: scores[code])
    path = []
    for origin in reversed(back):
        path.append(language)
        language = origin[language]
    return path[::-1]
