import hashlib
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from access_keys import bearing, new_key
from diarist.settings import HttpSettings, Settings
from made_audio import beep, write_audio
from served import blobs_of, rows_of, served


def test_a_recording_is_stored_and_its_job_begins(client: httpx.Client, settings: Settings, memo: Path) -> None:
    answer = client.post("/v1/recordings", files={"file": ("memo.wav", memo.read_bytes())})
    assert answer.status_code == 202
    recording = answer.json()
    assert recording["filename"] == "memo.wav"
    assert recording["size_bytes"] == memo.stat().st_size
    assert recording["sha256"] == hashlib.sha256(memo.read_bytes()).hexdigest()
    assert recording["duration"] == pytest.approx(2.0)
    assert recording["job"]["state"] == "queued"
    assert answer.headers["Location"] == f"/v1/jobs/{recording['job']['id']}"

    job = client.get(answer.headers["Location"]).json()
    assert job["recording_id"] == recording["id"]
    assert (job["state"], job["stage"], job["progress"]["fraction"], job["error"]) == ("queued", "inspect", 0.0, None)
    assert client.get(f"/v1/recordings/{recording['id']}").json() == recording
    assert client.get(f"/v1/recordings/{recording['id']}/audio").content == memo.read_bytes()
    assert len(blobs_of(settings)) == 1


def test_the_same_bytes_twice_are_one_recording(client: httpx.Client, settings: Settings, memo: Path) -> None:
    first = client.post("/v1/recordings", files={"file": ("memo.wav", memo.read_bytes())})
    second = client.post("/v1/recordings", files={"file": ("another name.wav", memo.read_bytes())})
    assert second.status_code == 200
    assert second.json() == first.json()
    assert second.headers["Location"] == first.headers["Location"]
    assert len(blobs_of(settings)) == rows_of(settings, "recordings") == rows_of(settings, "jobs") == 1


def test_a_known_recording_whose_job_was_cancelled_is_taken_up_again(client: httpx.Client, memo: Path) -> None:
    first = client.post("/v1/recordings", files={"file": memo.read_bytes()})
    client.post(f"{first.headers['Location']}/cancel").raise_for_status()
    second = client.post("/v1/recordings", files={"file": memo.read_bytes()})
    assert (second.status_code, second.json()["job"]["state"]) == (200, "queued")
    assert second.headers["Location"] == first.headers["Location"]


@pytest.mark.parametrize(
    "media_type", ["audio/wav", "video/mp4", "application/octet-stream", "application/ogg", "AUDIO/X-ANY; x=y"]
)
def test_the_body_may_be_the_recording_itself(lasting_client: httpx.Client, another: bytes, media_type: str) -> None:
    answer = lasting_client.post(
        "/v1/recordings", params={"filename": "Grüße.wav"}, content=another, headers={"Content-Type": media_type}
    )
    assert (answer.status_code, answer.json()["filename"]) == (202, "Grüße.wav")


def test_a_body_without_name_is_a_recording(lasting_client: httpx.Client, another: bytes) -> None:
    answer = lasting_client.post("/v1/recordings", content=another, headers={"Content-Type": "audio/wav"})
    assert answer.json()["filename"] == "recording"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/passwd.wav", "passwd.wav"),
        ("C:\\Users\\anna\\memo.wav", "memo.wav"),
        ("\N{HEADPHONE} diary.wav", "\N{HEADPHONE} diary.wav"),
        ("two\nlines.wav", "two\N{REPLACEMENT CHARACTER}lines.wav"),
        ('"quoted".wav', '"quoted".wav'),
        ("a" * 300 + ".wav", "a" * 251 + ".wav"),
        ("..", ".."),
        ("/", "recording"),
    ],
)
def test_a_name_is_for_people_and_never_a_path(
    lasting_client: httpx.Client, lasting_settings: Settings, another: bytes, given: str, kept: str
) -> None:
    answer = lasting_client.post("/v1/recordings", files={"file": (given, another)})
    recording = answer.json()
    assert (answer.status_code, recording["filename"]) == (202, kept)
    own = [blob for blob in blobs_of(lasting_settings) if UUID(recording["id"]).hex in blob]
    assert [blob.rpartition("/")[2] for blob in own] == ["original"]
    audio = lasting_client.get(f"/v1/recordings/{recording['id']}/audio")
    assert audio.content == another
    assert audio.headers["Content-Disposition"].startswith('inline; filename="')


def test_other_fields_of_a_form_do_no_harm(lasting_client: httpx.Client, another: bytes) -> None:
    answer = lasting_client.post("/v1/recordings", data={"title": "Tuesday", "tags": ["a", "b"]}, files={"file": another})
    assert answer.status_code == 202


def test_links_are_absolute_where_the_public_address_is_known(settings: Settings, memo: Path) -> None:
    public = settings.model_copy(update={"http": HttpSettings(public_url="https://diary.example/")})
    with served(public) as client:
        # Known by another name, it serves others than this machine, and wants a key.
        headers = bearing(new_key(public.database_url))
        answer = client.post("/v1/recordings", files={"file": memo.read_bytes()}, headers=headers)
    assert answer.headers["Location"] == f"https://diary.example/v1/jobs/{answer.json()['job']['id']}"


def test_a_deleted_recording_is_gone_with_all_that_belongs_to_it(client: httpx.Client, settings: Settings, memo: Path) -> None:
    recording = client.post("/v1/recordings", files={"file": memo.read_bytes()}).json()
    answer = client.delete(f"/v1/recordings/{recording['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    for path in ("", "/audio", "/transcript", "/entry"):
        assert client.get(f"/v1/recordings/{recording['id']}{path}").status_code == 404
    assert client.get(f"/v1/jobs/{recording['job']['id']}").status_code == 404
    assert client.delete(f"/v1/recordings/{recording['id']}").status_code == 404
    assert blobs_of(settings) == []


def test_lists_go_on_where_a_page_ended(client: httpx.Client, tmp_path: Path) -> None:
    added = []
    for number in range(5):
        memo = write_audio(tmp_path / f"{number}.wav", beep(0.5 + number / 10, 16_000), 16_000, "pcm_s16le")
        added.append(client.post("/v1/recordings", files={"file": memo.read_bytes()}).json())
    for path, ids in (
        ("/v1/recordings", [recording["id"] for recording in reversed(added)]),
        ("/v1/jobs", [recording["job"]["id"] for recording in reversed(added)]),
    ):
        seen, cursor, pages = [], None, 0
        while pages == 0 or cursor:
            page = client.get(path, params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
            seen += [UUID(item["id"]) for item in page["items"]]
            cursor, pages = page["next_cursor"], pages + 1
        assert (seen, pages) == ([UUID(one) for one in ids], 3)
        assert client.get(path, params={"limit": 5}).json()["next_cursor"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=" + "A" * 21 + "B", "cursor="])
def test_a_page_must_be_asked_for_rightly(lasting_client: httpx.Client, query: str) -> None:
    answer = lasting_client.get(f"/v1/recordings?{query}")
    assert answer.status_code == 422
    assert answer.json()["fields"][0] | {"message": ""} == {"place": "query", "name": query.partition("=")[0], "message": ""}
