"""Hours of speech are read in windows, and nothing falls between two."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from diarist.diary.written.answers import Claim, Claims, WrittenEntry, WrittenSentence
from diarist.diary.written.asking import Clerk, Room
from diarist.diary.written.compose import UNREAD, compose_written
from diarist.diary.written.style import packaged_style
from diarist.diary.written.windows import line, windows, written
from diarist.domain.transcript import Transcript
from diarist.llm.asking import Ask
from diarist.llm.tokens import likely
from made_transcripts import segment, transcript, transcripts
from scripted_model import ACCOUNT, ScriptedModel

HOURS = 6
SENTENCES = (
    "I walked through the rain to the station.",
    "The train was late and nobody complained.",
    "We talked about the roof.",
)
FACT = "I found grandmother's ring under the floor of the shed."


@given(transcripts(), st.integers(1, 400))
def test_every_segment_that_is_not_doubted_stands_in_one_window(one: Transcript, tokens: int) -> None:
    cut = windows(one, tokens)

    text = "\n".join(written(one, window) for window in cut)
    assert text.strip() == "".join(line(one, at) for at in range(len(one.segments))).strip()
    assert all(likely(written(one, window)) <= tokens for window in cut if window.first < window.last)


def _six_hours() -> Transcript:
    """One segment of about eight seconds after the other; the fact comes in the fifth hour."""
    count = HOURS * 3600 // 8
    segments = [segment(8.0 * at, 8.0 * at + 7, " ".join(SENTENCES)) for at in range(count)]
    at = int(4.5 * 3600 // 8)
    segments[at] = segment(8.0 * at, 8.0 * at + 7, FACT)
    return transcript(*segments)


def _honest(ask: Ask[Any]) -> BaseModel:
    """Claims the fact where it reads it, and of each window the first sentence; writes all it is given."""
    if ask.answer is Claims:
        lines = re.findall(r"^\[(\d+)\] (.*)$", ask.prompt, re.MULTILINE)
        told = [lines[0], *((number, text) for number, text in lines if text == FACT)]
        quotes = [(int(number), text if text == FACT else SENTENCES[0]) for number, text in told]
        return Claims(claims=[Claim(text=quote, segment_ids=[number], quote=quote, kind="event") for number, quote in quotes])
    said = re.findall(r'^(c\d+) \w+: .* \(said: "(.*)"\)$', ask.prompt, re.MULTILINE)
    return WrittenEntry(title="The ring", sentences=[WrittenSentence(text=quote, claims=[name]) for name, quote in said])


async def test_a_fact_of_the_fifth_hour_arrives() -> None:
    model = ScriptedModel(_honest)

    clerk = Clerk(model=model, account=ACCOUNT, vault=None, room=Room.of(16_000))
    entry = await compose_written(_six_hours(), clerk, packaged_style("diary"))

    told = [sentence for sentence in entry.sentences if sentence.text == FACT]
    assert [int(sentence.citations[0].start // 3600) for sentence in told] == [4]
    assert entry.provenance is not None
    assert entry.provenance.windows > 10
    assert entry.provenance.windows_unread == 0
    assert len(model.asked) == clerk.calls
    assert all(likely(ask.system, ask.prompt) + ask.max_output_tokens <= 16_000 for ask in model.asked)


async def test_what_no_model_reads_speaks_for_itself() -> None:
    """Nobody answers for the window with the fact, nor for its halves: its own sentences stand, and the entry says so."""

    def unwilling(ask: Ask[Any]) -> BaseModel | None:
        return None if ask.answer is Claims and FACT in ask.prompt else _honest(ask)

    clerk = Clerk(model=ScriptedModel(unwilling), account=ACCOUNT, vault=None, room=Room.of(4_000))
    few = transcript(*_six_hours().segments[int(4.4 * 450) : int(4.6 * 450)])
    entry = await compose_written(few, clerk, packaged_style("diary"))

    assert entry.provenance is not None
    assert entry.composed_by == "scripted/words"
    assert entry.provenance.windows > 1
    assert entry.provenance.windows_unread == 1
    assert UNREAD in entry.notes
    assert FACT in [sentence.text for sentence in entry.sentences]
