import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.audio import Span
from diarist.domain.transcript import Segment, Word
from diarist.transcription.firewall import CODES, judge, probability

VOICE = (Span(0.0, 600.0),)
CLEAN = (
    "This morning I walked to the harbour and looked at the ships.",
    "No, no, no, no, that is not what she meant at all.",
    "It was very, very, very cold, so we went home early.",
    "Thank you.",
    "Yeah.",
    "Nineteen thirty-five, 12:40, and then room 6.",
    "Um, I, I think I, I should call him on Thursday.",
)


def said(text: str, start: float = 0.0, *, rate: float = 3.0, belief: float = 0.9, language: str | None = None) -> Segment:
    """`rate`: words a second."""
    step = 1 / rate
    words = tuple(
        Word(start=start + place * step, end=start + (place + 1) * step, text=word, probability=belief)
        for place, word in enumerate(text.split())
    )
    end = words[-1].end if words else start
    return Segment(start=start, end=end, text=text, probability=belief, words=words, language=language)


def in_a_row(*texts: str, pause: float = 0.5) -> list[Segment]:
    segments: list[Segment] = []
    for text in texts:
        segments.append(said(text, segments[-1].end + pause if segments else 1.0))
    return segments


def suspicions(segments: list[Segment], speech: tuple[Span, ...] = VOICE) -> list[tuple[str, ...]]:
    return [segment.suspicions for segment in judge(segments, speech)]


def test_clean_speech_is_not_suspected() -> None:
    assert suspicions(in_a_row(*CLEAN)) == [()] * len(CLEAN)


def test_a_phrase_that_loops_within_a_segment() -> None:
    assert suspicions(in_a_row("I went there.", "and I said and I said and I said and I said and I", "Then home.")) == [
        (),
        ("repetition",),
        (),
    ]


def test_a_sentence_that_loops_over_segments() -> None:
    line = "I don't know what to do with it."
    assert suspicions(in_a_row("He asked me.", line, line, line, "So I left.")) == [
        (),
        *[("repetition",)] * 3,
        (),
    ]


def test_one_word_answers_may_repeat() -> None:
    assert suspicions(in_a_row(*["Yeah."] * 5)) == [()] * 5


def test_text_that_compresses_too_well_is_a_loop_though_no_phrase_repeats_word_by_word() -> None:
    text = " ".join("ha" * times for times in range(1, 20))
    assert suspicions([said(text, rate=1.0)])[0] == ("repetition",)


def test_scripts_of_many_bytes_a_letter_do_not_look_like_loops() -> None:
    text = (
        "आज सुबह मैं बंदरगाह तक पैदल गया और जहाज़ों को देखा, फिर दोपहर में बारिश हुई और मैंने एक किताब पढ़ी जो मेरे भाई ने मुझे दी थी। "
        "शाम को मैं घर लौटा, खाना बनाया और अपनी बहन को फ़ोन किया, जो कल शहर से आने वाली है। उसने कहा कि ट्रेन देर से चलेगी और हमें "
        "स्टेशन पर इंतज़ार करना पड़ेगा। फिर हम सब मिलकर पुराने घर जाएँगे, जहाँ हमारे दादा रहते थे, और वहाँ से नदी के किनारे तक चलेंगे।"
    )
    assert len(text.encode()) / len(zlib.compress(text.encode())) > 2.4
    assert suspicions([said(text)]) == [()]


def test_text_where_no_voice_was_heard() -> None:
    speech = (Span(0.0, 5.0), Span(20.0, 25.0))
    segments = [said("I walked to the harbour.", 1.0), said("And the ships came.", 10.0), said("Then I left.", 21.0)]
    assert suspicions(segments, speech) == [(), ("over_silence",), ()]
    assert suspicions(segments, ()) == [("over_silence",)] * 3


def test_a_segment_without_words_is_placed_by_its_time() -> None:
    bare = replace(said("And the ships came.", 4.0), words=())
    assert suspicions([bare], (Span(0.0, 5.0),)) == [()]
    assert suspicions([bare], (Span(0.0, 4.5),)) == [("over_silence",)]
    moment = replace(bare, end=bare.start, text="Ships.")
    assert suspicions([moment], (Span(0.0, 3.0),)) == [("over_silence",)]
    assert suspicions([moment], (Span(0.0, 5.0),)) == [()]


@pytest.mark.parametrize("text", ["Thanks for watching!", "Untertitel der Amara.org-Community", "ご視聴ありがとうございました。"])
def test_credits_alone_in_their_stretch_of_voice_are_phantoms(text: str) -> None:
    alone = (Span(0.0, 5.0), Span(30.0, 35.0))
    segments = [said("I walked to the harbour.", 1.0), said(text, 31.0, rate=len(text.split()) / 3)]
    assert suspicions(segments, alone) == [(), ("phantom_phrase",)]


def test_credits_at_the_end_of_what_somebody_says_are_said() -> None:
    segments = in_a_row("And that is how you plant a tree.", "Thanks for watching!")
    assert suspicions(segments, (Span(0.0, 8.0),)) == [(), ()]


def test_an_everyday_phrase_alone_is_a_phantom_only_where_the_engine_doubts_it_or_nobody_spoke() -> None:
    def alone(belief: float, silence: float = 0.0, speech: tuple[Span, ...] = (Span(0.0, 2.0),)) -> tuple[str, ...]:
        return suspicions([replace(said("Thank you.", 0.5, belief=belief), no_speech_probability=silence)], speech)[0]

    assert alone(0.9) == ()
    assert alone(0.5) == ("phantom_phrase",)
    assert alone(0.9, silence=0.7) == ("phantom_phrase",)
    assert alone(0.9, speech=()) == ("over_silence", "phantom_phrase")


def test_what_the_engine_hardly_believes() -> None:
    assert suspicions([said("many zany seer", belief=0.36)]) == [("improbable",)]
    assert suspicions([said("many zany seer", belief=0.38)]) == [()]


def test_words_are_believed_rather_than_the_window_they_were_read_in() -> None:
    segment = replace(said("I walked there.", belief=0.9), probability=0.2)
    assert suspicions([segment]) == [()]
    assert suspicions([replace(segment, words=())]) == [("improbable",)]


def test_more_than_anybody_can_say_in_the_time() -> None:
    text = "And then somebody explained everything about harbours"
    assert suspicions([said(text, rate=5.0)]) == [()]
    assert suspicions([said(text, rate=8.0)]) == [("too_fast",)]
    assert suspicions([said("Good.", rate=20.0)]) == [()]


def test_words_piled_up_on_one_moment() -> None:
    segment = said("Then I went home and that was all of it.")
    end = segment.end
    piled = tuple(replace(word, start=end, end=end) for word in segment.words[-4:])
    assert suspicions([replace(segment, words=(*segment.words[:-4], *piled))]) == [("too_fast",)]
    assert suspicions([replace(segment, words=(*segment.words[:-3], *piled[1:]))]) == [()]


def test_a_moment_in_another_script_between_others() -> None:
    assert suspicions(in_a_row("I walked to the harbour and back.", "谢谢大家", "Then it rained all day long.")) == [
        (),
        ("language_flip",),
        (),
    ]


def test_a_moment_in_another_language_between_others() -> None:
    english = in_a_row("I walked to the harbour and back.", "Ja, genau.", "Then it rained all day long.")
    english[1] = replace(english[1], language="de")
    assert suspicions(english) == [(), ("language_flip",), ()]


def test_somebody_who_goes_on_in_another_language_does_not_flip() -> None:
    segments = in_a_row(
        "I walked to the harbour and back.",
        "Сегодня утром я пошёл в гавань",
        "и смотрел на большие корабли весь день до вечера",
        "Then it rained.",
    )
    assert suspicions(segments) == [()] * 4
    assert suspicions(segments[1:]) == [()] * 3


def test_what_stands_where_one_language_gives_way_to_another_does_not_flip() -> None:
    assert (
        suspicions(in_a_row("I walked to the harbour and back.", "谢谢大家", "Сегодня утром я пошёл в гавань один")) == [()] * 3
    )


def test_what_an_engine_says_against_its_own_text_stays_and_old_judgements_do_not() -> None:
    marked = replace(said("I walked to the harbour."), suspicions=("crosstalk", "too_fast"))
    assert suspicions([marked]) == [("crosstalk",)]


def test_the_mean_belief_is_that_of_the_words() -> None:
    assert probability(said("a b c", belief=0.5)) == pytest.approx(0.5)
    assert probability(replace(said("a"), words=(), probability=0.3)) == 0.3


words = st.builds(
    lambda start, length, text, belief: Word(start=start, end=start + length, text=text, probability=belief),
    st.floats(0, 300),
    st.floats(0, 3),
    st.text(min_size=1, max_size=8),
    st.floats(0, 1),
)
segments = st.builds(
    lambda start, length, text, timed, belief: Segment(
        start=start, end=start + length, text=text, probability=belief, words=tuple(timed)
    ),
    st.floats(0, 300),
    st.floats(0, 30),
    st.text(),
    st.lists(words, max_size=4),
    st.floats(0, 1),
)
spans = st.lists(st.builds(lambda start, length: Span(start, start + length), st.floats(0, 300), st.floats(0, 30)), max_size=5)


@given(st.lists(segments, max_size=6), spans)
def test_whatever_an_engine_says_only_the_suspicions_change_and_judging_again_changes_nothing(
    heard: list[Segment], speech: list[Span]
) -> None:
    judged = judge(heard, speech)
    assert [replace(segment, suspicions=()) for segment in judged] == heard
    assert all(set(segment.suspicions) <= set(CODES) for segment in judged)
    assert judge(judged, speech) == judged


@given(st.lists(st.sampled_from(CLEAN), min_size=1, max_size=8, unique=True), st.floats(2.0, 4.0), st.floats(0.65, 1.0))
def test_clean_speech_in_any_order_at_any_common_speed_is_not_suspected(texts: list[str], rate: float, belief: float) -> None:
    start, heard = 1.0, []
    for text in texts:
        heard.append(said(text, start, rate=rate, belief=belief))
        start = heard[-1].end + 0.4
    assert suspicions(heard) == [()] * len(texts)
