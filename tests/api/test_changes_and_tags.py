"""What has a tag, who has it already, and whose change comes too late."""

from pathlib import Path
from typing import Any

import httpx
import pytest


@pytest.fixture
def recording(lasting_client: httpx.Client, another: bytes) -> dict[str, Any]:
    found: dict[str, Any] = lasting_client.post("/v1/recordings", files={"file": another}).json()
    return found


def test_who_has_the_answer_is_told_so(lasting_client: httpx.Client, recording: dict[str, Any]) -> None:
    for path in (f"/v1/recordings/{recording['id']}", "/v1/recordings", f"/v1/jobs/{recording['job']['id']}", "/v1/account"):
        first = lasting_client.get(path)
        again = lasting_client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert lasting_client.get(path, headers={"If-None-Match": '"another"'}).content == first.content


def test_only_some_fields_have_the_tag_of_all(lasting_client: httpx.Client, recording: dict[str, Any]) -> None:
    path = f"/v1/recordings/{recording['id']}"
    some = lasting_client.get(path, params={"fields": "filename,id"})
    assert some.json() == {"id": recording["id"], "filename": recording["filename"]}
    assert some.headers["ETag"] == lasting_client.get(path).headers["ETag"]
    page = lasting_client.get("/v1/recordings", params={"fields": "id", "limit": 1}).json()
    assert list(page) == ["items", "next_cursor"]
    assert [list(item) for item in page["items"]] == [["id"]]
    assert [list(task) for task in lasting_client.get(f"/v1/jobs/{recording['job']['id']}/tasks?fields=stage").json()] == [
        ["stage"]
    ]


def test_a_field_that_is_not_there_is_refused(lasting_client: httpx.Client) -> None:
    answer = lasting_client.get("/v1/recordings", params={"fields": "id,titel"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_field")
    assert "filename" in answer.json()["detail"]


def test_of_two_who_change_the_same_the_second_is_refused(lasting_client: httpx.Client, recording: dict[str, Any]) -> None:
    path = f"/v1/recordings/{recording['id']}"
    seen = {"If-Match": lasting_client.get(path).headers["ETag"]}
    first = lasting_client.patch(path, json={"filename": "Anna.wav", "hints": {"vocabulary": ["Anna"]}}, headers=seen)
    assert (first.json()["filename"], first.json()["hints"]["vocabulary"]) == ("Anna.wav", ["Anna"])
    second = lasting_client.patch(path, json={"filename": "Berta.wav"}, headers=seen)
    assert (second.status_code, second.json()["code"]) == (412, "precondition_failed")
    assert lasting_client.delete(path, headers=seen).status_code == 412
    assert lasting_client.get(path).json()["filename"] == "Anna.wav"
    # With the tag that the first change told, the writer goes on without reading again.
    third = lasting_client.patch(path, json={"hints": None}, headers={"If-Match": first.headers["ETag"]})
    assert (third.json()["hints"], third.json()["filename"]) == (None, "Anna.wav")
    assert lasting_client.delete(path, headers={"If-Match": third.headers["ETag"]}).status_code == 204


def test_work_that_goes_on_is_new_to_readers_and_refuses_no_writer(
    lasting_client: httpx.Client, recording: dict[str, Any]
) -> None:
    path = f"/v1/recordings/{recording['id']}"
    tag = lasting_client.get(path).headers["ETag"]
    lasting_client.post(f"/v1/jobs/{recording['job']['id']}/cancel")
    assert lasting_client.get(path, headers={"If-None-Match": tag}).status_code == 200
    assert lasting_client.patch(path, json={"filename": "b.wav"}, headers={"If-Match": tag}).status_code == 200


@pytest.mark.parametrize("change", [{}, {"filename": ""}, {"filename": None}, {"size_bytes": 1}, {"hints": {"language": "xx"}}])
def test_what_cannot_be_changed_is_refused(
    lasting_client: httpx.Client, recording: dict[str, Any], change: dict[str, Any]
) -> None:
    answer = lasting_client.patch(f"/v1/recordings/{recording['id']}", json=change)
    assert answer.status_code == 422, answer.text


def test_keys_and_people_are_not_changed_behind_anybodys_back(lasting_client: httpx.Client) -> None:
    key = lasting_client.post("/v1/keys", json={"name": "phone", "scopes": ["read"]}).json()
    user = lasting_client.post("/v1/users", json={"email": "tags@example.org", "role": "viewer"}).json()
    for path, change, other in (
        (f"/v1/keys/{key['id']}", {"name": "old phone"}, {"name": "watch"}),
        (f"/v1/users/{user['id']}", {"role": "member"}, {"role": "admin"}),
    ):
        seen = {"If-Match": lasting_client.get(path).headers["ETag"]}
        changed = lasting_client.patch(path, json=change, headers=seen)
        assert changed.json().items() >= change.items()
        assert lasting_client.patch(path, json=other, headers=seen).status_code == 412
        assert lasting_client.delete(path, headers=seen).status_code == 412
        assert lasting_client.get(path).json() == changed.json()
        assert lasting_client.delete(path, headers={"If-Match": changed.headers["ETag"]}).status_code == 204


def test_an_entry_is_not_edited_by_who_has_not_seen_the_newest(
    working_client: httpx.Client, finished_job: dict[str, Any]
) -> None:
    newest = f"/v1/recordings/{finished_job['recording_id']}/entry"
    read = working_client.get(newest)
    path, seen = f"/v1/entries/{read.json()['id']}", {"If-Match": read.headers["ETag"]}
    first = working_client.patch(path, json={"sentences": [{"position": 0, "text": "In my own words."}]}, headers=seen)
    assert first.headers["Content-Location"] == f"/v1/entries/{first.json()['id']}"
    second = working_client.patch(path, json={"sentences": [{"position": 0, "text": "In hers."}]}, headers=seen)
    assert (second.status_code, second.json()["code"]) == (412, "precondition_failed")
    assert working_client.patch(path, json={"sentences": [{"position": 0, "text": "In hers."}]}).status_code == 409
    assert working_client.get(newest).headers["ETag"] == first.headers["ETag"]


def test_a_transcript_in_any_format_has_a_tag(working_client: httpx.Client, finished_job: dict[str, Any]) -> None:
    path = f"/v1/recordings/{finished_job['recording_id']}/transcript"
    tags = {form: working_client.get(path, params={"format": form}).headers["ETag"] for form in ("json", "srt", "txt")}
    assert len(set(tags.values())) == 3
    for form, tag in tags.items():
        again = working_client.get(path, params={"format": form}, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


def test_recordings_are_listed_in_the_order_that_is_asked_for(client: httpx.Client, memo: Path) -> None:
    moments = ["2026-11-03T10:00:00Z", "2026-11-01T10:00:00Z", None, "2026-11-01T10:00:00Z"]
    ids = []
    for number, moment in enumerate(moments):
        ids.append(client.post("/v1/recordings", files={"file": memo.read_bytes() + bytes([number])}).json()["id"])
        assert client.patch(f"/v1/recordings/{ids[-1]}", json={"recorded_at": moment}).status_code == 200
    # The third one counts as spoken when it came, which is today.
    orders = {"-created_at": ids[::-1], "created_at": ids}
    spoken = [ids[1], ids[3], ids[0], ids[2]]
    orders |= {"recorded_at": spoken, "-recorded_at": spoken[::-1]}
    for sort, expected in orders.items():
        found: list[str] = []
        query: dict[str, Any] = {"sort": sort, "limit": 1}
        while True:
            page = client.get("/v1/recordings", params=query).json()
            found += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            # The cursor alone is enough to go on.
            query = {"cursor": page["next_cursor"], "limit": 2}
        assert found == expected, sort
    cursor = client.get("/v1/recordings", params={"sort": "recorded_at", "limit": 1}).json()["next_cursor"]
    mixed = client.get("/v1/recordings", params={"sort": "created_at", "cursor": cursor})
    assert (mixed.status_code, mixed.json()["code"]) == (422, "order_mixed")
    assert client.get("/v1/recordings", params={"sort": "size_bytes"}).status_code == 422
