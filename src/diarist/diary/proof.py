"""Checks an entry against its transcript: nothing in it may be said that was not heard, and no "not" or "maybe" may be lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from diarist.diary.english import HEDGES, NEGATIONS
from diarist.diary.filler import HESITATIONS
from diarist.diary.speech import PIECE, Speech, Spoken, listen, plain
from diarist.domain.diary import Citation, Entry
from diarist.domain.transcript import Transcript

GUARDED = NEGATIONS | HEDGES
# May stand between two tries at the same words.
ASIDE = re.compile(r"(?<!\S)(?:you know|i mean|like)(?!\S)")
# The "not" of a reminder ("don't forget to call") falls with it and changes nothing.
REMINDING = re.compile(r"\b(?:don't let me forget|don't forget|(?:can't|mustn't|must not|cannot) forget) (?:to|about)\b")


def prove(entry: Entry, transcript: Transcript) -> list[str]:
    """What is wrong with an entry, one sentence a fault; empty when all of it is proven.

    Every quote stands in its cited segments at the cited times; a sentence's words are words of its quotes in their order, and
    keep all that deny or hedge; due words, people and topics are quoted.
    """
    speech = listen(transcript)
    faults: list[str] = []
    for sentence in entry.sentences:
        faults += [
            f"sentence {sentence.text!r}: {fault}" for fault in statement_faults(sentence.text, sentence.citations, speech)
        ]
    for item in entry.action_items:
        faults += [f"action item {item.text!r}: {fault}" for fault in item_faults(item.text, item.due, item.citations, speech)]
    for mention in (*entry.people, *entry.topics):
        faults += [f"mention {mention.name!r}: {fault}" for fault in mention_faults(mention.name, mention.citations, speech)]
    for citation in entry.mood.citations if entry.mood is not None else ():
        faults += [f"mood: {fault}" for fault in citation_faults(citation, speech)]
    return faults


def statement_faults(text: str, citations: Sequence[Citation], speech: Speech) -> list[str]:
    """What is wrong with a sentence."""
    quote = " ".join(citation.quote for citation in citations)
    faults = _all_citation_faults(citations, speech)
    if not is_subsequence(bare(text), bare(quote)):
        faults.append("has words that were not said in this order")
    if lost := _lost(quote, text):
        faults.append(f"lost {', '.join(lost)}")
    return faults


def item_faults(text: str, due: str | None, citations: Sequence[Citation], speech: Speech) -> list[str]:
    """What is wrong with an action item; its lead ("I need to") may be gone."""
    quote = " ".join(citation.quote for citation in citations)
    faults = _all_citation_faults(citations, speech)
    if not any(is_subsequence(bare(text), bare(citation.quote)) for citation in citations):
        faults.append("has words that were not said in this order")
    if due is not None and not is_subsequence(bare(due), bare(quote)):
        faults.append("is due by words that were not said")
    first = citations[0].quote if citations else ""
    if lost := _lost(REMINDING.sub(" ", " ".join(bare(first))), f"{text} {due or ''}"):
        faults.append(f"lost {', '.join(lost)}")
    return faults


def mention_faults(name: str, citations: Sequence[Citation], speech: Speech) -> list[str]:
    """What is wrong with a person or a topic; later citations may call it something shorter."""
    faults = _all_citation_faults(citations, speech)
    said = {word.removesuffix("'s") for citation in citations for word in bare(citation.quote)}
    if not {word.removesuffix("'s") for word in bare(name)} <= said:
        faults.append("was not said")
    return faults


def citation_faults(citation: Citation, speech: Speech) -> list[str]:
    """What is wrong with a quote: it must stand in the cited segments, word for word and at the cited times."""
    ids = citation.segment_ids
    if not ids or list(ids) != sorted(set(ids)):
        return ["cites no segments in order"]
    words = speech.within(ids[0], ids[-1])
    if any(_is_run(citation, words, first, speech) for first in range(len(words))):
        return []
    return [f"{citation.quote!r} was not said from {citation.start} to {citation.end}"]


def bare(text: str) -> list[str]:
    """The words of a text without case and punctuation."""
    return [word for word in (plain(piece) for piece in PIECE.findall(text)) if word]


def is_subsequence(few: Sequence[str], many: Iterable[str]) -> bool:
    """Whether all of `few` occur in `many` in this order."""
    rest = iter(many)
    return all(word in rest for word in few)


def _is_run(citation: Citation, words: Sequence[Spoken], first: int, speech: Speech) -> bool:
    at = words[first].at
    until = at + len(citation.quote)
    if not speech.text.startswith(citation.quote, at):
        return False
    run = [word for word in words[first:] if word.until <= until]
    cited = tuple(range(run[0].segment, run[-1].segment + 1)) if run else ()
    return (
        cited == citation.segment_ids
        and run[-1].until == until
        and min(word.start for word in run) == citation.start
        and max(word.end for word in run) == citation.end
    )


def _all_citation_faults(citations: Sequence[Citation], speech: Speech) -> list[str]:
    if not citations:
        return ["has no citation"]
    return [fault for citation in citations for fault in citation_faults(citation, speech)]


def _lost(quote: str, text: str) -> list[str]:
    """Guarded words of the quote that the text lacks; said twice over in a restart they count once."""
    missing = _guarded(quote) - _guarded(text)
    return sorted(missing)


def _guarded(text: str) -> Counter[str]:
    words = [word for word in bare(text) if word not in HESITATIONS]
    unhesitant = re.sub(ASIDE, " ", " ".join(words)).split()
    return Counter(word for word in without_repeats(unhesitant) if word in GUARDED)


def without_repeats(words: Sequence[str]) -> list[str]:
    """Words with runs that are said twice over reduced to one."""
    kept: list[str] = []
    for word in words:
        kept.append(word)
        for size in range(4, 0, -1):
            if len(kept) >= 2 * size and kept[-2 * size : -size] == kept[-size:]:
                del kept[-size:]
                break
    return kept
