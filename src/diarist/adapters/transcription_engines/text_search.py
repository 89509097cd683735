"""Follows several texts of one window at once, as many as its model hesitates between, until the likeliest has ended; pure.

A beam search that takes no more lanes than there are doubts: a text that falls too far behind the likeliest is given up, and of
two that have come to the same words again only the likelier goes on. Most of the time one is left.

An end counts when nothing else is as likely, and not before: by its whole, a text is the less likely the longer it is, and the
shortest would win. So nothing that was said is dropped because it was said last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BEHIND = 2.0
"""Natural logarithm of how many times likelier the likeliest text may be than one that is still followed."""
_ALIKE = 3
"""Tokens at the end of two texts that make them the same from there on."""
_APART = 2
"""Tokens that one of the two may have more of."""


@dataclass(slots=True)
class Lane:
    """A text, by its last token and the lane before it."""

    token: int
    logprob: float
    """Of the token."""
    total: float
    """Of the whole text."""
    before: Lane | None
    query: NDArray[np.float32] | None = None
    """What the model looked for as it took the token; shape (heads, width of a head)."""

    @property
    def text(self) -> list[Lane]:
        """From the first token on; without what stands before it."""
        found: list[Lane] = []
        lane: Lane | None = self
        while lane is not None and lane.before is not None:
            found.append(lane)
            lane = lane.before
        return found[::-1]


class TextSearch:
    """Of one window."""

    def __init__(self, beam: int, end: int, room: int) -> None:
        """`beam`: texts at most; `end`: the token that ends one; `room`: tokens of a text at most, its end not counted."""
        self.lanes = [Lane(token=-1, logprob=0.0, total=0.0, before=None)]
        self.found: Lane | None = None
        """The likeliest text, once it is known; its last token is the end, unless there was no room for it."""
        self._beam, self._end, self._room = beam, end, room
        self._steps = 0

    def advance(self, tokens: NDArray[Any], logprobs: NDArray[Any]) -> list[int]:
        """Go on with what may come next in each lane, the tokens and their logarithms, shape (lanes, choices) each.

        Returns which lane each of the new ones continues; none when the text is found.
        """
        self._steps += 1
        choices = [
            Lane(int(token), float(logprob), lane.total + float(logprob), lane)
            for lane, its_tokens, its_logprobs in zip(self.lanes, tokens, logprobs, strict=True)
            for token, logprob in zip(its_tokens, its_logprobs, strict=True)
        ]
        choices.sort(key=lambda lane: lane.total, reverse=True)
        likely = [lane for lane in choices if lane.total >= choices[0].total - _BEHIND][: self._beam]
        if choices[0].token == self._end:
            self.found = choices[0]
            return []
        if self._steps > self._room:
            self.found = self.lanes[0]
            return []
        following = _different([lane for lane in likely if lane.token != self._end])
        places = {id(lane): place for place, lane in enumerate(self.lanes)}
        self.lanes = following
        return [places[id(lane.before)] for lane in following]


def _different(lanes: Sequence[Lane]) -> list[Lane]:
    """One each of those that have come to the same words, by a token more or less perhaps: the one that was likelier there."""
    found: list[Lane] = []
    for lane in lanes:
        alike = [(other, met) for other in found if (met := _meeting(lane, other))]
        if all(mine.total > its.total for _, (mine, its) in alike):
            met_with = [id(other) for other, _ in alike]
            found = [other for other in found if id(other) not in met_with]
            found.append(lane)
    return found


def _meeting(one: Lane, other: Lane) -> tuple[Lane, Lane] | None:
    """Where they end alike: one of them now, the other now or a little before."""
    for apart in range(_APART + 1):
        for first, second in ((one, _back(other, apart)), (_back(one, apart), other)):
            if first and second and _alike(first, second):
                return first, second
    return None


def _alike(one: Lane, other: Lane) -> bool:
    for _ in range(_ALIKE):
        if one.token != other.token:
            return False
        if one.before is None or other.before is None:
            return one is other
        one, other = one.before, other.before
    return True


def _back(lane: Lane, steps: int) -> Lane | None:
    last: Lane | None = lane
    for _ in range(steps):
        last = last.before if last else None
    return last
