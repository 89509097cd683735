"""One vocabulary, every store: a folder, memory, a real S3 server, and Azure's where it is installed."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from azure_server import AzureServer, azure_server, azurite
from diarist.errors import NotFound, NotSupported, TooLarge
from diarist.storage.blobs import LARGEST_PUT, PIECE_BYTES, Blobs
from diarist.storage.sending import PART
from s3_server import S3Server

MEGABYTE = 1 << 20
MINUTE = timedelta(minutes=1)
NOT_RUN = pytest.mark.skip(reason="no server that speaks Google's storage can be had; the code is the same but for its opening")
KINDS = ("file", "memory", pytest.param("s3", marks=pytest.mark.slow), pytest.param("az", marks=pytest.mark.slow),
         pytest.param("gs", marks=NOT_RUN))  # fmt: skip
SIGNING = ("s3", "az")


@pytest.fixture(scope="session")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureServer]:
    if not azurite():
        pytest.skip("Azurite is not installed; `npm install -g azurite` does it")
    with azure_server(tmp_path_factory.mktemp("azure")) as server:
        yield server


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def blobs(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    scratch = tmp_path / "scratch"
    if kind == "s3":
        s3: S3Server = request.getfixturevalue("s3")
        return Blobs.open(f"{s3.new_place()}/some/prefix", s3.settings(), scratch=scratch)
    if kind == "az":
        azure: AzureServer = request.getfixturevalue("azure")
        return Blobs.open(f"{azure.new_container()}/some/prefix", azure.settings(), scratch=scratch)
    return Blobs.open("memory:" if kind == "memory" else (tmp_path / "blobs").as_uri(), scratch=scratch)


async def pieces(count: int, size: int = MEGABYTE) -> AsyncIterator[bytes]:
    for number in range(count):
        yield bytes([number % 251]) * size


async def whole(blobs: Blobs, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in blobs.stream(key, start, end)])


async def test_what_was_put_comes_back(blobs: Blobs) -> None:
    await blobs.put("a/b", b"hello")
    assert await blobs.get("a/b") == b"hello"
    assert await blobs.size("a/b") == 5
    await blobs.put("a/b", b"again")
    assert await blobs.get("a/b") == b"again"


async def test_all_below_a_prefix_are_told_with_their_sizes(blobs: Blobs) -> None:
    for key, content in (("a/b/c", b"hello"), ("a/d", b""), ("ab/c", b"x")):
        await blobs.put(key, content)
    assert {key: size async for key, size in blobs.sizes("a")} == {"a/b/c": 5, "a/d": 0}
    assert [found async for found in blobs.sizes("nothing")] == []


async def test_nothing_is_a_blob_too(blobs: Blobs) -> None:
    await blobs.put("a/b", b"")
    assert await whole(blobs, "a/b") == b""
    async with blobs.local_path("a/b") as path:
        assert path.read_bytes() == b""


async def test_fifty_megabytes_go_through_a_hand_full_of_memory(blobs: Blobs, kind: str, tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        await blobs.put("a/big", pieces(50))
        peak = tracemalloc.get_traced_memory()[1]
        size = 0
        async for piece in blobs.stream("a/big"):
            size += len(piece)
        async with blobs.local_path("a/big") as path:
            assert path.stat().st_size == 50 * MEGABYTE
            with path.open("rb") as file:
                file.seek(49 * MEGABYTE - 1)
                assert file.read(2) == bytes([48, 49])
        later_peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size == 50 * MEGABYTE
    if kind != "memory":
        assert max(peak, later_peak) < 6 * PART


async def test_ranges_are_exact(blobs: Blobs) -> None:
    await blobs.put("a", b"x" * PIECE_BYTES + b"0123456789")
    assert await whole(blobs, "a", 2, 5) == b"xxx"
    assert await whole(blobs, "a", PIECE_BYTES - 1, PIECE_BYTES + 3) == b"x012"
    assert await whole(blobs, "a", PIECE_BYTES + 7) == b"789"
    assert await whole(blobs, "a", 5, 5) == b""


@pytest.mark.parametrize("size", [PART - 1, PART, PART + 1])
async def test_the_borders_of_a_part_lose_nothing(blobs: Blobs, size: int) -> None:
    await blobs.put("a/b", pieces(1, size))
    assert await blobs.size("a/b") == size


@pytest.mark.parametrize("before", [1, 20])
async def test_a_stream_that_breaks_leaves_nothing_and_keeps_its_own_error(blobs: Blobs, before: int) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        async for piece in pieces(before):
            yield piece
        raise FileNotFoundError("the client went away")

    with pytest.raises(FileNotFoundError, match="the client went away"):
        await blobs.put("a/b", breaking())
    with pytest.raises(NotFound):
        await blobs.size("a/b")
    assert await blobs.delete_under("a") == 0


async def test_a_put_that_is_cancelled_leaves_nothing(blobs: Blobs) -> None:
    waiting = asyncio.Event()

    async def stalling() -> AsyncIterator[bytes]:
        async for piece in pieces(20):
            yield piece
        waiting.set()
        await asyncio.sleep(3600)
        yield b""

    put = asyncio.create_task(blobs.put("a/b", stalling()))
    await waiting.wait()
    put.cancel()
    with pytest.raises(asyncio.CancelledError):
        await put
    with pytest.raises(NotFound):
        await blobs.size("a/b")
    assert await blobs.delete_under("a") == 0


async def test_what_is_not_there_is_not_found(blobs: Blobs) -> None:
    for asking in (blobs.get("nothing"), blobs.size("nothing"), whole(blobs, "nothing"), whole(blobs, "nothing", 0, 5)):
        with pytest.raises(NotFound):
            await asking
    with pytest.raises(NotFound):
        async with blobs.local_path("nothing"):
            pytest.fail("there was a path")
    await blobs.delete("nothing")


async def test_deleting_takes_everything_below_a_prefix_and_nothing_else(blobs: Blobs) -> None:
    for key in ("one/a", "one/deep/b", "two/c", "one-more/d"):
        await blobs.put(key, b"x")
    assert await blobs.delete_under("one") == 2
    assert await blobs.get("two/c") == await blobs.get("one-more/d") == b"x"
    assert await blobs.delete_under("one") == 0
    await blobs.delete("two/c")
    with pytest.raises(NotFound):
        await blobs.get("two/c")


async def test_more_than_a_page_is_deleted_and_named(blobs: Blobs, kind: str) -> None:
    count = 1105
    gate = asyncio.Semaphore(16)

    async def put(number: int) -> None:
        async with gate:
            await blobs.put(f"many/{number:05d}/x", b"x")

    await asyncio.gather(*(put(number) for number in range(count)))
    names = await blobs.folders("many")
    assert names == [f"{number:05d}" for number in range(count)]
    assert await blobs.folders("many", after="01000", limit=3) == ["01001", "01002", "01003"]
    assert await blobs.folders("many", after="01104") == []
    assert await blobs.delete_under("many") == count
    assert await blobs.folders("many") == []


async def test_the_folders_below_a_prefix_are_named(blobs: Blobs) -> None:
    for key in ("one/a/x", "one/a/y/z", "one/b/y", "one/file", "two/c/z"):
        await blobs.put(key, b"x")
    assert await blobs.folders("one") == ["a", "b"]
    assert await blobs.folders("one", after="a") == ["b"]
    assert await blobs.folders("one", limit=1) == ["a"]
    assert await blobs.folders("three") == []


async def test_a_copy_is_gone_when_nobody_needs_it(blobs: Blobs, tmp_path: Path) -> None:
    await blobs.put("a/b", b"hello")
    async with blobs.local_path("a/b") as path:
        assert path.read_bytes() == b"hello"
        assert blobs.local or path.parent == tmp_path / "scratch"
    assert path.exists() is blobs.local
    with suppress(RuntimeError):
        async with blobs.local_path("a/b") as path:
            raise RuntimeError
    assert path.exists() is blobs.local
    assert await blobs.get("a/b") == b"hello"


@pytest.mark.parametrize("key", ["", "/a", "a/", "a//b", "../a", "a/../b", "a/.", "a\0b", "a\nb", "a\\b", "ä", "a" * 256])
async def test_a_name_that_could_mean_another_place_is_refused(blobs: Blobs, key: str) -> None:
    for doing in (
        blobs.put(key, b""), blobs.get(key), blobs.size(key), blobs.delete(key), blobs.delete_under(key), blobs.folders(key),
        whole(blobs, key, 0, 1), blobs.presigned_get(key, MINUTE) if blobs.can_sign else blobs.get(key),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="not the name"):
            await doing
    with pytest.raises(ValueError, match="not the name"):
        async with blobs.local_path(key):
            pass


async def test_a_signed_url_gives_the_blob_until_it_expires(blobs: Blobs, kind: str) -> None:
    await blobs.put("a/b", b"hello")
    if kind not in SIGNING:
        assert not blobs.can_sign
        with pytest.raises(NotSupported):
            await blobs.presigned_get("a/b", MINUTE)
        return
    async with httpx.AsyncClient() as client:
        url = await blobs.presigned_get("a/b", MINUTE)
        assert (await client.get(url)).text == "hello"
        assert (await client.get(url, headers={"Range": "bytes=1-2"})).text == "el"
        assert (await client.put(url, content=b"other")).status_code in {400, 403}
        assert (await client.get(url.replace("a/b", "a/c"))).status_code == 403
        short = await blobs.presigned_get("a/b", timedelta(seconds=1))
        await asyncio.sleep(2.1)
        assert (await client.get(short)).status_code == 403


async def test_bytes_can_be_put_to_a_signed_url(blobs: Blobs, kind: str) -> None:
    if kind not in SIGNING:
        with pytest.raises(NotSupported):
            await blobs.presigned_put("a/b", MINUTE, size=5)
        return
    signed = await blobs.presigned_put("a/b", MINUTE, size=5)
    async with httpx.AsyncClient() as client:
        assert (await client.put(signed.url, headers=signed.headers, content=b"hello")).status_code in {200, 201}
        assert (await client.get(signed.url)).status_code == 403
    assert await blobs.get("a/b") == b"hello"
    with pytest.raises(TooLarge):
        await blobs.presigned_put("a/b", MINUTE, size=LARGEST_PUT + 1)
