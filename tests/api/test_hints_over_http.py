from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import httpx
import pytest

from diarist.settings import Settings

HINTS = {"language": "de", "languages": "de,en", "vocabulary": "Anna, Grünwald"}
KEPT = {"language": "de", "languages": ["de", "en"], "vocabulary": ["Anna", "Grünwald"]}


def hints_of(client: httpx.Client, answered: httpx.Response) -> Any:
    assert answered.status_code in {200, 202}, answered.text
    return client.get(f"/v1/recordings/{answered.json()['id']}").json()["hints"]


def test_hints_may_come_in_the_query_or_as_fields_of_the_form(client: httpx.Client, memo: Path) -> None:
    file = {"file": ("memo.opus", memo.read_bytes())}
    first = client.post("/v1/recordings", files=file)
    assert hints_of(client, first) is None
    assert hints_of(client, client.post("/v1/recordings", files=file, data=HINTS)) == KEPT
    # What comes later counts, and who says nothing changes nothing.
    assert hints_of(client, client.post("/v1/recordings", files=file, params={"language": "fr"})) == {
        "language": "fr", "languages": [], "vocabulary": [],
    }  # fmt: skip
    again = client.post("/v1/recordings", content=memo.read_bytes(), headers={"Content-Type": "audio/ogg"})
    assert hints_of(client, again)["language"] == "fr"


@pytest.mark.parametrize(
    "told", [{"language": "german"}, {"languages": "de,xx"}, {"vocabulary": "x" * 61}, {"language": "fr", "languages": "de,en"}]
)
def test_hints_that_make_no_sense_are_refused_and_nothing_is_stored(
    client: httpx.Client, settings: Settings, memo: Path, told: dict[str, str]
) -> None:
    answered = client.post("/v1/recordings", files={"file": ("memo.opus", memo.read_bytes())}, data=told)
    assert answered.status_code == 422
    assert answered.json()["code"] == "invalid_input"
    assert client.get("/v1/recordings").json()["items"] == []
    assert not [path for path in (settings.data_dir / "blobs").rglob("*") if path.is_file()]


def test_a_hint_behind_the_file_is_refused_rather_than_passed_over(lasting_client: httpx.Client, another: bytes) -> None:
    boundary = "b"
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="m.opus"\r\n\r\n' + another + b"\r\n"
        b'--b\r\nContent-Disposition: form-data; name="language"\r\n\r\nde\r\n--b--\r\n'
    )
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answered = lasting_client.post("/v1/recordings", content=body, headers=headers)
    assert answered.status_code == 422
    assert "before the file" in answered.json()["advice"]


def test_hints_come_with_resumable_uploads_too(client: httpx.Client, memo: Path) -> None:
    content = memo.read_bytes()
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in HINTS.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    begun = client.post("/v1/tus", headers=headers)
    assert begun.status_code == 201
    sent = client.patch(
        begun.headers["location"],
        content=content,
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
    )
    assert sent.status_code == 204
    assert client.get(sent.headers["diarist-recording"]).json()["hints"] == KEPT
    bad = {**headers, "Upload-Metadata": f"language {base64.b64encode(b'xx').decode()}"}
    assert client.post("/v1/tus", headers=bad).status_code == 422
