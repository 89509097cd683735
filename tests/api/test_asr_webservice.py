"""What clients of whisper-asr-webservice send, and read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pysubs2
import pytest

from diarist.settings import EngineSettings, Settings
from made_audio import pcm_of
from served import rows_of, worked_for
from waiting import until

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"
SAID = "say=I called Anna. We met Paul.; translate=They met in the harbour.; language=fr"
_numbers = count()


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Settings]]:
    folder = tmp_path_factory.mktemp("asr")
    engine = EngineSettings(name="scripted", model=SAID)
    settings = Settings(data_dir=folder / "data", cache_dir=folder / "cache", engine=engine)
    with worked_for(settings) as client:
        yield client, settings


@pytest.fixture(scope="module")
def client(working: tuple[httpx.Client, Settings]) -> httpx.Client:
    return working[0]


def file() -> dict[str, tuple[str, bytes]]:
    """A recording whose bytes no other test has given."""
    return {"audio_file": ("memo.opus", SAMPLE.read_bytes() + b"a" + next(_numbers).to_bytes(4, "big"))}


def test_every_output_holds_the_same_words(client: httpx.Client) -> None:
    given = file()
    answers = {
        output: client.post("/asr", params={"output": output, "encode": "true", "task": "transcribe"}, files=given)
        for output in ("txt", "vtt", "srt", "tsv", "json")
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    assert answers["txt"].headers["Asr-Engine"] == "scripted"
    assert answers["txt"].headers["Content-Disposition"] == 'attachment; filename="memo.opus.txt"'
    told = json.loads(answers["json"].text)
    lines = answers["txt"].text.splitlines()
    assert (lines[0], told["language"]) == ("I called Anna. We met Paul.", "fr")
    assert told["text"] == " ".join(lines) == "".join(segment["text"] for segment in told["segments"]).strip()
    assert "words" not in told["segments"][0]
    rows = [line.split("\t") for line in answers["tsv"].text.splitlines()]
    assert rows[0] == ["start", "end", "text"]
    assert [row[2] for row in rows[1:]] == lines
    assert int(rows[1][0]) == round(told["segments"][0]["start"] * 1000)
    subtitles = pysubs2.SSAFile.from_string(answers["srt"].text, format_="srt")
    assert " ".join(event.plaintext for event in subtitles).split() == told["text"].split()
    assert answers["vtt"].text.startswith("WEBVTT")


def test_words_come_with_their_times(client: httpx.Client) -> None:
    answer = client.post("/asr", params={"output": "json", "word_timestamps": True, "language": "en"}, files=file())
    segment = answer.json()["segments"][0]
    assert "".join(word["word"] for word in segment["words"]) == segment["text"]
    assert segment["words"][0]["probability"] == 0.99


def test_a_translation_is_english(client: httpx.Client) -> None:
    answer = client.post("/asr", params={"task": "translate", "output": "json"}, files=file()).json()
    assert answer["text"].startswith("They met in the harbour.")
    assert answer["language"] == "en"


def test_samples_without_a_header_are_taken_as_bazarr_sends_them(client: httpx.Client) -> None:
    given = {"audio_file": ("audio.pcm", pcm_of(SAMPLE, 16_000))}
    answer = client.post("/asr", params={"encode": "false", "output": "srt"}, files=given)
    assert answer.status_code == 200, answer.text
    assert "I called Anna." in answer.text


def test_the_language_is_told(client: httpx.Client) -> None:
    found = client.post("/detect-language", params={"encode": "true"}, files=file())
    assert found.json() == {"detected_language": "french", "language_code": "fr", "confidence": 1.0}


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"diarize": "true"}, "speakers"),
        ({"output": "docx"}, "output"),
        ({"task": "summarize"}, "task"),
        ({"language": "xx"}, "'xx'"),
    ],
)
def test_what_cannot_be_had_is_refused_as_fastapi_does_and_leaves_nothing(
    working: tuple[httpx.Client, Settings], params: dict[str, str], named: str
) -> None:
    before = rows_of(working[1], "recordings")
    answer = working[0].post("/asr", params=params, files=file())
    assert answer.status_code == 422
    assert named in answer.json()["detail"]
    assert rows_of(working[1], "recordings") == before


def test_it_is_one_of_the_accounts_recordings(client: httpx.Client) -> None:
    client.post("/asr", files=file())
    newest = client.get("/v1/recordings").json()["items"][0]
    assert newest["filename"] == "memo.opus"
    until(lambda: client.get(f"/v1/jobs/{newest['job']['id']}").json()["state"] == "succeeded")
