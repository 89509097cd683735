"""Every second of a recording has one label, and the labels are those that its sound and its text deserve."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.audio import Span
from diarist.domain.coverage import Coverage, CoverageLabel
from diarist.domain.transcript import ChunkTranscript, Gap, Segment, Transcript, Withdrawn, Word
from diarist.transcription.coverage import cover
from diarist.transcription.merge import Part

HEARD = ChunkTranscript(language="en", language_probability=1.0, segments=(), engine="scripted", model="words")
LOUD, QUIET = -20, -120


def segment(start: float, end: float, *suspicions: str, pause: tuple[float, float] | None = None) -> Segment:
    """Words without a gap from start to end, but for the pause."""
    borders = [(start, pause[0]), (pause[1], end)] if pause else [(start, end)]
    words = tuple(Word(start=first, end=last, text="word", probability=0.9) for first, last in borders)
    return Segment(start=start, end=end, text="word word", probability=0.9, words=words, suspicions=suspicions)


def part(start: float, end: float, *speech: tuple[float, float], heard: bool = True, level: int | None = None) -> Part:
    return Part(
        span=Span(start, end),
        heard=HEARD if heard else None,
        speech=tuple(Span(*one) for one in speech),
        levels=() if level is None else (level,) * int(end - start),
    )


def transcript(duration: float, *segments: Segment) -> Transcript:
    return Transcript(
        duration=duration, language="en", language_probability=1.0, engine="scripted", model="words", segments=segments
    )


def labelled(found: Transcript, *parts: Part) -> list[tuple[float, float, str, str]]:
    coverage = cover(found, parts)
    assert coverage is not None
    return [(span.start, span.end, span.label.value, span.reason) for span in coverage.spans]


def test_voice_with_words_is_transcribed_with_the_rims_of_the_voice_and_silence_round_it_is_not() -> None:
    found = transcript(30.0, segment(10.5, 19.4))
    assert labelled(found, part(0, 30, (10.0, 20.0), level=LOUD)) == [
        (0.0, 10.0, "no_speech", "sound"),
        (10.0, 20.0, "transcribed", ""),
        (20.0, 30.0, "no_speech", "sound"),
    ]


def test_a_sentence_without_words_is_dropped_speech_at_its_time() -> None:
    found = transcript(30.0, segment(5.4, 9.0), segment(14.0, 19.6))
    assert labelled(found, part(0, 30, (5.0, 20.0))) == [
        (0.0, 5.0, "no_speech", ""),
        (5.0, 9.0, "transcribed", ""),
        (9.0, 14.0, "dropped_speech", "no_words"),
        (14.0, 20.0, "transcribed", ""),
        (20.0, 30.0, "no_speech", ""),
    ]


def test_a_hole_between_words_of_one_segment_is_dropped_speech_too() -> None:
    found = transcript(20.0, segment(0.0, 20.0, pause=(8.0, 12.0)))
    assert (8.0, 12.0, "dropped_speech", "no_words") in labelled(found, part(0, 20, (0.0, 20.0)))


def test_a_pause_in_talk_and_a_breath_in_a_segment_are_no_dropped_speech() -> None:
    talk = transcript(20.0, segment(0.0, 9.0), segment(10.9, 20.0))
    assert labelled(talk, part(0, 20, (0.0, 20.0))) == [(0.0, 20.0, "transcribed", "")]
    breath = transcript(20.0, segment(0.0, 20.0, pause=(9.6, 10.4)))
    assert labelled(breath, part(0, 20, (0.0, 9.8), (10.2, 20.0))) == [(0.0, 20.0, "transcribed", "")]


def test_a_silence_between_two_segments_is_no_speech() -> None:
    found = transcript(20.0, segment(0.0, 9.6), segment(10.4, 20.0))
    assert (9.8, 10.2, "no_speech", "") in labelled(found, part(0, 20, (0.0, 9.8), (10.2, 20.0)))


def test_a_whole_voice_without_words_is_dropped_without_its_padding_and_a_click_is_not_speech() -> None:
    assert labelled(transcript(20.0), part(0, 20, (4.0, 6.0), (10.0, 10.9), level=LOUD)) == [
        (0.0, 4.4, "no_speech", "sound"),
        (4.4, 5.6, "dropped_speech", "no_words"),
        (5.6, 20.0, "no_speech", "sound"),
    ]


def test_a_word_in_the_padding_does_not_make_the_padding_speech() -> None:
    found = transcript(10.0, segment(2.0, 2.1))
    assert (2.4, 5.6, "dropped_speech", "no_words") in labelled(found, part(0, 10, (2.0, 6.0)))


def test_a_voice_that_is_cut_by_the_border_of_two_chunks_is_one() -> None:
    parts = (part(0, 10, (2.0, 10.0)), part(10, 20, (0.0, 2.0)))
    assert labelled(transcript(20.0), *parts)[1] == (2.4, 11.6, "dropped_speech", "no_words")


def test_suspect_text_names_what_speaks_against_it_and_text_without_voice_is_suspect() -> None:
    found = transcript(30.0, segment(2.0, 6.0, "repetition", "speed"), segment(6.0, 10.0), segment(20.0, 22.0))
    assert labelled(found, part(0, 30, (2.0, 10.0), level=QUIET)) == [
        (0.0, 2.0, "no_speech", "silence"),
        (2.0, 6.0, "suspect", "repetition"),
        (6.0, 10.0, "transcribed", ""),
        (10.0, 20.0, "no_speech", "silence"),
        (20.0, 22.0, "suspect", "no_voice"),
        (22.0, 30.0, "no_speech", "silence"),
    ]


def test_a_voice_whose_words_were_withdrawn_is_suspect_unless_others_stand_there() -> None:
    taken = Withdrawn(start=2.0, end=6.0, text="Thank you.", suspicions=("phantom",), replaced=False)
    found = replace(transcript(10.0), withdrawn=(taken,))
    assert (2.0, 6.0, "suspect", "withdrawn") in labelled(found, part(0, 10, (2.0, 6.0)))
    assert (2.0, 7.0, "suspect", "withdrawn") in labelled(found, part(0, 10, (2.0, 7.0))), "its rim is no dropped speech"
    replaced = replace(transcript(10.0, segment(2.0, 6.0)), withdrawn=(replace(taken, replaced=True),))
    assert (2.0, 6.0, "transcribed", "") in labelled(replaced, part(0, 10, (2.0, 6.0)))


def test_the_voice_of_a_part_that_failed_is_dropped_with_the_code_of_its_error() -> None:
    gap = Gap(span=Span(10.0, 20.0), code="child_died", message="The process died.")
    found = replace(transcript(20.0, segment(1.0, 8.0)), gaps=(gap,))
    parts = (part(0, 10, (1.0, 8.0)), part(10, 20, (5.0, 5.5), (6.0, 9.0), heard=False))
    assert labelled(found, *parts)[2:] == [
        (8.0, 15.0, "no_speech", ""),
        (15.0, 15.5, "dropped_speech", "child_died"),
        (15.5, 16.0, "no_speech", ""),
        (16.0, 19.0, "dropped_speech", "child_died"),
        (19.0, 20.0, "no_speech", ""),
    ]


def test_the_last_word_before_a_part_that_failed_keeps_its_rim() -> None:
    gap = Gap(span=Span(10.0, 20.0), code="child_died", message="The process died.")
    found = replace(transcript(20.0, segment(0.0, 9.4)), gaps=(gap,))
    parts = (part(0, 10, (0.0, 10.0)), part(10, 20, (0.0, 10.0), heard=False))
    assert labelled(found, *parts) == [(0.0, 10.0, "transcribed", ""), (10.0, 20.0, "dropped_speech", "child_died")]


def test_what_is_still_to_come_is_pending_whether_it_was_cut_or_not() -> None:
    found = replace(transcript(40.0, segment(1.0, 10.0)), partial=True)
    assert labelled(found, part(0, 10, (1.0, 10.0)), part(10, 20, (0.0, 10.0), heard=False)) == [
        (0.0, 1.0, "no_speech", ""),
        (1.0, 10.0, "transcribed", ""),
        (10.0, 40.0, "pending", ""),
    ]


def test_nothing_is_claimed_of_a_finished_transcript_whose_parts_are_not_known() -> None:
    assert cover(transcript(20.0, segment(1.0, 8.0)), []) is None
    assert cover(transcript(20.0, segment(1.0, 8.0)), [part(0, 15)]) is None


def test_a_recording_of_no_length_is_covered_by_nothing() -> None:
    assert cover(transcript(0.0), []) == Coverage(spans=())


LENGTH = 60.0
times = st.floats(0, LENGTH)
pairs = st.tuples(times, times).map(lambda pair: (min(pair), max(pair)))
segments = st.builds(lambda pair, codes: segment(*pair, *codes), pairs, st.sampled_from([(), (), ("repetition",), ("no_voice",)]))
splits = st.lists(times, max_size=3).map(lambda inner: list(pairwise(sorted({0.0, *inner, LENGTH}))))


@st.composite
def situations(draw: st.DrawFn) -> tuple[Transcript, list[Part]]:
    parts = []
    gaps = []
    partial = draw(st.booleans())
    for start, end in draw(splits):
        speech = [(a * (end - start) / LENGTH, b * (end - start) / LENGTH) for a, b in draw(st.lists(pairs, max_size=4))]
        heard = draw(st.booleans())
        if not heard and not (partial and draw(st.booleans())):
            gaps.append(Gap(span=Span(start, end), code="engine_failed", message="It failed."))
        levels = draw(st.lists(st.integers(-120, 0), max_size=60))
        parts.append(replace(part(start, end, *speech, heard=heard), levels=tuple(levels)))
    found = replace(transcript(LENGTH, *draw(st.lists(segments, max_size=6))), gaps=tuple(gaps), partial=partial)
    taken = [
        Withdrawn(start=a, end=b, text="", suspicions=("phantom",), replaced=draw(st.booleans()))
        for a, b in draw(st.lists(pairs, max_size=2))
    ]
    return replace(found, withdrawn=tuple(taken)), parts


def covered(found: Transcript, parts: list[Part]) -> Coverage:
    coverage = cover(found, parts)
    assert coverage is not None
    return coverage


@given(situations())
def test_labels_leave_no_hole_do_not_overlap_and_sum_to_the_duration(situation: tuple[Transcript, list[Part]]) -> None:
    coverage = covered(*situation)
    assert (coverage.spans[0].start, coverage.spans[-1].end) == (0.0, LENGTH)
    for before, after in pairwise(coverage.spans):
        assert before.start < before.end == after.start
        assert (before.label, before.reason) != (after.label, after.reason)
    assert sum(round(seconds * 1000) for seconds in coverage.totals.values()) == LENGTH * 1000
    if not situation[0].partial:
        assert coverage.totals[CoverageLabel.PENDING] == 0


@given(st.floats(0.001, 36_000))
def test_totals_sum_to_a_duration_of_any_length_to_the_millisecond(duration: float) -> None:
    coverage = cover(transcript(duration, segment(duration / 3, duration / 2)), [part(0.0, duration, (duration / 4, duration))])
    assert coverage is not None
    assert round(sum(coverage.totals.values()), 3) == round(duration, 3) == coverage.duration


@given(situations(), pairs)
def test_more_text_never_lowers_what_is_transcribed_and_never_raises_what_is_dropped(
    situation: tuple[Transcript, list[Part]], where: tuple[float, float]
) -> None:
    found, parts = situation
    before = covered(found, parts).totals
    more = covered(replace(found, segments=(*found.segments, segment(*where))), parts).totals
    assert more[CoverageLabel.TRANSCRIBED] >= before[CoverageLabel.TRANSCRIBED]
    assert more[CoverageLabel.DROPPED_SPEECH] <= before[CoverageLabel.DROPPED_SPEECH]


@given(situations(), pairs)
def test_suspect_text_never_raises_what_is_dropped(situation: tuple[Transcript, list[Part]], where: tuple[float, float]) -> None:
    found, parts = situation
    more = covered(replace(found, segments=(*found.segments, segment(*where, "repetition"))), parts).totals
    assert more[CoverageLabel.DROPPED_SPEECH] <= covered(found, parts).totals[CoverageLabel.DROPPED_SPEECH]


def apart(start: float, end: float, left: tuple[float, float], right: tuple[float, float], *, heard: bool = True) -> Part:
    channels = ((Span(*left),), (Span(*right),))
    return replace(part(start, end, left, right, heard=heard), channels=channels)


def test_the_text_of_one_voice_covers_nothing_of_another_that_speaks_at_once() -> None:
    left, right = replace(segment(5.0, 15.0), channel=0), replace(segment(8.0, 12.0), channel=1)
    whole = apart(0, 20, (5.0, 15.0), (8.0, 12.0))
    assert labelled(transcript(20.0, left, right), whole)[1] == (5.0, 15.0, "transcribed", "")
    assert labelled(transcript(20.0, left), whole) == [
        (0.0, 5.0, "no_speech", ""),
        (5.0, 8.4, "transcribed", ""),
        (8.4, 11.6, "dropped_speech", "no_words"),
        (11.6, 15.0, "transcribed", ""),
        (15.0, 20.0, "no_speech", ""),
    ]


def test_what_is_doubtful_in_one_channel_is_doubtful_whoever_speaks_besides() -> None:
    left, right = replace(segment(5.0, 15.0), channel=0), replace(segment(8.0, 12.0, "improbable"), channel=1)
    assert (8.0, 12.0, "suspect", "improbable") in labelled(transcript(20.0, left, right), apart(0, 20, (5.0, 15.0), (8.0, 12.0)))


def test_a_part_of_two_voices_that_is_to_come_is_pending_and_one_that_is_mixed_is_judged_as_ever() -> None:
    left = replace(segment(5.0, 15.0), channel=0)
    parts = (
        apart(0, 20, (5.0, 15.0), (16.0, 16.5)),
        apart(20, 40, (25.0, 30.0), (28.0, 33.0), heard=False),
        part(40, 60, (45.0 - 40, 50.0 - 40)),
    )
    found = replace(transcript(60.0, left, segment(45.0, 50.0)), partial=True)
    assert [(label, start, end) for start, end, label, _ in labelled(found, *parts) if label != "no_speech"] == [
        ("transcribed", 5.0, 15.0),
        ("pending", 20.0, 40.0),
        ("transcribed", 45.0, 50.0),
    ]
