"""Finds what the speaker took upon themselves, and leaves alone what was past, denied, supposed or somebody else's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from diarist.diary import leads
from diarist.diary.clauses import clause_end, clause_start, condition_start
from diarist.diary.due import due_at_end, due_in, is_due
from diarist.diary.english import AUXILIARIES, CONJUNCTIONS, DETERMINERS, FUNCTION_WORDS, PREPOSITIONS, PRONOUNS
from diarist.diary.line import Line, line_of
from diarist.diary.reported import hands_over, is_reported
from diarist.diary.utterances import Utterance
from diarist.diary.withdrawals import denials, denied, retracted
from diarist.domain.wordlist import words


@dataclass(frozen=True, slots=True)
class Commitment:
    """Where in an utterance a commitment stands, in places among its kept words."""

    utterance: int
    first: int
    """First word of the proof: the lead, with what hedges it."""
    deed: int
    """First word of what is to be done."""
    last: int
    """Last word of the deed."""
    due: tuple[int, int] | None
    """First and last of the due words."""
    due_next: bool = False
    """Whether the next utterance is the due words, and nothing else ("First thing tomorrow.")."""


# Weak enough that nothing was committed.
DOUBT = re.compile(r"\b(?:maybe|perhaps|might|possibly|not sure|wonder|whether|i doubt|no idea)\b")
DENIAL = re.compile(r"\b(?:not|never|no longer|nobody|hardly|\w+n't|cannot)\b")
CONDITION = re.compile(r"\b(?:if|unless|in case|otherwise|whenever|every time|suppose|supposing|imagine|as if)\b")
# Weak, but a commitment all the same; the words stay in the item.
SOFT = re.compile(r"\b(?:i|we) (?:really |still |just )?(?:think|guess|suppose|believe|hope)(?: that)? $|\bprobably $")
LINKS = words("and also then oh plus so")
# Said in passing before the deed; the item does without them.
EASY = words("also just really still then definitely actually")
# What follows a verb of a list is neither a verb ("Clear is ...") nor the listener ("Trust me").
NO_OBJECTS = AUXILIARIES | {"me", "you", "as"}
NO_VERBS = DETERMINERS | PRONOUNS | PREPOSITIONS | CONJUNCTIONS
# What may stand right before a lead for it to be a clause of its own.
BEFORE = re.compile(
    r"(?:^|[,;:.!?\u2026\u2013\u2014-] ?|\b(?:and|but|so|then|plus|also|or|because|cause|since|oh|okay|ok|well|now|anyway|yeah"
    r"|later|first|means|meaning|think|guess|suppose|know|realised|realized|remembered|believe|hope|figured|decided|afterwards"
    r"|still|say|told me|reminded me"
    r"|(?:means|realised|realized|remembered|know|think|decided|told me|reminded me|so|agreed|reckon) that) ?)$"
)
# Kinds of lead that have no subject, and therefore need no place of their own.
IMPERATIVE = frozenset({"reminder", "subjectless"})
NEAR = 3
"""How many utterances from a list's other lines a bare imperative may stand."""


def commitments(utterances: Sequence[Utterance]) -> list[Commitment]:
    """Every commitment, in order of speech, less those that were taken back."""
    lines = [line_of(utterance) for utterance in utterances]
    found = _by_lead(utterances, lines)
    found.extend(_by_list(utterances, lines, found))
    found.sort(key=lambda item: (item.utterance, item.deed))
    said_off = denials(lines)
    return [
        _with_afterthought(item, lines)
        for item in found
        if not retracted(lines, item.utterance, item.last)
        and not denied(
            utterances[item.utterance].plain[item.deed : item.last + 1],
            [words for index, words in said_off if index > item.utterance],
        )
    ]


def _with_afterthought(item: Commitment, lines: Sequence[Line]) -> Commitment:
    at_end = item.last + 1 >= len(lines[item.utterance].starts)
    follows = item.utterance + 1 < len(lines) and is_due(lines[item.utterance + 1].text)
    return replace(item, due_next=True) if item.due is None and at_end and follows else item


def _by_lead(utterances: Sequence[Utterance], lines: Sequence[Line]) -> list[Commitment]:
    found: list[Commitment] = []
    # What others were reported to say is still theirs when it is repeated ("he kept saying I have to run. I have to run.").
    theirs: set[str] = set()
    for utterance, line in zip(utterances, lines, strict=True):
        handed_over = bool(utterance.index) and hands_over(lines[utterance.index - 1].text)
        position = 0
        while match := leads.lead_pattern().search(line.text, position):
            position = match.end()
            clause = line.text[match.end() : clause_end(line.text, match.end())].rstrip(" .,;:!?")
            if handed_over or (match.lastgroup not in IMPERATIVE and is_reported(line.text, match.start())):
                theirs.add(clause)
            if clause in theirs:
                continue
            item = _judged(utterance, line, match)
            if item is not None:
                found.extend(_split(item, line, utterance))
                position = max(position, line.starts[found[-1].last])
    return found


def _judged(utterance: Utterance, line: Line, match: re.Match[str]) -> Commitment | None:
    """The commitment that a lead opens, or None where it only sounds like one."""
    kind = str(match.lastgroup)
    begin = clause_start(line.text, match.start())
    before, after = line.text[begin : match.start()], line.text[match.end() :]
    if not after or match.end() >= len(line.text):
        return None
    if kind not in IMPERATIVE and not (BEFORE.search(before) or due_at_end(before)):
        return None
    lead = match.group()
    governing = line.text[condition_start(line.text, match.start()) : match.start()]
    if DENIAL.search(before) or DOUBT.search(before) or CONDITION.search(governing) or HABIT.search(lead):
        return None
    if leads.MANNER.match(_bare(after)) or leads.STATE.match(_bare(after)) or after.startswith(("maybe", "perhaps", "possibly")):
        return None
    if kind == "promise" and lead.rstrip().endswith(("'d", "would")) and leads.NOT_WOULD.match(after):
        return None
    return _item(utterance, line, match, before)


def _item(utterance: Utterance, line: Line, match: re.Match[str], before: str) -> Commitment | None:
    end = clause_end(line.text, match.end())
    clause = line.text[match.end() : end]
    if clause.rstrip().endswith("?") or DOUBT.match(line.text[end:].lstrip(" ,")) or leads.HABITUAL.search(clause):
        return None
    deed, last = line.word_at(match.end()), line.word_at(max(match.end(), end - 1))
    while deed < last and utterance.plain[deed] in EASY:
        deed += 1
    if not _is_deed(utterance.plain[deed : last + 1]):
        return None
    first = line.word_at(match.start())
    lead = match.group()
    soft = SOFT.search(before)
    if soft:
        first = deed = line.word_at(match.start() - len(before) + soft.start())
    elif "probably" in lead.split():
        deed = line.word_at(match.start() + lead.index("probably"))
    elif lead.rstrip().endswith("owe"):
        deed -= 1
    due = due_in(clause)
    if due is not None:
        span = (line.word_at(match.end() + due[0]), line.word_at(match.end() + due[1] - 1))
        return Commitment(utterance.index, first, deed, last, span)
    leading = due_at_end(before)
    if leading is not None and not soft:
        start = match.start() - len(before)
        span = (line.word_at(start + leading[0]), line.word_at(start + leading[1] - 2))
        return Commitment(utterance.index, span[0], deed, last, span)
    return Commitment(utterance.index, first, deed, last, _due_later(line, end))


def _due_later(line: Line, end: int) -> tuple[int, int] | None:
    """A deadline said after the clause ("..., so by tomorrow"), unless another commitment stands between."""
    rest = line.text[end:]
    other = leads.lead_pattern().search(rest)
    afterthought = re.search(r"(?:, |, so |so )(?=(?:by|before|until|till|no later)\b)", rest[: other.start()] if other else rest)
    if afterthought is None:
        return None
    due = due_in(rest[afterthought.end() :])
    if due is None or due[0] != 0:
        return None
    start = end + afterthought.end()
    return line.word_at(start), line.word_at(start + due[1] - 1)


def _bare(after: str) -> str:
    return re.sub(rf"^{leads.SOON} ?", "", f" {after}")


HABIT = re.compile(r"\b(?:always|usually|normally|often)\b")


def _is_deed(words: Sequence[str]) -> bool:
    """Whether words after a lead begin with a verb and say something."""
    bare = [word for word in words if word not in EASY and word != "probably"]
    if not bare or bare[0] in NO_VERBS:
        return False
    return any(word not in FUNCTION_WORDS for word in bare)


def _split(item: Commitment, line: Line, utterance: Utterance) -> list[Commitment]:
    """Two deeds joined by "and" are two items, unless the second says nothing by itself ("and tell him")."""
    words = utterance.plain
    for index in range(item.deed + 2, item.last - 1):
        if words[index] != "and" or words[index + 1] not in leads.DEEDS or words[item.deed] in leads.PAIRED:
            continue
        if not any(word not in FUNCTION_WORDS and word not in leads.DEEDS for word in words[index + 2 : item.last + 1]):
            continue
        head = replace(item, last=index - 1, due=_due_within(line, item.deed, index - 1))
        tail = replace(item, deed=index + 1, due=_due_within(line, index + 1, item.last))
        if item.due is not None and item.due[0] < item.deed:
            head, tail = replace(head, due=item.due), replace(tail, due=item.due)
        return [head, *_split(tail, line, utterance)]
    return [item]


def _due_within(line: Line, first: int, last: int) -> tuple[int, int] | None:
    until = line.starts[last + 1] - 1 if last + 1 < len(line.starts) else len(line.text)
    due = due_in(line.text[line.starts[first] : until])
    if due is None:
        return None
    return line.word_at(line.starts[first] + due[0]), line.word_at(line.starts[first] + due[1] - 1)


def _by_list(utterances: Sequence[Utterance], lines: Sequence[Line], known: Sequence[Commitment]) -> list[Commitment]:
    """Bare imperatives ("Call the plumber") that stand among the lines of a spoken list."""
    taken = {item.utterance for item in known}
    near = taken | {index for index, line in enumerate(lines) if leads.LIST_CUE.search(line.text)}
    found: dict[int, Commitment] = {}
    order = range(len(utterances))
    for index in [*order, *reversed(order)]:
        if index in taken or index in found or not any(other in near for other in range(index - NEAR, index + NEAR + 1)):
            continue
        item = _imperative(utterances[index], lines[index])
        if item is not None:
            found[index] = item
            near.add(index)
    return list(found.values())


def _imperative(utterance: Utterance, line: Line) -> Commitment | None:
    words = utterance.plain
    cue = leads.LIST_OPENING.match(line.text)
    first = line.word_at(cue.end()) if cue else 0
    while first < len(words) and words[first] in LINKS:
        first += 1
    if first + 1 >= len(words) or words[first] not in leads.DEEDS or words[first + 1] in NO_OBJECTS or utterance.asks:
        return None
    if DENIAL.search(line.text) or is_reported(line.text, len(line.text)):
        return None
    end = clause_end(line.text, line.starts[first])
    last = line.word_at(end - 1)
    due = _due_within(line, first, last)
    object_words = [words[index] for index in range(first + 1, last + 1) if due is None or not due[0] <= index <= due[1]]
    if not any(word not in FUNCTION_WORDS for word in object_words):
        return None
    return Commitment(utterance.index, first, first, last, due or _due_later(line, end))
