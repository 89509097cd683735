from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from diarist.errors import Misconfigured, NotFound, StorageFailed
from diarist.storage.blobs import PIECE_BYTES, Blobs


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "blobs with spaces"


@pytest.fixture
def blobs(root: Path) -> Blobs:
    return Blobs.open(root.as_uri())


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece


async def test_what_was_put_comes_back(blobs: Blobs) -> None:
    await blobs.put("a/b", b"hello")
    assert await blobs.get("a/b") == b"hello"
    assert await blobs.size("a/b") == 5


async def test_a_stream_is_stored_as_one_blob(blobs: Blobs) -> None:
    await blobs.put("a", pieces(b"x" * PIECE_BYTES, b"y" * 7_000_000, b"z"))
    assert await blobs.size("a") == PIECE_BYTES + 7_000_001
    assert [piece async for piece in blobs.stream("a", PIECE_BYTES - 1, PIECE_BYTES + 1)] == [b"xy"]


async def test_a_range_is_exact_and_an_empty_one_is_nothing(blobs: Blobs) -> None:
    await blobs.put("a", b"0123456789")
    assert b"".join([piece async for piece in blobs.stream("a", 2, 5)]) == b"234"
    assert b"".join([piece async for piece in blobs.stream("a", 7)]) == b"789"
    assert [piece async for piece in blobs.stream("a", 5, 5)] == []


async def test_a_stream_that_breaks_leaves_nothing_and_keeps_its_own_error(blobs: Blobs, root: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield b"x" * 6_000_000
        raise ConnectionResetError("the client went away")

    with pytest.raises(ConnectionResetError, match="the client went away"):
        await blobs.put("a", breaking())
    assert files(root) == []


async def test_what_is_not_there_is_not_found(blobs: Blobs) -> None:
    with pytest.raises(NotFound):
        await blobs.get("nothing")
    with pytest.raises(NotFound), blobs.local_path("nothing"):
        pytest.fail("there was a path")


async def test_deleting_takes_everything_below_a_prefix_and_nothing_else(blobs: Blobs, root: Path) -> None:
    for key in ("one/a", "one/deep/b", "two/c"):
        await blobs.put(key, b"x")
    assert await blobs.delete_under("one") == 2
    assert files(root) == ["two/c"]
    assert not (root / "one").exists()
    assert await blobs.delete_under("one") == 0


async def test_what_a_killed_write_left_goes_with_the_rest(blobs: Blobs, root: Path) -> None:
    await blobs.put("one/a", b"x")
    (root / "one" / "b#1").write_bytes(b"half")
    await blobs.delete_under("one")
    assert files(root) == []


async def test_the_folders_below_a_prefix_are_named(blobs: Blobs) -> None:
    for key in ("one/a/x", "one/b/y", "two/c/z"):
        await blobs.put(key, b"x")
    assert await blobs.folders("one") == ["a", "b"]
    assert await blobs.folders("three") == []


async def test_a_local_path_reads_the_same_bytes(blobs: Blobs) -> None:
    await blobs.put("a/b", b"hello")
    with blobs.local_path("a/b") as path:
        assert path.read_bytes() == b"hello"


def test_an_unknown_kind_of_store_is_a_matter_of_settings() -> None:
    with pytest.raises(Misconfigured, match="ftp"):
        Blobs.open("ftp://somewhere/else")


def test_a_folder_that_cannot_be_made_is_a_failure_of_the_store(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StorageFailed):
        Blobs.open((blocked / "blobs").as_uri())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
async def test_a_store_without_room_says_so(blobs: Blobs, root: Path) -> None:
    from diarist.errors import StorageFull
    from diarist.storage.blobs import _translated

    with pytest.raises(StorageFull), _translated(), open("/dev/full", "wb", buffering=0) as full:  # noqa: ASYNC230, PTH123 - the real errno
        full.write(b"x")
