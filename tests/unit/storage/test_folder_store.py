"""What only a folder does; the rest is the contract of every store."""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from diarist.errors import StorageFailed
from diarist.storage.blobs import Blobs
from diarist.storage.folder import _remove_tree


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "blobs with spaces"


@pytest.fixture
def blobs(root: Path) -> Blobs:
    return Blobs.open(root.as_uri())


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


async def test_a_path_is_the_blob_itself(blobs: Blobs, root: Path) -> None:
    await blobs.put("a/b", b"hello")
    async with blobs.local_path("a/b") as path:
        assert path == root / "a" / "b"
    assert blobs.local


async def test_a_stream_that_breaks_leaves_no_file(blobs: Blobs, root: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        for _ in range(12):
            yield b"x" * 1_000_000
        raise ConnectionResetError("the client went away")

    with pytest.raises(ConnectionResetError, match="the client went away"):
        await blobs.put("a", breaking())
    assert files(root) == []


async def test_deleting_leaves_no_empty_folders(blobs: Blobs, root: Path) -> None:
    for key in ("one/a", "one/deep/b", "two/c"):
        await blobs.put(key, b"x")
    assert await blobs.delete_under("one") == 2
    assert files(root) == ["two/c"]
    assert not (root / "one").exists()


async def test_what_a_killed_write_left_goes_with_the_rest(blobs: Blobs, root: Path) -> None:
    await blobs.put("one/a", b"x")
    (root / "one" / "b#1").write_bytes(b"half")
    await blobs.delete_under("one")
    assert files(root) == []


def test_a_folder_that_cannot_be_made_is_a_failure_of_the_store(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StorageFailed):
        Blobs.open((blocked / "blobs").as_uri())


def test_two_who_delete_the_same_tree_at_once_both_end(root: Path) -> None:
    root.mkdir()
    for _ in range(5):
        for number in range(40):
            (folder := root / "one" / f"{number}" / "deep").mkdir(parents=True)
            for name in range(10):
                (folder / f"{name}").write_bytes(b"x")
        together = Barrier(2)

        def delete(together: Barrier = together) -> int:
            together.wait()
            return _remove_tree(root / "one", root)

        with ThreadPoolExecutor(2) as threads:
            counts = [deleting.result() for deleting in [threads.submit(delete) for _ in range(2)]]
        assert all(0 <= count <= 400 for count in counts)
        assert max(counts) > 0
        assert list(root.iterdir()) == []
