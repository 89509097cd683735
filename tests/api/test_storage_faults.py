from collections.abc import AsyncIterable, AsyncIterator
from pathlib import Path

import httpx
import structlog
from structlog.testing import capture_logs

from diarist.errors import StorageFull
from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from served import blobs_of, nothing_is_stored, served

MEGABYTE = 1 << 20


class FullDisk(Blobs):
    """A disk with room for twelve megabytes."""

    async def put(self, key: str, content: bytes | AsyncIterable[bytes]) -> None:
        assert not isinstance(content, bytes)
        await super().put(key, self._until_full(content))

    async def _until_full(self, content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        room = 12 * MEGABYTE
        async for piece in content:
            room -= len(piece)
            if room < 0:
                raise StorageFull
            yield piece


class Faulty(Blobs):
    """A store with a bug."""

    async def size(self, key: str) -> int:
        raise RuntimeError(f"a secret of {key}")


def test_a_disk_that_gets_full_in_mid_upload_keeps_nothing(settings: Settings, memo: Path) -> None:
    blobs = FullDisk.open(settings.storage_url)
    with served(settings, blobs=blobs) as client:
        for answer in (
            client.post("/v1/recordings", files={"file": ("memo.wav", memo.read_bytes() + bytes(20 * MEGABYTE))}),
            client.post("/v1/recordings", content=bytes(20 * MEGABYTE), headers={"Content-Type": "audio/wav"}),
        ):
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (507, "storage_full")
            assert "make room" in problem["advice"].lower()
        assert nothing_is_stored(settings)
        assert client.post("/v1/recordings", files={"file": memo.read_bytes()}).status_code == 202
    assert len(blobs_of(settings)) == 1


def test_an_unexpected_error_tells_the_log_and_not_the_client(settings: Settings, memo: Path) -> None:
    blobs = Faulty.open(settings.storage_url)
    with capture_logs([structlog.contextvars.merge_contextvars]) as logged, served(settings, blobs=blobs) as client:
        recording = client.post("/v1/recordings", files={"file": memo.read_bytes()}).json()
        answer = client.get(f"/v1/recordings/{recording['id']}/audio", headers={"X-Request-ID": "find-me"})
    assert (answer.status_code, answer.json()["code"], answer.json()["request_id"]) == (500, "internal", "find-me")
    assert answer.headers["X-Request-ID"] == "find-me"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text
    crashed = [line for line in logged if line["event"] == "request.crashed"]
    assert [(line["request_id"], line["exc_info"]) for line in crashed] == [("find-me", True)]


def test_audio_that_was_taken_away_is_not_found(client: httpx.Client, settings: Settings, memo: Path) -> None:
    recording = client.post("/v1/recordings", files={"file": memo.read_bytes()}).json()
    for blob in (settings.data_dir / "blobs" / "accounts").rglob("original"):
        blob.unlink()
    answer = client.get(f"/v1/recordings/{recording['id']}/audio")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
