from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from diarist.audio.frames import SECONDS
from diarist.audio.spans import speech_spans
from diarist.domain.audio import Span

PROBABILITIES = st.lists(
    st.sampled_from([0.0, 0.05, 0.2, 0.4, 0.6, 1.0]).flatmap(lambda p: st.lists(st.just(p), max_size=90)), max_size=12
).map(lambda runs: [probability for run in runs for probability in run])


def frames(*runs: tuple[float, float]) -> list[float]:
    """Runs of (probability, seconds)."""
    return [probability for probability, seconds in runs for _ in range(round(seconds / SECONDS))]


def spans(probabilities: list[float]) -> tuple[Span, ...]:
    return speech_spans(probabilities, len(probabilities) * SECONDS)


def rounded(probabilities: list[float]) -> list[tuple[float, float]]:
    return [(round(span.start, 1), round(span.end, 1)) for span in spans(probabilities)]


def test_speech_is_padded_on_both_sides() -> None:
    assert rounded(frames((0, 3), (1, 2), (0, 5))) == [(2.6, 5.4)]


def test_padding_stays_inside_the_chunk() -> None:
    assert rounded(frames((0, 0.2), (1, 2), (0, 3))) == [(0.0, 2.6)]
    assert rounded(frames((0, 3), (1, 1))) == [(2.6, 4.0)]


def test_a_short_pause_does_not_divide_and_a_long_one_does() -> None:
    assert len(spans(frames((1, 2), (0, 0.9), (1, 2)))) == 1
    assert len(spans(frames((1, 2), (0, 2.1), (1, 2)))) == 2


def test_a_murmur_in_a_pause_keeps_it_unless_it_is_long() -> None:
    assert len(spans(frames((1, 2), (0, 0.7), (0.2, 0.1), (0, 0.7), (1, 2)))) == 1
    assert len(spans(frames((1, 2), (0, 1.2), (0.2, 0.1), (0, 1.2), (1, 2)))) == 2


def test_a_pause_that_the_end_cuts_short_belongs_to_the_speech_before_it() -> None:
    assert rounded(frames((0, 5), (1, 2), (0, 0.8))) == [(4.6, 7.8)]


def test_doubtful_frames_carry_speech_on_but_do_not_start_it() -> None:
    assert len(spans(frames((1, 2), (0.4, 5), (1, 2)))) == 1
    assert spans(frames((0.4, 5))) == ()


def test_quiet_words_at_the_edges_are_kept() -> None:
    assert rounded(frames((0, 3), (0.15, 1), (1, 2), (0.15, 1), (0, 3))) == [(2.6, 7.4)]


def test_a_click_is_no_speech_and_the_shortest_word_is() -> None:
    assert spans([*frames((0, 3)), 0.9, *frames((0, 3))]) == ()
    assert len(spans([*frames((0, 3)), 0.9, 0.9, *frames((0, 3))])) == 1


def test_no_frames_no_spans() -> None:
    assert speech_spans([], 0.0) == ()


@given(PROBABILITIES)
@example(frames((0.2, 10), (1, 1), (0.2, 3), (1, 1), (0.2, 10)))
def test_spans_ascend_inside_the_chunk_and_never_touch(probabilities: list[float]) -> None:
    found = spans(probabilities)
    assert all(0 <= span.start < span.end <= len(probabilities) * SECONDS for span in found)
    assert all(before.end < after.start for before, after in pairwise(found))


@given(PROBABILITIES)
def test_all_that_sounds_like_speech_for_longer_than_a_click_is_kept(probabilities: list[float]) -> None:
    found = spans(probabilities)
    for i, pair in enumerate(pairwise(probabilities)):
        if min(pair) >= 0.5:
            assert any(span.start <= i * SECONDS and (i + 2) * SECONDS <= span.end + 1e-9 for span in found)


@given(PROBABILITIES)
def test_what_is_far_from_any_voice_is_left_out(probabilities: list[float]) -> None:
    for span in spans(probabilities):
        first, end = round(span.start / SECONDS), round(span.end / SECONDS)
        assert max(probabilities[first:end]) >= 0.5
