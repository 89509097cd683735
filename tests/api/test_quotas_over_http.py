"""How much an account may have, as clients are told."""

from pathlib import Path

import httpx
import pytest

from diarist.settings import Settings
from diarist.settings.access import LimitSettings
from served import blobs_of, rows_of, served
from tus_wire import begun, send


def bounded(settings: Settings, limits: LimitSettings) -> Settings:
    return settings.model_copy(update={"limits": limits})


def test_what_there_is_no_room_for_is_refused_and_leaves_nothing(settings: Settings, memo: Path, another: bytes) -> None:
    full = bounded(settings, LimitSettings(stored_bytes=memo.stat().st_size))
    with served(full) as client:
        first = client.post("/v1/recordings", files={"file": memo.read_bytes()})
        assert first.status_code == 202
        stored = blobs_of(full)
        refused = client.post("/v1/recordings", files={"file": another})
        assert (refused.status_code, refused.json()["code"]) == (403, "quota_reached")
        assert (blobs_of(full), rows_of(full, "recordings")) == (stored, 1)
        assert client.post("/v1/recordings", files={"file": memo.read_bytes()}).status_code == 200
        assert resumable(client, another).json()["code"] == "quota_reached"
        assert client.delete(f"/v1/recordings/{first.json()['id']}").status_code == 204
        assert client.post("/v1/recordings", files={"file": memo.read_bytes()}).status_code == 202


@pytest.mark.sqlite_only  # one is enough
def test_too_many_jobs_at_once_are_a_matter_of_waiting(settings: Settings, memo: Path, another: bytes) -> None:
    with served(bounded(settings, LimitSettings(unfinished_jobs=1))) as client:
        given = client.post("/v1/recordings", files={"file": memo.read_bytes()})
        refused = client.post("/v1/recordings", files={"file": another})
        assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (429, "too_many_jobs", "30")
        assert client.post(f"{given.headers['Location']}/cancel").status_code == 200
        assert client.post("/v1/recordings", files={"file": another}).status_code == 202


def resumable(client: httpx.Client, content: bytes) -> httpx.Response:
    return send(client, begun(client, len(content)), 0, content)
