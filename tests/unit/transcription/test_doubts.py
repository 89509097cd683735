from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.audio import Span
from diarist.domain.transcript import Segment, Word
from diarist.transcription.doubts import BUDGET, BUDGET_AT_LEAST, doubts, rehearings


def segment(start: float, end: float, *codes: str, language: str | None = None) -> Segment:
    word = Word(start=start, end=end, text="what", probability=0.9)
    return Segment(start=start, end=end, text="what", probability=0.9, words=(word,), suspicions=codes, language=language)


def spans(*segments: Segment, duration: float = 300.0) -> list[tuple[float, float]]:
    return [(doubt.span.start, doubt.span.end) for doubt in doubts(segments, duration)]


def test_a_doubt_reaches_to_the_text_on_either_side_and_not_far_into_silence() -> None:
    assert spans(segment(5, 9), segment(10, 12, "improbable"), segment(13, 15)) == [(9.0, 13.0)]
    assert spans(segment(5, 9), segment(50, 52, "improbable"), segment(90, 95)) == [(47.0, 55.0)]
    assert spans(segment(1, 2, "improbable"), duration=4.0) == [(0.0, 4.0)]


def test_what_nobody_suspects_is_no_doubt() -> None:
    assert spans(segment(5, 9), segment(10, 12)) == []


def test_suspects_in_a_row_are_one_doubt_unless_far_apart_or_long() -> None:
    row = [segment(start, start + 8, "repetition") for start in (10, 20, 30)]
    assert spans(*row) == [(7.0, 41.0)]
    apart = [segment(10, 12, "improbable"), segment(20, 22, "improbable")]
    assert spans(*apart) == [(7.0, 15.0), (17.0, 25.0)]
    long = [segment(start, start + 10, "repetition") for start in (0, 10, 20, 30)]
    assert [(doubt.first, doubt.until) for doubt in doubts(long, 300.0)] == [(0, 2), (2, 4)]


def test_a_doubt_is_heard_in_its_own_language_unless_that_is_what_is_doubted() -> None:
    (foreign,) = doubts([segment(1, 2, "improbable", language="fr")], 9.0)
    (flipped,) = doubts([segment(1, 2, "language_flip", language="fr")], 9.0)
    assert (foreign.language, flipped.language) == ("fr", None)


def test_what_is_heard_is_voice_with_a_second_on_each_side() -> None:
    segments = [segment(5, 9), segment(10, 12, "improbable"), segment(12.5, 20)]
    (one,) = rehearings(doubts(segments, 60.0), [Span(4.0, 11.0), Span(11.5, 30.0)])
    assert one.speech == (Span(8.0, 11.0), Span(11.5, 13.5))


def test_where_no_words_are_timed_nothing_of_others_is_heard_along() -> None:
    wordless = [replace(one, words=()) for one in (segment(5, 9), segment(10, 12, "improbable"), segment(12.5, 20))]
    (one,) = rehearings(doubts(wordless, 60.0), [Span(4.0, 30.0)])
    assert one.speech == (Span(9.0, 12.5),)


def test_where_no_voice_is_near_nothing_is_heard() -> None:
    (one,) = rehearings(doubts([segment(10, 12, "over_silence")], 60.0), [Span(30.0, 40.0)])
    assert one.speech == ()


def test_the_rim_of_a_voice_beside_text_over_silence_is_not_heard_again() -> None:
    found = doubts([segment(5, 9), segment(10, 12, "over_silence"), segment(15, 20)], 60.0)
    assert [one.speech for one in rehearings(found, [Span(4.0, 9.4), Span(14.6, 20.0)])] == [()]
    assert [one.speech for one in rehearings(found, [Span(4.0, 9.6), Span(14.6, 20.0)])] == [(Span(8.0, 9.6), Span(14.6, 16.0))]


def test_doubts_that_fit_one_window_are_heard_in_one_go() -> None:
    segments = [segment(2, 4, "improbable"), segment(4, 10), segment(10, 12, "improbable"), segment(12, 50)]
    segments.append(segment(50, 52, "improbable"))
    found = rehearings(doubts(segments, 60.0), [Span(0.0, 60.0)])
    assert [len(one.doubts) for one in found] == [2, 1]
    assert found[0].speech == (Span(0.0, 5.0), Span(9.0, 13.0))


def test_the_weightiest_come_first_and_the_rest_is_over_the_budget() -> None:
    codes = ("repetition", "improbable", "too_fast")
    segments = [segment(start, start + 20, *codes[: 1 + place % 3]) for place, start in enumerate(range(0, 180, 60))]
    segments[1:1] = [segment(25, 55)]
    segments[3:3] = [segment(85, 115)]
    found = rehearings(doubts(segments, 180.0), [Span(0.0, 180.0)])
    assert [one.doubts[0].weight for one in found] == [3]


moments = st.lists(st.tuples(st.floats(0, 8), st.floats(0, 20), st.booleans()), max_size=12)
pauses = st.lists(st.tuples(st.floats(0.1, 8), st.floats(0.1, 60)), max_size=8)


@given(moments, pauses)
def test_doubts_hold_their_segments_do_not_overlap_and_stay_within_the_budget(
    told: list[tuple[float, float, bool]], voiced: list[tuple[float, float]]
) -> None:
    segments, clock = list[Segment](), 0.0
    for pause, length, suspect in told:
        segments.append(segment(clock + pause, clock + pause + length, *(("improbable",) if suspect else ())))
        clock = segments[-1].end
    speech, at = list[Span](), 0.0
    for pause, length in voiced:
        speech.append(Span(at + pause, at + pause + length))
        at = speech[-1].end
    found = doubts(segments, clock)
    assert {place for doubt in found for place in range(doubt.first, doubt.until)} == {
        place for place, one in enumerate(segments) if one.suspicions
    }
    assert all(before.span.end <= after.span.start for before, after in pairwise(found))
    assert all(doubt.span.start <= segments[doubt.first].start for doubt in found)
    assert all(segments[doubt.until - 1].end <= doubt.span.end for doubt in found)
    heard = [span for one in rehearings(found, speech) for span in one.speech]
    assert all(any(voice.start <= span.start and span.end <= voice.end for voice in speech) for span in heard)
    assert sum(span.duration for span in heard) <= max(BUDGET_AT_LEAST, BUDGET * sum(span.duration for span in speech)) + 1e-6
