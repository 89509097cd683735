"""The API over an object store: nothing is fetched back, and those who listen may be sent there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from diarist.settings import Settings
from diarist.storage.blobs import Blobs
from s3_server import S3Server
from served import rows_of, served, worked_for
from waiting import until


class NotFetched(Blobs):
    """A store that nobody reads from."""

    @asynccontextmanager
    async def local_path(self, key: str) -> AsyncIterator[Path]:
        if key:
            raise AssertionError(key)
        yield Path()

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        yield await self.get(key)

    async def get(self, key: str) -> bytes:
        raise AssertionError(key)


def test_what_was_just_given_is_not_fetched_back(settings: Settings, memo: Path) -> None:
    with served(settings, blobs=NotFetched.open("memory:")) as client:
        answer = client.post("/v1/recordings", files={"file": memo.read_bytes()})
        assert answer.status_code == 202
        assert answer.json()["codec"] is None
        again = client.post("/v1/recordings", files={"file": memo.read_bytes()})
        assert (again.status_code, again.json()["id"]) == (200, answer.json()["id"])


def test_what_surely_is_no_recording_is_refused_at_once(settings: Settings) -> None:
    blobs = NotFetched.open("memory:")
    with served(settings, blobs=blobs) as client:
        answer = client.post("/v1/recordings", files={"file": ("memo.mp3", b"%PDF-1.7\n" + bytes(1000))})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_audio")
        assert "PDF" in answer.json()["detail"]
        assert rows_of(settings, "recordings") == 0
    assert asyncio.run(blobs.folders("accounts")) == []


def test_what_cannot_be_decoded_fails_in_its_first_stage(settings: Settings, memo: Path) -> None:
    blobs = Blobs.open("memory:", scratch=settings.scratch_dir)
    with worked_for(settings, blobs=blobs) as client:
        bad = client.post("/v1/recordings", files={"file": bytes(5000)}).headers["Location"]
        good = client.post("/v1/recordings", files={"file": memo.read_bytes()})
        job = until(lambda: (job := client.get(bad).json())["state"] == "failed" and job)
        assert job["error"]["code"] == "unsupported_audio"
        until(lambda: client.get(good.headers["Location"]).json()["state"] == "succeeded")
        assert client.get(f"/v1/recordings/{good.json()['id']}").json()["codec"] == "pcm_s16le"
    assert list(settings.scratch_dir.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("presigned", [True, False])
def test_those_who_listen_are_sent_to_the_store_where_that_is_wanted(
    settings: Settings, memo: Path, s3: S3Server, *, presigned: bool
) -> None:
    storage = s3.settings(s3.new_place(), presigned_downloads=presigned)
    settings = settings.model_copy(update={"storage": storage})
    with served(settings) as client:
        recording = client.post("/v1/recordings", files={"file": memo.read_bytes()}).json()
        url = f"/v1/recordings/{recording['id']}/audio"
        answer = client.get(url, headers={"Range": "bytes=8-11"})
        if presigned:
            assert answer.status_code == 307
            assert answer.headers["Cache-Control"] == "no-store"
            assert urlsplit(answer.headers["Location"]).netloc == urlsplit(s3.endpoint).netloc
            answer = httpx.get(answer.headers["Location"], headers={"Range": "bytes=8-11"})
        assert (answer.status_code, answer.content) == (206, b"WAVE")
        assert client.head(url).headers["Content-Length"] == str(len(memo.read_bytes()))
