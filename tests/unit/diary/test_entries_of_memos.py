"""What the owner of a diary would expect of entries made from memos of many kinds."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

import memos
from diarist.diary.compose import compose
from diarist.diary.notes import DOUBTED
from diarist.diary.proof import prove
from diarist.domain.audio import Span
from diarist.domain.diary import Entry
from diarist.domain.transcript import Gap, Transcript
from heard import heard

ALL = {name: text for name, text in vars(memos).items() if name.isupper()}


def _read(entry: Entry) -> str:
    return " ".join(sentence.text for sentence in entry.sentences)


def _deeds(entry: Entry) -> str:
    return " | ".join(item.text for item in entry.action_items)


@pytest.mark.parametrize("text", ALL.values(), ids=ALL.keys())
def test_every_memo_gives_a_short_proven_entry_in_spoken_order(text: str) -> None:
    transcript = heard(text)

    entry = compose(transcript)

    starts = [sentence.citations[0].start for sentence in entry.sentences]
    assert prove(entry, transcript) == []
    assert 3 <= len(entry.sentences) <= 8
    assert starts == sorted(starts)
    assert entry.composed_by == "extractive"
    assert 3 <= len(entry.title) <= 60
    assert len(entry.topics) <= 6
    assert all(sentence.text[0].isupper() and sentence.text[-1] in ".?!\u2026" for sentence in entry.sentences)
    assert compose(transcript) == entry


def test_a_day_keeps_its_people_and_debts() -> None:
    entry = compose(heard(memos.DAY))

    assert {person.name for person in entry.people} == {"Priya", "Marcus"}
    assert [item.due for item in entry.action_items] == ["before Friday", "by tomorrow at the latest"]


def test_a_list_becomes_items_and_what_is_off_the_list_does_not() -> None:
    deeds = _deeds(compose(heard(memos.LIST)))

    assert "Buy milk, eggs, coffee and the big bag of cat food" in deeds
    assert "Call the plumber" in deeds
    assert "Renew the car insurance by the end of the month" in deeds
    assert "dentist" not in deeds


def test_hesitant_speech_reads_well_and_keeps_its_doubt() -> None:
    entry = compose(heard(memos.HESITANT))
    read = _read(entry)

    assert "I just got off the phone with the landlord" in read
    assert "um" not in read.lower().split()
    assert "maybe I should talk to the tenants' union" in read
    assert "Is this on?" not in read
    assert "union" not in _deeds(entry)


def test_a_meeting_gives_the_speakers_promises_not_the_others() -> None:
    deeds = _deeds(compose(heard(memos.MEETING)))

    assert "Send the new timeline to everyone by Wednesday noon" in deeds
    assert "migration guide" not in deeds
    assert "tell the two hospitals" not in deeds
    assert "start next week" not in deeds


def test_a_story_about_others_commits_the_speaker_to_nothing() -> None:
    entry = compose(heard(memos.STORY))

    assert entry.action_items == ()
    assert {"Victor", "Agnes"} <= {person.name for person in entry.people}


def test_grief_is_not_cheerful_and_its_denials_stay() -> None:
    entry = compose(heard(memos.GRIEF))

    assert entry.mood is not None
    assert entry.mood.label in {"negative", "mixed"}
    assert "I'm not ready to sell the tools" in _read(entry)


def test_a_technical_note_promises_what_it_says_and_forbids_nothing() -> None:
    entry = compose(heard(memos.TECHNICAL))

    assert "Write a test that fails without the fix" in _deeds(entry)
    assert "merge" not in _deeds(entry)
    assert "zero point five megabytes instead of two point one" in _read(entry)


def test_a_decision_is_told_and_a_doubt_is_no_plan() -> None:
    entry = compose(heard(memos.DECISION))

    assert "I'm not taking it" in _read(entry)
    assert "Call Mr. Lindqvist on Monday" in _deeds(entry)
    assert "raise" not in _deeds(entry)
    assert "people at work" not in _deeds(entry)


def test_speech_without_stops_or_capitals_still_gives_sentences_and_people() -> None:
    entry = compose(heard(memos.STREAM))

    assert all(len(sentence.text.split()) <= 45 for sentence in entry.sentences)
    assert [person.name for person in entry.people] == ["Simon"]
    assert "Order the roofing felt tomorrow" in _deeds(entry)


def test_a_long_memo_is_told_from_beginning_to_end() -> None:
    transcript = heard(memos.WEEK)
    starts = [sentence.citations[0].start for sentence in compose(transcript).sentences]

    for part in range(4):
        assert any(part / 4 <= start / transcript.duration < (part + 1) / 4 for start in starts)


def test_nothing_said_gives_an_honest_entry() -> None:
    empty = Transcript(duration=1200.0, language=None, language_probability=None, engine="scripted", model="none", segments=())

    entry = compose(empty)

    assert not any((entry.sentences, entry.action_items, entry.people, entry.topics))
    assert entry.mood is None
    assert entry.notes == ("Nothing was said in this recording.",)
    assert entry.title == "A recording without words"


def test_what_stays_suspect_is_not_told_and_the_entry_says_so() -> None:
    whole = heard("I walked to the harbour. I sold my house to Anna. Then I went home.", segment_words=5)
    texts = [segment.text for segment in whole.segments]
    assert texts == ["I walked to the harbour.", "I sold my house to", "Anna. Then I went home."]
    doubted = replace(
        whole, segments=(whole.segments[0], replace(whole.segments[1], suspicions=("improbable",)), whole.segments[2])
    )

    entry = compose(doubted)

    assert "house" not in _read(entry)
    assert "harbour" in _read(entry)
    assert entry.notes == (DOUBTED,)
    assert {place for sentence in entry.sentences for one in sentence.citations for place in one.segment_ids} == {0, 2}
    assert prove(entry, doubted) == []
    assert prove(compose(whole), doubted)


def test_where_all_is_suspect_nothing_is_told_nor_is_it_said_that_nothing_was() -> None:
    whole = heard("I walked to the harbour.")
    entry = compose(replace(whole, segments=(replace(whole.segments[0], suspicions=("repetition",)),)))
    assert (entry.title, entry.sentences, entry.notes) == ("A recording that is hard to make out", (), (DOUBTED,))


def test_a_promise_is_not_told_without_the_but_that_takes_it_back() -> None:
    promise, but = "I promised Anna that I would marry her and I love her so much.", "But I won't."

    read = _read(compose(heard(f"{memos.WEEK} {promise} {but} {memos.DECISION}")))

    assert f"{promise} {but}" in read


def test_gaps_and_missing_parts_are_named() -> None:
    gap = Gap(span=Span(30.0, 330.0), code="child_died", message="gone")
    late = Gap(span=Span(3600.0, 3725.0), code="child_died", message="gone")

    entry = compose(replace(heard("We walked to the lake.", gaps=(gap, late)), partial=True))

    assert entry.notes[:2] == (
        "0:30 to 5:30 could not be transcribed.",
        "1:00:00 to 1:02:05 could not be transcribed.",
    )
    assert "still being transcribed" in entry.notes[2]


def test_other_languages_are_quoted_and_the_limits_are_told() -> None:
    said = "Heute war ich mit Anna am See. Ich muss morgen den Zahnarzt anrufen. Das Wasser war kalt."

    entry = compose(heard(said, language="de"))

    assert _read(entry) == said
    assert not any((entry.action_items, entry.people, entry.topics))
    assert entry.mood is None
    assert "only recognised in English" in entry.notes[0]


def test_an_unnamed_language_is_told_by_its_small_words() -> None:
    assert compose(heard("I need to call the dentist and then we can go to the lake.", language=None)).action_items
    assert not compose(heard("Ich muss den Zahnarzt anrufen und dann gehen wir zum See.", language=None)).action_items


def test_what_was_hardly_heard_is_not_told_when_better_is_there() -> None:
    clear = heard("We walked to the lake. The water was cold. Anna swam across it.")
    murky = heard("Purple sofa taxes jumped.", probability=0.1)
    shifted = replace(murky.segments[0], start=100.0, end=101.0)

    entry = compose(replace(clear, segments=(*clear.segments, shifted)))

    assert "sofa" not in _read(entry)
    assert "sofa" not in entry.title.lower()


def test_a_hint_names_a_recording_that_names_itself_poorly() -> None:
    poor = heard("We went there. It was fine.")

    assert compose(poor, title_hint="Trip to Oslo").title == "Trip to Oslo"
    assert compose(poor, title_hint="REC_2024-05-01 (3).m4a").title == "We went there"


@pytest.mark.parametrize("stops", [True, False], ids=["with stops", "without stops"])
def test_three_hours_take_seconds(*, stops: bool) -> None:
    text = " ".join(ALL.values())
    text = " ".join([text] * (30_000 // len(text.split()) + 1))
    transcript = heard(text if stops else "".join(letter for letter in text.lower() if letter not in ".,?!"))

    began = time.process_time()
    compose(transcript)

    # Two seconds at most on the machine this was built on; the bound is loose for slower ones.
    assert time.process_time() - began < 10
