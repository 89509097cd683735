"""Writes commitments down as action items: as spoken less the lead, with the words that prove them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from diarist.diary.commitments import Commitment
from diarist.diary.proof import item_faults
from diarist.diary.speech import Speech
from diarist.diary.utterances import CLOSERS, Utterance, capitalised, wording
from diarist.diary.withdrawals import stems
from diarist.domain.diary import ActionItem

RIM = '.,;:!?\u2026-\u2013\u2014\u3002"\u201c\u201d '


def action_items(found: Sequence[Commitment], utterances: Sequence[Utterance], speech: Speech) -> tuple[ActionItem, ...]:
    """One item for each commitment that can be proven; the same deed said twice is one item with two citations."""
    items: dict[frozenset[str], ActionItem] = {}
    for commitment in found:
        item = _item(commitment, utterances[commitment.utterance], speech)
        if item is None:
            continue
        if commitment.due_next:
            after = utterances[commitment.utterance + 1]
            due = _text(after, 0, len(after.kept) - 1, lower=True)
            item = replace(item, due=due[:1].lower() + due[1:], citations=(*item.citations, after.citation))
        kept = utterances[commitment.utterance].plain
        when = range(commitment.due[0], commitment.due[1] + 1) if commitment.due else range(0)
        deed = stems([kept[index] for index in range(commitment.deed, commitment.last + 1) if index not in when])
        known = items.get(deed)
        if known is not None and (known.due is None or item.due is None or known.due == item.due):
            item = replace(known, due=known.due or item.due, citations=(*known.citations, *item.citations))
        elif known is not None:
            deed |= {item.due or ""}
        items[deed] = item
    return tuple(items.values())


def _item(commitment: Commitment, utterance: Utterance, speech: Speech) -> ActionItem | None:
    """The item with its due words; without them where they cannot be proven; None where it cannot be proven at all."""
    for due in (commitment.due, None) if commitment.due else (None,):
        item = ActionItem(
            text=_text(utterance, commitment.deed, commitment.last),
            due=_text(utterance, *due, lower=True) if due else None,
            citations=tuple(
                speech.cite(utterance.kept[first].index, utterance.kept[last].index) for first, last in _quoted(commitment, due)
            ),
        )
        if not item_faults(item.text, item.due, item.citations, speech):
            return item
    return None


def _quoted(commitment: Commitment, due: tuple[int, int] | None) -> list[tuple[int, int]]:
    """First and last word of the quotes: the clause, and the due words where they were said apart from it."""
    if due is None:
        return [(commitment.first, commitment.last)]
    if due[0] > commitment.last + 1:
        return [(commitment.first, commitment.last), due]
    return [(min(commitment.first, due[0]), max(commitment.last, due[1]))]


def _text(utterance: Utterance, first: int, last: int, *, lower: bool = False) -> str:
    kept = utterance.kept[first : last + 1]
    words = utterance.words[kept[0].index - utterance.words[0].index : kept[-1].index - utterance.words[0].index + 1]
    if lower:
        return " ".join(word.text for word in kept).strip(RIM)
    return capitalised(wording(kept, words).rstrip(RIM + CLOSERS).strip(RIM))
