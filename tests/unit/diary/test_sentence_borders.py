"""Sentences end where people ended them, whatever the engine wrote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from diarist.diary.speech import listen
from diarist.diary.utterances import utterances
from diarist.domain.transcript import Transcript, Word
from heard import heard


def _sentences(transcript: Transcript, holes: tuple[float, ...] = ()) -> list[str]:
    return [utterance.citation.quote for utterance in utterances(listen(transcript), holes)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Patel came with Mr. J. Smith at 4 p.m. sharp.",
        "It reads 0.5 megabytes, e.g. from the cache, instead of 2.1 megabytes.",
        "I was thinking... maybe we wait.",
        "No. 5 was the best of them.",
    ],
)
def test_stops_inside_a_sentence_do_not_end_it(sentence: str) -> None:
    assert _sentences(heard(f"First we ate. {sentence} Then we slept.")) == ["First we ate.", sentence, "Then we slept."]


def test_a_no_ends_a_sentence() -> None:
    assert _sentences(heard("She said no. I went home.")) == ["She said no.", "I went home."]


def test_lower_case_sentences_end_at_their_stops() -> None:
    said = "we went to the lake. it was cold! did you know? i swam anyway."

    assert _sentences(heard(said)) == ["we went to the lake.", "it was cold!", "did you know?", "i swam anyway."]


def test_segments_may_hold_several_sentences_and_a_sentence_several_segments() -> None:
    said = "I woke up. I missed the bus by ten seconds and walked all the way to work. It rained."

    assert _sentences(heard(said, segment_words=5)) == _sentences(heard(said, segment_words=100))


def test_a_run_on_is_cut_where_a_new_clause_begins_and_never_behind_a_small_word() -> None:
    run_on = (
        "so yesterday i went to the garage and they told me that the brakes are gone and then i called my brother and he said"
        " that he knows somebody who can do it for half of the money but i don't think that i want to drive to the coast for"
        " that so i will probably just pay it and be done with it"
    )

    pieces = _sentences(heard(run_on))

    assert " ".join(pieces) == run_on
    assert len(pieces) >= 2
    assert all(len(piece.split()) <= 36 for piece in pieces)
    assert not any(piece.split()[-1] in {"and", "that", "the", "to", "don't", "my", "of", "will"} for piece in pieces)
    # What is denied stays with its "don't".
    assert any("but i don't think that i want to drive to the coast" in piece for piece in pieces)


def test_a_condition_is_not_cut_off_from_its_consequence() -> None:
    run_on = (
        "we talked about the weather and the harvest and the old tractor all morning and if the rain holds off until the weekend"
        " then we start with the lower field and the whole family comes to help us with the hay"
    )

    assert not any(piece.endswith("weekend") for piece in _sentences(heard(run_on)))


def test_no_sentence_runs_across_a_hole_in_the_transcript() -> None:
    transcript = heard("We were talking about the plan for next")
    (segment,) = transcript.segments
    late = replace(
        segment,
        start=300.0,
        end=301.0,
        text="year and so on.",
        words=tuple(
            Word(start=300.0 + place / 4, end=300.2 + place / 4, text=text, probability=0.9)
            for place, text in enumerate(["year", "and", "so", "on."])
        ),
    )

    assert _sentences(replace(transcript, segments=(segment, late)), (3.0,)) == [segment.text, late.text]


def test_a_sentence_ends_where_somebody_else_goes_on() -> None:
    said = heard("I think that we should wait for the others", segment_words=5)
    first, second = said.segments
    voices = replace(said, segments=(replace(first, channel=0), replace(second, channel=1)))
    assert _sentences(said) == ["I think that we should wait for the others"]
    assert _sentences(voices) == ["I think that we should", "wait for the others"]
