"""Finds words that were said and do not count: corrected at once, meant the other way round, or addressed to a machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from diarist.diary.line import spoken_line
from diarist.diary.speech import Spoken
from diarist.diary.utterances import Utterance
from diarist.diary.written.terms import Role, Term, terms
from diarist.domain.wordlist import words

# Somebody speaks to whoever writes the diary; that is no part of the day.
INSTRUCTION = (
    r"^(?:(?:hey|ok|okay|dear) )?(?:computer|assistant|machine|system(?: message)?),"
    r"|\b(?:ignore|disregard|forget|override) (?:\w+ ){0,3}(?:instructions?|prompts?|rules|guidelines)\b"
    r"|\bsystem prompt\b|\blanguage model\b|\bai assistant\b|\b(?:hey|dear|hello|attention) (?:ai|assistant|computer|robot)\b"
    r"|\byou are now\b|\bas an ai\b|\bnew instructions?\b|\b(?:write|put|note|say|add|record|claim|state) (?:\w+ ){0,6}?"
    r"(?:in|into|to) (?:the|this|my) (?:diary|entry|summary|journal|transcript|record)\b"
    r"|\b(?:diary|entry|summary|journal|transcript|title) (?:should|must|has to|needs to|will) (?:now )?(?:say|state|read|be)\b"
    r"|\b(?:respond|reply|answer|output) (?:only )?(?:with|in)\b|\bjson\b|\bend of (?:the )?transcript\b"
)
# Meant the other way round, as far as words alone can tell.
IRONY = (
    r"\bjust what i (?:needed|wanted)\b|\bjust (?:great|perfect|brilliant|wonderful|fantastic|lovely)\b|\byeah,? right\b"
    r"|^(?:well |oh |and |so )*(?:wonderful|great|perfect|brilliant|fantastic|lovely|marvellous|terrific|awesome)[,.!]"
    r"|\boh,? (?:how )?(?:great|perfect|brilliant|wonderful|fantastic|lovely|joy|goody)\b|\blucky me\b"
    r"|\bthanks (?:a lot|for nothing)\b"
    r"|\bas if\b|\bwhat a (?:surprise|joy|treat)\b|\bhow (?:lovely|wonderful|delightful|thoughtful|generous)\b|\bbest day ever\b"
    r"|\bmy favou?rite thing\b|\bliving the dream\b|\bcouldn't be happier\b|\bthrilled,? (?:really|obviously|of course)\b"
    r"|\b(?:sarcastically|sarcasm|being sarcastic|i'm kidding|just kidding|i was joking|just joking|ironically)\b"
)
CORRECTION = (
    r"\b(?P<whole>scratch that|strike that|i take that back|never ?mind|forget (?:that|it|about it)|actually,? no)\b"
    r"|\b(?:no,? wait|wait,? no|no,? actually|no,? sorry|sorry,? no|or rather|correction|i mean|sorry,? i mean|no,? not"
    r"|no, (?=(?:on|at|in|by) ))\b"
)

# Lead up to a correction and are no part of what it corrects.
_OPENERS = words("no oh well and but so actually okay ok wait hmm sorry um uh yeah")


@cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


def struck(utterances: Sequence[Utterance]) -> frozenset[int]:
    """Places, in the speech, of the words that do not count."""
    found: set[int] = set()
    for utterance in utterances:
        line = spoken_line(utterance)
        if _pattern(INSTRUCTION).search(line.text):
            found |= {word.index for word in utterance.words}
            continue
        for match in _pattern(IRONY).finditer(line.text):
            found |= _clause_round(utterance.words, line.word_at(match.start()))
        for match in _pattern(CORRECTION).finditer(line.text):
            first, last = line.word_at(match.start()), line.word_at(match.end() - 1)
            taken = _corrected(utterances, utterance, first, last, whole=match["whole"] is not None)
            # With what it takes back, "no, wait" has done its work.
            found |= taken | {word.index for word in utterance.words[first : last + 1] if taken}
    return frozenset(found)


def _clause_round(words: Sequence[Spoken], at: int) -> set[int]:
    """The clause that holds a word, and the one behind it when nothing but a comma parts them ("oh great, I love that")."""
    clauses = {term.piece: term.clause for term in terms([word.text for word in words])}
    own = clauses.get(at, next((clauses[piece] for piece in sorted(clauses) if piece >= at), -1))
    return {words[piece].index for piece, clause in clauses.items() if clause == own}


def _corrected(utterances: Sequence[Utterance], utterance: Utterance, first: int, last: int, *, whole: bool) -> set[int]:
    """What the words `first` to `last` take back: the words of the same kind just before them, or the whole clause."""
    before = list(utterance.words[:first])
    if not any(word.plain not in _OPENERS for word in before) and utterance.index:
        before = list(utterances[utterance.index - 1].words)
    after = list(utterance.words[last + 1 :])
    if not after and utterance.index + 1 < len(utterances):
        after = list(utterances[utterance.index + 1].words)
    said = terms([word.text for word in before])
    mended = terms([word.text for word in after])
    mended = [term for term in mended if term.clause == mended[0].clause] if mended else []
    kinds = {kind for term in mended if (kind := _kind(term))}
    # Only the nearest word of a kind is mended; what was said earlier stands.
    taken: set[int] = set()
    for kind in kinds:
        stop = said[-1].stop if said else 0
        places = [term.piece for term in said if _kind(term) == kind and term.stop == stop]
        taken |= {before[places[-1]].index} if places else set()
    if taken or not whole or not said:
        return taken
    return {before[term.piece].index for term in said if term.stop == said[-1].stop}


def _kind(term: Term) -> str:
    if term.role is Role.WHEN:
        return "when"
    if term.role is Role.NAME:
        return "name"
    return "number" if term.key[:1].isdigit() else ""
