"""OpenAI's client, which nobody here wrote, transcribes and translates by way of us."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import openai
import pysubs2
import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAI

from diarist.settings import EngineSettings, PlanSettings, RouteSettings, Settings
from diarist.settings.compat import CompatSettings
from openai_client import openai_client
from served import rows_of, served, worked_for
from waiting import until

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
SAID = "say=I called Anna. We met Paul.; translate=They met in the harbour.; language=fr"
SCRIPTS = EngineSettings(name="scripted", model=SAID, routes=[RouteSettings(min_seconds=10**6, model="say=Nothing at all.")])


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Settings]]:
    """A server with workers that has its chunks cut short, so that an answer comes in parts."""
    folder = tmp_path_factory.mktemp("openai")
    settings = Settings(data_dir=folder / "data", cache_dir=folder / "cache", engine=SCRIPTS, plan=PlanSettings(chunk_seconds=20))
    with worked_for(settings) as client:
        yield client, settings


@pytest.fixture(scope="module")
def client(working: tuple[httpx.Client, Settings]) -> httpx.Client:
    return working[0]


@pytest.fixture(scope="module")
def ai(client: httpx.Client) -> Iterator[OpenAI]:
    with openai_client(client) as found:
        yield found


_numbers = count()


def memo() -> tuple[str, bytes]:
    """A recording whose bytes no other test has given."""
    return "memo.opus", SAMPLE.read_bytes() + next(_numbers).to_bytes(4, "big")


def test_the_text_comes_as_json(ai: OpenAI) -> None:
    found = ai.audio.transcriptions.create(file=memo(), model="whisper-1")
    assert found.text.startswith("I called Anna. We met Paul. I called")
    assert found.usage
    assert found.usage.type == "duration"
    assert found.usage.seconds == 60
    assert [language.code for language in found.languages or ()] == ["fr"]
    assert found.logprobs is None


def test_text_and_subtitles_come_bare(ai: OpenAI) -> None:
    file = memo()
    text = ai.audio.transcriptions.create(file=file, model="whisper-1", response_format="text")
    subtitles = ai.audio.transcriptions.create(file=file, model="whisper-1", response_format="srt")
    captions = ai.audio.transcriptions.create(file=file, model="whisper-1", response_format="vtt")
    assert text.startswith("I called Anna.")
    assert text.endswith("\n")
    lines = [event.plaintext for event in pysubs2.SSAFile.from_string(subtitles, format_="srt")]
    assert " ".join(lines).split() == text.split()
    assert captions.startswith("WEBVTT\n\n00:00:")


def test_verbose_json_tells_the_times_that_are_asked_for(ai: OpenAI) -> None:
    file = memo()
    usual = ai.audio.transcriptions.create(file=file, model="whisper-1", response_format="verbose_json")
    assert (usual.language, usual.words) == ("french", None)
    assert usual.duration == pytest.approx(59.3, abs=1)
    assert usual.segments
    assert "".join(segment.text for segment in usual.segments).strip() == usual.text
    first = usual.segments[0]
    assert (first.id, first.tokens, first.temperature) == (0, [], 0.0)
    assert first.avg_logprob == pytest.approx(math.log(0.99))
    words = ai.audio.transcriptions.create(
        file=file, model="whisper-1", response_format="verbose_json", timestamp_granularities=["word"]
    )
    assert words.segments is None
    assert words.words
    assert " ".join(word.word for word in words.words) == usual.text
    assert all(word.start <= word.end for word in words.words)
    both = ai.audio.transcriptions.create(
        file=file, model="whisper-1", response_format="verbose_json", timestamp_granularities=["word", "segment"]
    )
    assert both.words
    assert both.segments


def test_how_sure_the_engine_is_comes_word_by_word(ai: OpenAI) -> None:
    found = ai.audio.transcriptions.create(file=memo(), model="whisper-1", include=["logprobs"])
    assert found.logprobs
    assert "".join(one.token or "" for one in found.logprobs) == found.text
    assert {round(one.logprob or 0, 6) for one in found.logprobs} == {round(math.log(0.99), 6)}


def test_the_text_is_streamed_as_it_is_heard(ai: OpenAI) -> None:
    with ai.audio.transcriptions.create(file=memo(), model="whisper-1", stream=True) as stream:
        events = list(stream)
    *deltas, done = events
    assert done.type == "transcript.text.done"
    assert done.text
    assert "".join(event.delta for event in deltas if event.type == "transcript.text.delta") == done.text
    assert len(deltas) == len(events) - 1


async def test_the_asynchronous_client_is_answered_alike(client: httpx.Client) -> None:
    async with DefaultAsyncHttpxClient(trust_env=False) as http:
        ai = AsyncOpenAI(base_url=f"{client.base_url}/v1", api_key="any", max_retries=0, http_client=http)
        file = memo()
        found = await ai.audio.transcriptions.create(file=file, model="whisper-1", language="fr", temperature=0)
        stream = await ai.audio.transcriptions.create(file=file, model="whisper-1", language="fr", stream=True)
        async with stream:
            events = [event async for event in stream]
    assert found.text.startswith("I called Anna.")
    assert events[-1].type == "transcript.text.done"
    assert events[-1].text == found.text


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")  # by its makers
def test_a_translation_stands_beside_the_transcript_and_never_in_its_place(ai: OpenAI, client: httpx.Client) -> None:
    file = memo()
    recording = client.post("/v1/recordings", files={"file": file}).json()
    translated = ai.audio.translations.create(file=file, model="whisper-1")
    verbose = ai.audio.translations.create(file=file, model="whisper-1", response_format="verbose_json")
    assert translated.text.startswith("They met in the harbour.")
    assert (verbose.language, verbose.text) == ("english", translated.text)
    said = ai.audio.transcriptions.create(file=file, model="whisper-1").text
    assert said.startswith("I called Anna.")
    # What was said is what the diary, and everybody else, is told.
    job = f"/v1/jobs/{recording['job']['id']}"
    until(lambda: client.get(job).json()["state"] == "succeeded")
    assert client.get(f"/v1/recordings/{recording['id']}/transcript").json()["text"] == said
    assert client.get(f"/v1/recordings/{recording['id']}").json()["job"]["id"] == recording["job"]["id"]
    assert "harbour" not in json.dumps(client.get(f"/v1/recordings/{recording['id']}/entry").json())


def test_the_model_temperature_and_language_that_are_asked_for_are_those_that_hear(ai: OpenAI) -> None:
    file = memo()
    other = "say=Nothing at all."
    assert ai.audio.transcriptions.create(file=file, model=other).text.startswith("Nothing at all.")
    assert ai.audio.transcriptions.create(file=file, model="whisper-1").text.startswith("I called Anna.")
    drawn = ai.audio.transcriptions.create(
        file=file, model="whisper-1", temperature=0.5, language="de", response_format="verbose_json"
    )
    assert drawn.segments
    assert (drawn.language, drawn.segments[0].temperature) == ("german", 0.5)


def test_the_same_question_is_answered_without_being_heard_again(ai: OpenAI, working: tuple[httpx.Client, Settings]) -> None:
    file = memo()
    first = ai.audio.transcriptions.with_raw_response.create(file=file, model="whisper-1", prompt="Anna, Paul")
    jobs = rows_of(working[1], "jobs")
    again = ai.audio.transcriptions.with_raw_response.create(file=file, model="whisper-1", prompt="Anna, Paul")
    assert again.headers["Diarist-Job"] == first.headers["Diarist-Job"]
    assert rows_of(working[1], "jobs") == jobs
    recording = working[0].get(first.headers["Diarist-Recording"]).json()
    assert (recording["filename"], recording["hints"]["vocabulary"]) == ("memo.opus", ["Anna", "Paul"])
    job = working[0].get(first.headers["Diarist-Job"]).json()
    assert (job["state"], job["priority"], job["until"], job["progress"]["fraction"]) == (
        "succeeded",
        "interactive",
        "merge",
        1.0,
    )
    assert working[0].get(f"{first.headers['Diarist-Recording']}/entry").status_code == 404


def test_a_recording_that_was_only_transcribed_goes_on_to_its_entry_when_it_is_given(ai: OpenAI, client: httpx.Client) -> None:
    file = memo()
    headers = ai.audio.transcriptions.with_raw_response.create(file=file, model="whisper-1").headers
    given = client.post("/v1/recordings", files={"file": file})
    assert given.headers["Location"] == headers["Diarist-Job"]
    until(lambda: client.get(headers["Diarist-Job"]).json()["state"] == "succeeded")
    assert client.get(f"{headers['Diarist-Recording']}/entry").json()["title"]


def test_what_is_not_to_be_stored_is_gone_after_the_answer(ai: OpenAI, client: httpx.Client) -> None:
    file = memo()
    answer = ai.audio.transcriptions.with_raw_response.create(file=file, model="whisper-1", extra_body={"store": "false"})
    assert answer.parse().text
    until(lambda: client.get(answer.headers["Diarist-Recording"]).status_code == 404)
    # What was there before is not deleted by somebody who only passes.
    kept = client.post("/v1/recordings", files={"file": file}).json()
    ai.audio.transcriptions.create(file=file, model="whisper-1", extra_body={"store": "false"})
    assert client.get(f"/v1/recordings/{kept['id']}").status_code == 200


def test_fields_may_come_after_the_file(client: httpx.Client) -> None:
    file, form, model = memo(), (None, "text"), (None, "whisper-1")
    answer = client.post("/v1/audio/transcriptions", files=[("file", file), ("response_format", form), ("model", model)])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.text.startswith("I called Anna.")


@pytest.mark.parametrize(
    ("given", "param", "code"),
    [
        ({"response_format": "xml"}, "response_format", "unsupported_value"),
        ({"temperature": 2}, "temperature", "unsupported_value"),
        ({"language": "klingon"}, "language", "unsupported_value"),
        ({"timestamp_granularities": ["word"]}, "timestamp_granularities[]", "unsupported_value"),
        ({"include": ["logprobs"], "response_format": "text"}, "include[]", "unsupported_value"),
        ({"stream": True, "response_format": "srt"}, "stream", "unsupported_value"),
        ({"chunking_strategy": {"type": "server_vad", "threshold": 0.7}}, "chunking_strategy", "unsupported_value"),
        ({"extra_body": {"known_speaker_names": ["Anna"]}}, "known_speaker_names[]", "unsupported_value"),
        ({"extra_body": {"store": "perhaps"}}, "store", "unsupported_value"),
        ({"file": ("memo.pdf", b"%PDF-1.7 and so on, and so on")}, None, "unsupported_audio"),
    ],
)
def test_what_cannot_be_had_is_a_bad_request_and_leaves_nothing(
    ai: OpenAI, working: tuple[httpx.Client, Settings], given: dict[str, Any], param: str | None, code: str
) -> None:
    before = rows_of(working[1], "recordings")
    with pytest.raises(openai.BadRequestError) as caught:
        ai.audio.transcriptions.create(**{"file": memo(), "model": "whisper-1", **given})
    assert (caught.value.param, caught.value.code, caught.value.type) == (param, code, "invalid_request_error")
    assert caught.value.request_id
    assert rows_of(working[1], "recordings") == before


def test_speakers_who_have_no_channel_each_are_not_told_apart(ai: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        ai.audio.transcriptions.create(file=memo(), model="whisper-1", response_format="diarized_json")
    assert (caught.value.param, caught.value.code) == ("response_format", "unsupported_value")


def test_ways_of_cutting_that_are_ours_anyway_are_taken(ai: OpenAI) -> None:
    file = memo()
    for strategy in ("auto", {"type": "server_vad"}):
        assert ai.audio.transcriptions.create(file=file, model="whisper-1", chunking_strategy=strategy).text  # type: ignore[call-overload]


def test_models_are_told_and_those_that_are_not_there_refused(ai: OpenAI, client: httpx.Client) -> None:
    listed = {model.id: model for model in ai.models.list()}
    assert {"whisper-1", "gpt-4o-transcribe", SAID, "say=Nothing at all."} <= set(listed)
    assert (listed["whisper-1"].owned_by, ai.models.retrieve("whisper-1").id) == ("scripted", "whisper-1")
    with pytest.raises(openai.NotFoundError) as caught:
        ai.models.retrieve("gpt-9")
    assert caught.value.code == "model_not_found"
    with pytest.raises(openai.NotFoundError):
        ai.audio.transcriptions.create(file=memo(), model="gpt-9")
    wrong = client.delete("/v1/models")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method_not_allowed")


@pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")  # by its makers
def test_an_engine_that_cannot_translate_says_so(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path / "data", cache_dir=tmp_path / "cache", engine=EngineSettings(name="scripted", model="say=Only this.")
    )
    with (
        worked_for(settings) as client,
        openai_client(client) as ai,
        pytest.raises(openai.BadRequestError, match="holds no translation") as caught,
    ):
        ai.audio.translations.create(file=memo(), model="whisper-1")
    assert caught.value.code == "engine_cannot"


def test_an_answer_that_takes_too_long_names_the_job_which_goes_on(settings: Settings) -> None:
    hasty = settings.model_copy(update={"compat": CompatSettings(answer_seconds=0.05)})
    file = memo()
    with served(hasty) as client, openai_client(client) as ai:  # without workers
        with pytest.raises(openai.InternalServerError) as caught:
            ai.audio.transcriptions.create(file=file, model="whisper-1")
        assert (caught.value.status_code, caught.value.code) == (504, "still_working")
        [job] = client.get("/v1/jobs").json()["items"]
        assert job["state"] == "queued"
        assert job["id"] in caught.value.message
        with (
            pytest.raises(openai.APIError) as streamed,
            ai.audio.transcriptions.create(file=file, model="whisper-1", stream=True) as stream,
        ):
            list(stream)
        assert streamed.value.code == "still_working"
        assert len(client.get("/v1/jobs").json()["items"]) == 1


def test_a_client_that_goes_away_loses_nothing(settings: Settings) -> None:
    settings = settings.model_copy(update={"compat": CompatSettings(store=False)})
    with served(settings) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post(
                "/v1/audio/transcriptions",
                files={"file": memo()},
                data={"model": "whisper-1"},
                timeout=httpx.Timeout(5, read=1.0),
            )
        [job] = until(lambda: client.get("/v1/jobs").json()["items"])
        assert job["state"] == "queued"
        assert client.get(f"/v1/recordings/{job['recording_id']}").status_code == 200
