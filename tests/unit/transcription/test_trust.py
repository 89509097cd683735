"""The trust score is what its definition says, and goes down whenever something gets worse."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.audio import Span
from diarist.domain.coverage import CoverageLabel
from diarist.domain.transcript import Segment, Transcript, Word
from diarist.transcription.merge import Part
from diarist.transcription.trust import assess, trust
from made_transcripts import coverage

VOICED = (CoverageLabel.TRANSCRIBED, CoverageLabel.SUSPECT, CoverageLabel.DROPPED_SPEECH)


def said(*words: tuple[float, float]) -> Segment:
    """Words of so many seconds and such a probability."""
    times = tuple(Word(start=10.0, end=10.0 + seconds, text="word", probability=p) for seconds, p in words)
    return Segment(start=10.0, end=20.0, text="word", probability=0.1, words=times)


def score(transcribed: float, suspect: float = 0.0, dropped: float = 0.0, probability: float = 1.0) -> int | None:
    lengths = zip(VOICED, (transcribed, suspect, dropped), strict=True)
    return trust(coverage(*lengths, (CoverageLabel.NO_SPEECH, 1000.0)), [said((1.0, probability))])


def test_the_score_is_the_share_of_the_voiced_time_whose_text_is_expected_to_be_right() -> None:
    assert score(60.0) == 100
    assert score(60.0, probability=0.93) == 93
    assert score(60.0, probability=0.29) == 29
    assert score(90.0, suspect=10.0) == 95
    assert score(90.0, dropped=10.0) == 90
    assert score(50.0, suspect=20.0, dropped=30.0, probability=0.5) == 30


def test_the_highest_score_is_for_what_lacks_nothing() -> None:
    assert score(3600.0, dropped=0.5) == 99


def test_words_weigh_as_long_as_they_take_and_a_segment_without_words_speaks_for_itself() -> None:
    whole = coverage((CoverageLabel.TRANSCRIBED, 10.0))
    assert trust(whole, [said((3.0, 1.0), (1.0, 0.2))]) == 80
    assert trust(whole, [replace(said(), words=(), probability=0.7)]) == 70


def test_there_is_no_score_without_speech_and_none_is_above_speech_without_text() -> None:
    assert trust(coverage((CoverageLabel.NO_SPEECH, 60.0)), []) is None
    assert trust(coverage((CoverageLabel.PENDING, 60.0)), []) is None
    assert trust(coverage((CoverageLabel.DROPPED_SPEECH, 60.0)), []) == 0


def test_a_transcript_whose_voice_is_not_known_has_neither_coverage_nor_score() -> None:
    transcript = Transcript(
        duration=60.0, language="en", language_probability=1.0, engine="scripted", model="words", segments=(said((1.0, 1.0)),)
    )
    assert assess(transcript, []) == transcript
    known = assess(transcript, [Part(span=Span(0.0, 60.0), heard=None, speech=(Span(10.0, 11.2),))])
    assert known.coverage is not None
    assert known.coverage.totals[CoverageLabel.TRANSCRIBED] == 1.2
    assert known.trust == 100


seconds = st.integers(0, 5000).map(float)
probabilities = st.floats(0, 1)


@given(seconds, seconds, seconds, probabilities, st.integers(1, 5000).map(float), probabilities)
def test_it_never_rises_when_text_becomes_suspect_or_is_dropped_or_less_certain(
    transcribed: float, suspect: float, dropped: float, probability: float, moved: float, less: float
) -> None:
    before = score(transcribed + moved, suspect, dropped, probability)
    assert before is not None
    assert 0 <= before <= 100
    for after in (
        score(transcribed, suspect + moved, dropped, probability),
        score(transcribed, suspect, dropped + moved, probability),
        score(transcribed + moved, suspect, dropped, min(less, probability)),
        score(transcribed + moved, suspect, dropped + moved, probability),
    ):
        assert after is not None
        assert after <= before
