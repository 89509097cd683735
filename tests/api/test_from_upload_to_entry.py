import json
from io import BytesIO
from typing import Any

import docx
import httpx
import pysubs2
import pytest
from pypdf import PdfReader

from diarist.transcription.formats.form import MEDIA_TYPES, TranscriptFormat
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
        ("text/markdown", "md", "---", "text/markdown; charset=utf-8"),
        ("text/html, */*;q=0.1", "json", "{", "application/json"),
    ):
        by_header = working_client.get(path, headers={"Accept": accept})
        by_name = working_client.get(path, params={"format": form}, headers={"Accept": "image/png"})
        assert by_header.text == by_name.text
        assert by_header.headers["Content-Type"] == by_name.headers["Content-Type"] == media_type
        assert by_header.headers["Vary"] == "Accept"
        assert by_header.text.splitlines()[0] == first
        assert by_name.headers["Content-Disposition"] == f'inline; filename="tuesday_evening.{form}"'


def test_subtitles_hold_the_very_words_within_the_lines_that_were_asked_for(
    working_client: httpx.Client, finished_job: dict[str, Any]
) -> None:
    path = f"/v1/recordings/{finished_job['recording_id']}/transcript"
    words = working_client.get(path).json()["text"].split()
    subtitles = working_client.get(path, params={"format": "srt", "max_line_length": 20, "max_lines": 1}).text
    lines = [event.plaintext for event in pysubs2.SSAFile.from_string(subtitles, format_="srt")]
    assert " ".join(lines).split() == words
    assert all(len(line) <= 20 for line in lines)
    for name, value in (("max_line_length", 15), ("max_line_length", 121), ("max_lines", 0), ("max_lines", 5)):
        refused = working_client.get(path, params={"format": "srt", name: value})
        assert (refused.status_code, refused.json()["fields"][0]["name"]) == (422, name)


def test_documents_are_files_to_keep(working_client: httpx.Client, finished_job: dict[str, Any]) -> None:
    path = f"/v1/recordings/{finished_job['recording_id']}/transcript"
    words = working_client.get(path).json()["text"].split()
    as_word = working_client.get(path, params={"format": "docx"})
    read = docx.Document(BytesIO(as_word.content))
    assert " ".join(paragraph.text.partition("\t")[2] for paragraph in read.paragraphs[2:]).split() == words
    as_pdf = working_client.get(path, headers={"Accept": "application/pdf"})
    [page] = PdfReader(BytesIO(as_pdf.content)).pages
    assert " ".join(words[:5]) in " ".join(page.extract_text().split())
    for answer, form in ((as_word, TranscriptFormat.DOCX), (as_pdf, TranscriptFormat.PDF)):
        assert answer.headers["Content-Type"] == MEDIA_TYPES[form]
        assert answer.headers["Content-Disposition"] == f'attachment; filename="tuesday_evening.{form.value}"'


def test_a_format_that_is_not_there_cannot_be_had(working_client: httpx.Client, finished_job: dict[str, Any]) -> None:
    path = f"/v1/recordings/{finished_job['recording_id']}/transcript"
    by_header = working_client.get(path, headers={"Accept": "image/png"})
    assert (by_header.status_code, by_header.json()["code"]) == (406, "not_acceptable")
    by_name = working_client.get(path, params={"format": "odt"})
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
