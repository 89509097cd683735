"""Memos with traps, and a model that falls for all of them: how much of what it makes up reaches an entry, how much truth stays.

In a file of `SUITES` a memo is: the trap, the text, then what the model writes with the quotes it cites: `+` what the speaker
would sign, `-` a planted falsehood, `=` a planted title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from diarist.diary.written.answers import Claim, Claims, WrittenEntry, WrittenItem, WrittenMention, WrittenMood, WrittenSentence
from diarist.diary.written.asking import Clerk, Room
from diarist.diary.written.compose import compose_written
from diarist.diary.written.style import packaged_style
from diarist.domain.diary import Entry
from diarist.llm.asking import Ask
from heard import heard
from scripted_model import ACCOUNT, ScriptedModel

SUITES = {
    name: Path(__file__).with_name(f"faithfulness_{file}.txt")
    for name, file in (("known", "memos"), ("blind 1", "blind_1"), ("blind 2", "blind_2"))
}
"""`known`: the rules were written with these. `blind 1`: written before its author had read the rules. `blind 2`: written when
the rules stood, and judged once before anything was changed; docs/explanation/what-a-model-may-write.md has what came of it."""
LEAST_KEPT = 0.9
"""Share of what is true that has to be told."""


_LURES = ("Napoleon", "Atlantis", "treasure hunting", "Buy a boat")
"""Planted in every memo: a person, a place, a topic and a thing to do; so easy that they are not counted, unless they get in."""


@dataclass(frozen=True)
class Line:
    """A sentence of the model and what it cites for it."""

    text: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Memo:
    """One memo."""

    trap: str
    text: str
    true: tuple[Line, ...]
    planted: tuple[Line, ...]
    title: str | None


@dataclass
class Score:
    """What became of the sentences of some memos."""

    memos: int = 0
    true: int = 0
    kept: int = 0
    """Of the true sentences those that are told: as the model wrote them, or in the speaker's own words."""
    as_written: int = 0
    """Of those the ones that stand as the model wrote them."""
    planted: int = 0
    through: int = 0
    lost: list[str] = field(default_factory=list)
    """True sentences that are not told, with the reason."""
    slipped: list[str] = field(default_factory=list)
    """Falsehoods that are."""

    @property
    def share(self) -> float:
        """Of what is true, what is told."""
        return self.kept / self.true if self.true else 1.0

    @property
    def slip_rate(self) -> float:
        """Of the falsehoods, those that reached an entry."""
        return self.through / self.planted if self.planted else 0.0


def memos(suite: str = "known") -> list[Memo]:
    return [_memo(block.strip().splitlines()) for block in SUITES[suite].read_text("utf-8").split("\n\n") if block.strip()]


def _memo(lines: Sequence[str]) -> Memo:
    def marked(mark: str) -> tuple[Line, ...]:
        split = [[part.strip() for part in line[1:].split("|")] for line in lines[2:] if line.startswith(mark)]
        return tuple(Line(parts[0], tuple(parts[1:])) for parts in split)

    titles = marked("=")
    return Memo(lines[0].removeprefix("# "), lines[1], marked("+"), marked("-"), titles[0].text if titles else None)


class Gullible:
    """Claims all that is planted, writes all that is planted, and does what it is told by the speaker."""

    def __init__(self, memo: Memo, *, precise: bool) -> None:
        self._memo = memo
        self._precise = precise

    def __call__(self, ask: Ask[Any]) -> BaseModel:
        return self._claims(ask.prompt) if ask.answer is Claims else self._entry(ask.prompt)

    def _claims(self, prompt: str) -> Claims:
        segments = [int(number) for number in re.findall(r"^\[(\d+)\]", prompt, re.MULTILINE)]
        lines = (*self._memo.planted, *self._memo.true)
        claims = [
            # What is planted is claimed twice: as it is, and in the words that were said, to get at the quote.
            Claim(text=text, segment_ids=segments, quote=quote, kind="event")
            for line in lines
            for quote in line.quotes
            for text in dict.fromkeys((line.text, quote))
        ]
        return Claims(claims=claims)

    def _entry(self, prompt: str) -> WrittenEntry:
        said = re.findall(r'^(c\d+) \w+: .* \(said: "(.*)"\)$', prompt, re.MULTILINE)
        by_quote = {_plain(quote): name for name, quote in said}

        def cited(line: Line) -> list[str]:
            precise = [by_quote[_plain(quote)] for quote in line.quotes if _plain(quote) in by_quote]
            return (precise if self._precise else []) or [name for name, _ in said]

        every = [name for name, _ in said]
        lines = (*self._memo.true, *self._memo.planted)
        return WrittenEntry(
            title=self._memo.title or self._memo.planted[0].text,
            sentences=[WrittenSentence(text=line.text, claims=cited(line)) for line in lines],
            mood=WrittenMood(valence=1.0, arousal=1.0, label="furious", claims=every),
            people=[WrittenMention(name="Napoleon", claims=every)],
            places=[WrittenMention(name="Atlantis", claims=every)],
            topics=[WrittenMention(name="treasure hunting", claims=every)],
            action_items=[WrittenItem(text="Buy a boat", due="by Monday", claims=every)],
            quotes=["c999"],
        )


async def entry_of(memo: Memo, *, strict: bool = True, precise: bool = True) -> Entry:
    clerk = Clerk(model=ScriptedModel(Gullible(memo, precise=precise)), account=ACCOUNT, vault=None, room=Room.of(8192))
    return await compose_written(heard(memo.text), clerk, packaged_style("diary"), strict=strict)


async def scores(suite: str = "known", *, strict: bool = True) -> dict[str, Score]:
    """By trap, in the order of the file."""
    found: dict[str, Score] = {}
    for memo in memos(suite):
        entry = await entry_of(memo, strict=strict)
        _count(memo, entry, found.setdefault(memo.trap, Score()))
    return found


def _count(memo: Memo, entry: Entry, score: Score) -> None:
    told = {_plain(sentence.text) for sentence in entry.sentences}
    # Whatever stands anywhere in the entry counts, not only sentences.
    stated = told | {_plain(entry.title)} | {_plain(item.text) for item in entry.action_items}
    stated |= {_plain(mention.name) for mention in (*entry.people, *entry.places, *entry.topics)}
    reasons = {_plain(one.text): one.reason for one in entry.provenance.sentences_dropped} if entry.provenance else {}
    planted = [*(line.text for line in memo.planted), *([memo.title] if memo.title else [])]
    slipped = [text for text in (*planted, *_LURES) if _plain(text) in stated]
    if entry.mood is not None and entry.mood.label == "furious":
        slipped.append("furious")
    spoken = [_plain(sentence.text) for sentence in entry.sentences]
    as_written = [line.text for line in memo.true if _plain(line.text) in told]
    in_own_words = [line.text for line in memo.true if any(_plain(line.quotes[0]) in one for one in spoken)]
    lost = [line.text for line in memo.true if line.text not in {*as_written, *in_own_words}]
    score.memos += 1
    score.true += len(memo.true)
    score.kept += len(memo.true) - len(lost)
    score.as_written += len(as_written)
    score.planted += len(planted)
    score.through += len(slipped)
    score.slipped += slipped
    score.lost += [f"{text} ({reasons.get(_plain(text), 'not written')})" for text in lost]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower()))


def total(found: dict[str, Score]) -> Score:
    return Score(
        memos=sum(score.memos for score in found.values()),
        true=sum(score.true for score in found.values()),
        kept=sum(score.kept for score in found.values()),
        as_written=sum(score.as_written for score in found.values()),
        planted=sum(score.planted for score in found.values()),
        through=sum(score.through for score in found.values()),
        lost=[text for score in found.values() for text in score.lost],
        slipped=[text for score in found.values() for text in score.slipped],
    )
