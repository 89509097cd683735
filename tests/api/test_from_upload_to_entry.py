import json
from typing import Any

import httpx
import pytest

from diarist.transcription.schemas import Transcript


def test_it_is_ready_while_it_works(working_client: httpx.Client) -> None:
    answer = working_client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_the_job_succeeds(working_client: httpx.Client, finished_job: dict[str, Any]) -> None:
    assert (finished_job["state"], finished_job["stage"], finished_job["error"]) == ("succeeded", None, None)
    assert finished_job["progress"]["fraction"] == 1.0
    assert 30 < finished_job["progress"]["seconds_done"] <= 61
    assert finished_job["created_at"] < finished_job["started_at"] < finished_job["finished_at"]
    recording = working_client.get(f"/v1/recordings/{finished_job['recording_id']}").json()
    assert recording["job"] == {"id": finished_job["id"], "state": "succeeded"}
    assert 30 < recording["speech_seconds"] <= recording["duration"] == pytest.approx(59.3, abs=1)


def test_the_transcript_comes_in_every_format(working_client: httpx.Client, finished_job: dict[str, Any]) -> None:
    path = f"/v1/recordings/{finished_job['recording_id']}/transcript"
    as_json = working_client.get(path)
    assert as_json.headers["Content-Type"] == "application/json"
    transcript = Transcript.model_validate(as_json.json())  # refuses a field that is not described
    assert transcript.partial is False
    assert transcript.segments[0].words[0].text.lower().startswith("one")
    assert transcript.text == " ".join(segment.text for segment in transcript.segments)
    for accept, form, first, media_type in (
        ("text/plain", "txt", transcript.segments[0].text, "text/plain; charset=utf-8"),
        ("text/vtt", "vtt", "WEBVTT", "text/vtt; charset=utf-8"),
        ("application/x-subrip", "srt", "1", "application/x-subrip; charset=utf-8"),
        ("text/html, */*;q=0.1", "json", "{", "application/json"),
    ):
        by_header = working_client.get(path, headers={"Accept": accept})
        by_name = working_client.get(path, params={"format": form}, headers={"Accept": "image/png"})
        assert by_header.text == by_name.text
        assert by_header.headers["Content-Type"] == by_name.headers["Content-Type"] == media_type
        assert by_header.headers["Vary"] == "Accept"
        assert by_header.text.splitlines()[0] == first


def test_a_format_that_is_not_there_cannot_be_had(working_client: httpx.Client, finished_job: dict[str, Any]) -> None:
    path = f"/v1/recordings/{finished_job['recording_id']}/transcript"
    by_header = working_client.get(path, headers={"Accept": "application/pdf"})
    assert (by_header.status_code, by_header.json()["code"]) == (406, "not_acceptable")
    by_name = working_client.get(path, params={"format": "pdf"})
    assert (by_name.status_code, by_name.json()["fields"][0]["name"]) == (422, "format")


def test_the_entry_proves_itself_by_the_transcript(working_client: httpx.Client, finished_job: dict[str, Any]) -> None:
    entry = working_client.get(f"/v1/recordings/{finished_job['recording_id']}/entry").json()
    segments = working_client.get(f"/v1/recordings/{finished_job['recording_id']}/transcript").json()["segments"]
    assert (entry["version"], entry["job_id"], entry["composed_by"]) == (1, finished_job["id"], "extractive")
    assert entry["title"]
    for sentence in entry["sentences"]:
        for citation in sentence["citations"]:
            assert citation["quote"] in " ".join(segments[place]["text"] for place in citation["segment_ids"])
    assert working_client.get(f"/v1/entries/{entry['id']}").json() == entry
    assert working_client.get("/v1/entries").json() == {"items": [entry], "next_cursor": None}


def test_nothing_that_was_said_goes_to_the_log(working_client: httpx.Client, finished_job: dict[str, Any], capfd: Any) -> None:
    working_client.get(f"/v1/recordings/{finished_job['recording_id']}/transcript")
    working_client.get(f"/v1/recordings/{finished_job['recording_id']}")
    logged = "".join(capfd.readouterr())
    assert "request.ended" in logged
    assert "tuesday_evening" not in logged
    assert "one two" not in json.dumps(logged).lower()
