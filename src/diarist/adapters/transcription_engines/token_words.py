"""Words from the pieces of words that transducers and CTC models emit, each with the moment at which it began."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from diarist.domain.transcript import Word

_LONGEST_PIECE = 0.32
"""Seconds from the last piece of a word to its end, unless the next word begins before: the models say only when pieces begin."""
_ATTACHED = frozenset(".,!?;:%…)]}»”\N{RIGHT SINGLE QUOTATION MARK}")
"""What belongs to the word before it, whatever blank the model writes between them."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a word; a blank at its front begins a new one."""

    text: str
    time: float
    """Seconds."""
    logprob: float | None


@dataclass(slots=True)
class _Group:
    tokens: list[Token] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(token.text.strip() for token in self.tokens)

    @property
    def spoken(self) -> list[Token]:
        """Without what is only written, which is emitted at any time."""
        return [token for token in self.tokens if any(character.isalnum() for character in token.text)]


def words(tokens: Sequence[Token], end: float) -> Iterator[Word]:
    """Each with the blank before it, in order, none behind `end` (seconds); as probable as its pieces are on average."""
    groups = [group for group in _groups(tokens) if group.spoken]
    starts = [min(group.spoken[0].time, end) for group in groups] + [end]
    for group, (start, following) in zip(groups, pairwise(starts), strict=True):
        last = max(start, min(group.spoken[-1].time + _LONGEST_PIECE, following))
        yield Word(start=start, end=last, text=f" {group.text}", probability=belief([token.logprob for token in group.tokens]))


def belief(logprobs: Sequence[float | None]) -> float:
    """The geometric mean of probabilities; 1 when the model gives none."""
    given = [logprob for logprob in logprobs if logprob is not None]
    return math.exp(min(0.0, sum(given) / len(given))) if given else 1.0


def _groups(tokens: Sequence[Token]) -> Iterator[_Group]:
    group = _Group()
    parted = False  # a vocabulary of letters has the blank as a letter of its own
    for token in tokens:
        bare = token.text.strip()
        parted = parted or token.text[:1].isspace()
        if bare:
            if parted and not set(bare) <= _ATTACHED:
                yield group
                group = _Group()
            group.tokens.append(token)
            parted = token.text[-1:].isspace()
    yield group
