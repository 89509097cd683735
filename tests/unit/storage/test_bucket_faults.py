"""What goes wrong with a real S3 server, and what is said about it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from diarist.errors import StorageFailed, StorageRefused
from diarist.settings import StorageSettings
from diarist.storage.blobs import Blobs
from s3_server import S3Server, s3_server

pytestmark = pytest.mark.slow

CHUNK, UPLOAD = "accounts/a/recordings/r/chunks/1/00000.flac", "accounts/a/uploads/u/1"


async def big(megabytes: int) -> AsyncIterator[bytes]:
    for _ in range(megabytes):
        yield bytes(1 << 20)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def refusal(blobs: Blobs) -> StorageFailed:
    with pytest.raises(StorageFailed) as refused:
        await blobs.put("a", b"x")
    return refused.value


async def test_a_wrong_secret_is_said_and_not_shown(s3: S3Server) -> None:
    bucket = s3.new_place()
    for changed in ({"secret_access_key": SecretStr("not-it")}, {"access_key_id": "nobody"}):
        error = await refusal(Blobs.open(bucket, s3.settings(**changed)))
        assert isinstance(error, StorageRefused)
        assert "not-it" not in f"{error.message} {error.advice}"
        assert "DIARIST_STORAGE__ACCESS_KEY_ID" in error.advice


async def test_a_bucket_that_is_not_there_is_said(s3: S3Server) -> None:
    error = await refusal(Blobs.open("s3://no-such-bucket", s3.settings()))
    assert isinstance(error, StorageRefused)
    assert "no such bucket" in error.message


async def test_plain_http_must_be_allowed(s3: S3Server) -> None:
    error = await refusal(Blobs.open(s3.new_place(), s3.settings(allow_http=False)))
    assert "ALLOW_HTTP" in error.advice


@pytest.mark.parametrize("listening", [True, False])
async def test_a_server_that_is_away_or_mute_is_given_up_in_time_and_may_be_tried_again(*, listening: bool) -> None:
    """A mute one accepts connections and says nothing, as one whose machine hangs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if not listening:
            listener.close()
        settings = StorageSettings(
            endpoint=f"http://127.0.0.1:{port}", access_key_id="a", secret_access_key=SecretStr("b"), allow_http=True
        )
        started = time.monotonic()
        error = await refusal(Blobs.open("s3://bucket", settings))
    assert time.monotonic() - started < 40
    assert error.retryable
    assert "sending request" in error.message or "timed out" in error.message


async def test_a_server_that_comes_back_is_waited_for(tmp_path: Path) -> None:
    with s3_server(tmp_path) as server:
        blobs = Blobs.open(server.new_place(), server.settings())
        server.kill()
        put = asyncio.create_task(blobs.put("a", b"x"))
        await asyncio.to_thread(server.start)
        await put
        assert await blobs.get("a") == b"x"


async def test_no_part_is_left_of_what_breaks_or_is_cancelled(s3: S3Server) -> None:
    bucket = s3.new_place()
    blobs = Blobs.open(bucket, s3.settings())
    stalled = asyncio.Event()

    async def ending_badly(*, stall: bool) -> AsyncIterator[bytes]:
        async for piece in big(20):
            yield piece
        if stall:
            stalled.set()
            await asyncio.sleep(3600)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await blobs.put("a", ending_badly(stall=False))
    assert s3.unfinished() == []
    put = asyncio.create_task(blobs.put("a", ending_badly(stall=True)))
    await stalled.wait()
    assert len(s3.unfinished()) == 1
    put.cancel()
    with pytest.raises(asyncio.CancelledError):
        await put
    assert s3.unfinished() == []


async def test_objects_bear_the_tag_that_lifecycle_rules_look_for(s3: S3Server) -> None:
    bucket = s3.new_place()
    blobs = Blobs.open(bucket, s3.settings())
    for key, kind in ((CHUNK, "chunk"), (UPLOAD, "upload"), ("accounts/a/recordings/r/original", "original")):
        for content in (b"x", big(9)):
            await blobs.put(key, content)
            assert s3.tags(bucket, key) == {"diarist": kind}


async def test_a_copy_that_breaks_off_is_deleted(s3: S3Server, tmp_path: Path) -> None:
    blobs = Blobs.open(s3.new_place(), s3.settings(), scratch=tmp_path)
    await blobs.put("a", big(20))
    copying = asyncio.create_task(_copied(blobs))
    while not files(tmp_path):
        await asyncio.sleep(0)
    copying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await copying
    assert files(tmp_path) == []


async def _copied(blobs: Blobs) -> None:
    async with blobs.local_path("a"):
        pytest.fail("it was not stopped")
