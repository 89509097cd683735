"""For any transcript whatever, composing succeeds and nothing in the entry was invented."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diarist.diary.compose import compose
from diarist.diary.proof import prove
from diarist.diary.speech import listen
from diarist.diary.utterances import utterances
from diarist.domain.audio import Span
from diarist.domain.transcript import Gap, Segment, Transcript, Word

FRAGMENTS = """
    I we you he um uh, like, you know, okay so well, and but, I'll I'm need to have to don't never maybe not the the a my sister
    Anna Tom said call called Dr. Patel tomorrow by Thursday at five. home. "yes" really? no! because if when I've was love hate
    it's 3.5 e.g. don't, don't forget to let's should promised remind me three 2011 p.m. -- ... ' \u2019 I\u2019ll na\u00efve
    \u4eca\u65e5\u306f\u3002 \u00df \u0130
"""
SPOKEN = st.sampled_from(FRAGMENTS.split())
WORDS = st.lists(st.one_of(SPOKEN, st.text(min_size=1, max_size=6)), max_size=40)
TIMES = st.floats(min_value=0, max_value=20_000, allow_nan=False)


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    texts = draw(WORDS)
    text = draw(st.sampled_from([" ", "  ", "\n", ""])).join(texts)
    timed = draw(st.booleans())
    words = tuple(
        Word(start=draw(TIMES), end=draw(TIMES), text=word.strip(), probability=draw(st.floats(min_value=0, max_value=1)))
        for word in (texts if timed else [])
    )
    suspicions = draw(st.sampled_from([(), (), (), ("improbable",)]))
    return Segment(start=draw(TIMES), end=draw(TIMES), text=text, probability=0.9, words=words, suspicions=suspicions)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    return Transcript(
        duration=draw(TIMES),
        language=draw(st.sampled_from(["en", "en", "en", None, "de", "zh"])),
        language_probability=None,
        engine="scripted",
        model="none",
        segments=tuple(draw(st.lists(segments(), max_size=6))),
        gaps=tuple(
            Gap(span=Span(start, start + 5), code="child_died", message="gone") for start in draw(st.lists(TIMES, max_size=2))
        ),
        partial=draw(st.booleans()),
    )


@given(transcripts())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_transcript_gives_a_proven_entry(transcript: Transcript) -> None:
    entry = compose(transcript)

    assert prove(entry, transcript) == []
    assert entry == compose(transcript)
    assert len(entry.sentences) <= 8
    assert len(entry.title) <= 60
    assert entry.title


@given(transcripts())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_utterances_cover_every_word_in_order(transcript: Transcript) -> None:
    speech = listen(transcript)

    covered = [word for utterance in utterances(speech) for word in utterance.words]

    assert covered == list(speech.words)
