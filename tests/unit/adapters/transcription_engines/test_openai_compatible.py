"""Hearing by a server over a real socket: what is sent, what comes back, and all that can go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import numpy as np
import pytest
from structlog.testing import capture_logs

from diarist.adapters.transcription_engines.openai_compatible import OpenAiCompatible, open_engine
from diarist.adapters.transcription_engines.openai_server import TranscriptionServer
from diarist.domain.audio import SAMPLE_RATE, Span
from diarist.domain.manner import SpeechTask
from diarist.domain.transcript import Segment
from diarist.errors import (
    DiaristError,
    EngineBusy,
    EngineFailed,
    EngineRefused,
    EngineUnreachable,
    Misconfigured,
    ModelUnavailable,
)
from diarist.ports.transcription_engine import UNGUIDED, EngineOptions, Guidance, Hearing
from openai_audio_server import Dialect, openai_audio_server

KEY = "sk-secret"
NOISE = (np.random.default_rng(1).normal(size=400 * SAMPLE_RATE) * 0.1).astype(np.float32)
SPEECH = (Span(1.0, 5.0), Span(20.0, 24.0))
AT_ONCE = {"Retry-After": "0"}


@contextmanager
def opened(dialect: Dialect) -> Iterator[OpenAiCompatible]:
    with openai_audio_server(dialect) as url:
        engine = OpenAiCompatible(TranscriptionServer(url, KEY, timeout=5.0, first_wait=0.01), "whisper-1")
        try:
            yield engine
        finally:
            engine.close()


def hear(dialect: Dialect, speech: tuple[Span, ...] = SPEECH, guidance: Guidance = UNGUIDED) -> tuple[Hearing, list[Segment]]:
    with opened(dialect) as engine:
        hearing = engine.transcribe(NOISE, speech, guidance)
        return hearing, list(hearing.segments)


def failure(*troubles: tuple[int, dict[str, str], dict[str, object] | str], times: int = 1) -> DiaristError:
    with pytest.raises(DiaristError) as caught:
        hear(Dialect(troubles=list(troubles) * times))
    return caught.value


def test_only_the_voiced_parts_are_sent_with_what_is_known() -> None:
    dialect = Dialect()
    hear(dialect, guidance=Guidance(language="de", vocabulary=("Anneliese", "Bregenz")))
    (request,) = dialect.requests
    assert request.seconds == 8.0
    assert request.fields == {
        "model": ["whisper-1"],
        "language": ["de"],
        "prompt": ["Anneliese, Bregenz"],
        "response_format": ["verbose_json"],
        "timestamp_granularities[]": ["word", "segment"],
    }
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.file.startswith(b"fLaC")


def test_a_long_vocabulary_is_cut_between_its_words() -> None:
    dialect = Dialect()
    hear(dialect, guidance=Guidance(vocabulary=tuple(f"name{number}" for number in range(1000, 1100))))
    (prompt,) = dialect.requests[0].fields["prompt"]
    assert prompt.endswith(", name1039")
    assert len(prompt) < 400


def test_a_careful_hearing_asks_otherwise() -> None:
    dialect = Dialect()
    hear(dialect, guidance=Guidance(careful=True, vocabulary=("Anneliese",), languages=("fr",)))
    fields = dialect.requests[0].fields
    assert (fields["temperature"], fields["language"], "prompt" in fields) == (["0.4"], ["fr"], False)


@pytest.mark.parametrize("words", ["bare", "spaced", "in segments"])
def test_words_come_with_their_times_and_their_punctuation(words: str) -> None:
    hearing, segments = hear(Dialect(words=words))  # type: ignore[arg-type]
    assert (hearing.language, hearing.language_probability) == ("en", None)
    first = segments[0]
    assert first.text == "One, two, three, four, five, six, seven, eight, nine, one-zero."
    assert [(word.text, round(word.start, 2), round(word.end, 2)) for word in first.words[:2]] == [
        ("One,", 1.0, 1.4),
        ("two,", 1.4, 1.8),
    ]
    assert [segment.start for segment in segments] == [1.0, 20.0]


@pytest.mark.parametrize("words", ["none", "other"])
def test_words_are_never_made_up(words: str) -> None:
    _, segments = hear(Dialect(words=words))  # type: ignore[arg-type]
    assert [(segment.start, segment.end, segment.words) for segment in segments] == [(1.0, 5.0, ()), (20.0, 24.0, ())]


def test_segments_without_words_do_not_reach_from_one_part_into_the_next() -> None:
    dialect, speech = Dialect(words="none"), (Span(1.0, 4.0), Span(20.0, 23.0), Span(40.0, 43.0))
    with opened(dialect) as engine:
        first, again = (list(engine.transcribe(NOISE, speech).segments) for _ in range(2))
    assert [(one.start, round(one.end, 3), one.text) for one in first] == [
        (start, start + 2.8, "One, two, three, four, five, six, seven.") for start in (1.0, 20.0, 40.0)
    ]
    assert again == first
    assert [request.seconds for request in dialect.requests] == [9.0] + 6 * [3.0]
    # Words tell where they belong.
    dialect = Dialect()
    _, segments = hear(dialect, speech)
    assert len(dialect.requests) == 1
    assert segments[0].end < segments[1].start


def test_one_answer_whose_words_are_not_those_of_its_text_changes_nothing_for_the_next() -> None:
    words = [{"word": "one", "start": 0.0, "end": 1.0}]
    torn = [{"start": 0.0, "end": 1.0, "text": "One."}, {"start": 2.0, "end": 4.0, "text": "It rained."}]
    dialect = Dialect(troubles=[(200, {}, {"text": "One. It rained.", "segments": torn, "words": words})])
    speech = (Span(1.0, 4.0), Span(20.0, 23.0))
    with opened(dialect) as engine:
        assert [one.start for one in engine.transcribe(NOISE, speech).segments] == [1.0, 20.0]
        list(engine.transcribe(NOISE, speech).segments)
    assert [request.seconds for request in dialect.requests] == [6.0, 3.0, 3.0, 6.0]


@pytest.mark.parametrize("dialect", [Dialect(forms=("json",)), Dialect(ignores_form=True)], ids=["refused", "ignored"])
def test_a_server_without_times_hears_each_part_by_itself(dialect: Dialect) -> None:
    with capture_logs() as logged:
        hearing, segments = hear(dialect, (*SPEECH, Span(40.0, 100.0)))
    assert "engine.no_times" in {one["event"] for one in logged}
    assert [(segment.start, segment.end, segment.words) for segment in segments[:2]] == [(1.0, 5.0, ()), (20.0, 24.0, ())]
    assert max(segment.end - segment.start for segment in segments) <= 29
    assert segments[-1].end == 100.0
    assert [segment.probability for segment in segments] == [pytest.approx(0.904837, abs=1e-6)] * len(segments)
    assert hearing.language is None
    assert len(dialect.requests) == 1 + len(segments)


def test_a_server_that_has_no_times_but_was_silent_at_first_is_asked_otherwise_the_next_time() -> None:
    with opened(Dialect(ignores_form=True, troubles=[(200, {}, {"text": ""})])) as engine:
        long = (Span(0.0, 200.0),)
        with pytest.raises(EngineFailed, match="text alone") as caught:
            list(engine.transcribe(NOISE, long).segments)
        assert caught.value.retryable
        assert list(engine.transcribe(NOISE, long).segments)[-1].end == 200.0


def test_a_text_that_is_nothing_but_the_hints_is_marked() -> None:
    hints, other = {"text": "Anneliese, Bregenz."}, {"text": "Anneliese is in Bregenz."}
    dialect = Dialect(forms=("json",), troubles=[(400, {}, {"error": "response_format"}), (200, {}, hints), (200, {}, other)])
    _, segments = hear(dialect, guidance=Guidance(vocabulary=("Anneliese", "Bregenz")))
    assert [segment.suspicions for segment in segments] == [("vocabulary_echo",), ()]


def test_without_any_probability_all_count_as_certain() -> None:
    _, segments = hear(Dialect(forms=("json",), logprobs=False))
    assert [segment.probability for segment in segments] == [1.0, 1.0]


def test_another_language_in_between_is_told() -> None:
    dialect = Dialect()
    with opened(dialect) as engine:
        hearing = engine.transcribe(NOISE, [Span(0.0, 200.0)])
        first = next(hearing.segments)
        dialect.language = "french"
        languages = {segment.language for segment in hearing.segments}
    assert (hearing.language, first.language) == ("en", None)
    assert languages == {None, "fr"}


def test_norwegian_is_asked_for_as_servers_know_it_and_told_as_it_was_asked_for() -> None:
    dialect = Dialect(language="norwegian")
    hearing, segments = hear(dialect, guidance=Guidance(language="nb"))
    assert dialect.requests[0].fields["language"] == ["no"]
    assert (hearing.language, {segment.language for segment in segments}) == ("nb", {None})
    assert hear(dialect, guidance=Guidance(languages=("nb", "en")))[0].language == "nb"
    assert hear(dialect)[0].language == "no"
    assert hear(Dialect(language="javanese"))[0].language == "jv"


def test_long_speech_is_sent_in_pieces_and_each_is_heard_before_the_next_is_sent() -> None:
    dialect = Dialect()
    with opened(dialect) as engine:
        segments = engine.transcribe(NOISE, [Span(0.0, 400.0)]).segments
        next(segments)
        assert len(dialect.requests) == 1
        last = list(segments)[-1]
    assert last.end == pytest.approx(400, abs=1)
    assert max(request.seconds for request in dialect.requests) <= 4 * 29
    assert sum(request.seconds for request in dialect.requests) == pytest.approx(400, abs=0.01)


def test_what_is_too_large_is_sent_in_smaller_pieces_from_then_on() -> None:
    dialect = Dialect(max_bytes=2 * 2**20)
    _, segments = hear(dialect, (Span(0.0, 400.0),))
    assert sum(request.seconds for request in dialect.requests) == pytest.approx(400, abs=0.01)
    assert segments[-1].end == pytest.approx(400, abs=1)
    assert dialect.too_large == 1
    with pytest.raises(EngineRefused, match="half a minute"):
        hear(Dialect(max_bytes=1000))


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_passes_is_tried_again(status: int) -> None:
    dialect = Dialect(troubles=[(status, AT_ONCE, {"error": {"message": "busy"}}), (status, {}, "<html>")])
    assert hear(dialect)[1]
    assert len(dialect.requests) == 3
    assert len({request.file for request in dialect.requests}) == 1


def test_after_four_tries_somebody_else_decides() -> None:
    error = failure((500, AT_ONCE, {"error": {"message": "out of memory"}}), times=4)
    assert (type(error), error.retryable, error.message) == (
        EngineFailed,
        True,
        "The server answered 500: out of memory None".replace(" None", ""),
    )


@pytest.mark.parametrize("as_date", [False, True], ids=["seconds", "date"])
def test_a_long_wait_is_left_to_the_queue(*, as_date: bool) -> None:
    seconds = 3600
    wait = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True) if as_date else str(seconds)
    error = failure((429, {"Retry-After": wait}, {"error": {"message": "slow down"}}))
    assert isinstance(error, EngineBusy)
    assert error.retryable
    assert error.retry_after == pytest.approx(seconds, abs=30)


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_is_a_mistake_in_the_settings(status: int) -> None:
    error = failure((status, {}, {"error": {"message": f"Incorrect API key provided: {KEY}"}}))
    assert isinstance(error, Misconfigured)
    assert not error.retryable
    assert KEY not in f"{error.message} {error.advice}"


def test_no_credit_is_not_asked_for_again() -> None:
    error = failure((429, AT_ONCE, {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}}))
    assert isinstance(error, Misconfigured)


def test_a_redirect_is_not_followed() -> None:
    dialect = Dialect(troubles=[(307, {"Location": "http://example.org/"}, "")])
    with pytest.raises(Misconfigured, match="307"):
        hear(dialect)
    assert len(dialect.requests) == 1


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (400, {"error": {"message": "Invalid file format.\x1b[2J", "param": "file"}}, "Invalid file format"),
        (422, {"detail": [{"loc": ["body", "model"], "msg": "Field required"}]}, "Field required"),
        (415, "no JSON", "answered 415"),
    ],
)
def test_what_is_not_taken_is_told_in_the_words_of_the_server(status: int, body: dict[str, object] | str, said: str) -> None:
    error = failure((status, {}, body))
    assert isinstance(error, EngineRefused)
    assert not error.retryable
    assert said in error.message
    assert error.message.isprintable()


def test_a_model_that_is_not_there_is_named() -> None:
    error = failure((404, {}, {"error": {"message": "The model 'x' does not exist"}}))
    assert isinstance(error, ModelUnavailable)
    assert "does not exist" in error.message


def test_a_success_that_is_no_answer_is_a_failure() -> None:
    assert type(failure((200, {}, "<html>Hello</html>"))) is EngineFailed
    assert "too long" in failure((200, {}, '{"text": "' + "a" * 17 * 2**20 + '"}')).message


def test_a_server_that_is_away_is_waited_for() -> None:
    with openai_audio_server() as url:
        pass
    engine = OpenAiCompatible(TranscriptionServer(url, first_wait=0.01), "whisper-1")
    with pytest.raises(EngineUnreachable) as caught:
        engine.transcribe(NOISE, SPEECH)
    assert caught.value.retry_after
    engine.close()


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://host/v1", "http://", "http://host:port/v1", "file:///etc"])
def test_an_address_that_is_none_is_a_mistake_in_the_settings(url: str) -> None:
    with pytest.raises(Misconfigured):
        open_engine(EngineOptions(model="auto", cache_dir="", server_url=url))


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://host:1/", "http://host:1/v1"),
        ("https://host/v1/", "https://host/v1"),
        ("http://host/openai/v2", "http://host/openai/v2"),
    ],
)
def test_the_base_of_the_api_may_be_given_in_several_ways(url: str, asked: str) -> None:
    server = TranscriptionServer(url)
    assert server._base == f"{asked}/audio/"
    server.close()


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(EngineOptions(model="auto", cache_dir="", api_key=KEY))
    with pytest.raises(Misconfigured):
        TranscriptionServer("http://host", "key\nwith line end")


def test_a_translation_is_asked_for_where_servers_give_one() -> None:
    dialect = Dialect()
    hearing, segments = hear(dialect, guidance=Guidance(task=SpeechTask.TRANSLATE, language="fr", temperature=0.2))
    [request] = dialect.requests
    assert request.path == "/v1/audio/translations"
    assert request.fields == {"model": ["whisper-1"], "response_format": ["verbose_json"], "temperature": ["0.2"]}
    assert segments
    # The answer's language is that of the translation, not the one that was spoken.
    assert hearing.language == "fr"
    assert hear(Dialect(), guidance=Guidance(task=SpeechTask.TRANSLATE))[0].language is None
