import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diarist.errors import Empty, TooLarge
from diarist.recordings.receive import receive
from diarist.storage.blobs import Blobs


async def stream(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def leftovers(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("pieces", [[], [b""], [b"", b""]])
async def test_nothing_at_all_is_refused_and_leaves_nothing(tmp_path: Path, pieces: list[bytes]) -> None:
    with pytest.raises(Empty):
        await receive(Blobs.open(tmp_path.as_uri()), "a", stream(pieces), 10)
    assert leftovers(tmp_path) == []


async def test_more_than_is_accepted_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    blobs = Blobs.open(tmp_path.as_uri())
    await receive(blobs, "exactly", stream([b"12345", b"67890"]), 10)
    with pytest.raises(TooLarge, match="10 bytes"):
        await receive(blobs, "more", stream([b"12345", b"678901"]), 10)
    assert [path.name for path in leftovers(tmp_path)] == ["exactly"]


@settings(max_examples=20)
@given(st.lists(st.binary(max_size=50), min_size=1).filter(any))
async def test_hash_and_size_are_those_of_the_bytes_however_they_come(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    blobs = Blobs.open(tmp_path_factory.mktemp("blobs").as_uri())
    pieces = [b"\0", *pieces]  # or it might be text
    received = await receive(blobs, "a", stream(pieces), 10_000)
    whole = b"".join(pieces)
    assert received.sha256 == hashlib.sha256(whole).hexdigest()
    assert received.size_bytes == len(whole)
    assert await blobs.get("a") == whole
