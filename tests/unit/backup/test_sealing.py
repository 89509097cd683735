"""What is sealed comes back as it was, or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from diarist.backup.key import BackupKey, make_key, read_key
from diarist.backup.sealing import CHUNK, seal, sealed_size, unseal
from diarist.errors import BackupDamaged, BackupKeyWrong, InvalidInput, Misconfigured

KEY, OTHER = BackupKey(b"k" * 32), BackupKey(b"o" * 32)


async def streamed(content: bytes, piece: int = 300_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), piece):
        yield content[start : start + piece]


async def sealed(content: bytes, name: str = "a") -> bytes:
    return b"".join([piece async for piece in seal(KEY, name, streamed(content))])


async def opened(content: bytes, name: str = "a", key: BackupKey = KEY) -> bytes:
    return b"".join([piece async for piece in unseal(key, name, streamed(content))])


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
async def test_what_was_sealed_comes_back_and_takes_the_room_that_was_said(size: int) -> None:
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    object_ = await sealed(content)
    assert len(object_) == sealed_size(size)
    assert await opened(object_) == content


async def test_nothing_of_the_content_can_be_read_and_no_two_objects_are_alike() -> None:
    one, two = await sealed(b"secret" * 100), await sealed(b"secret" * 100)
    assert b"secret" not in one
    assert one[40:] != two[40:]


@pytest.mark.parametrize("left", [0, 10, 39, 40, 41, CHUNK, CHUNK + 56, 2 * CHUNK + 72, 2 * CHUNK + 80])
async def test_what_is_cut_off_is_found_out(left: int) -> None:
    object_ = await sealed(b"x" * (2 * CHUNK + 100))
    with pytest.raises(BackupDamaged):
        await opened(object_[:left])


@pytest.mark.parametrize("at", [0, 20, 30, 45, CHUNK, -1])
async def test_a_bit_that_has_changed_is_found_out(at: int) -> None:
    object_ = bytearray(await sealed(b"x" * (CHUNK + 100)))
    object_[at] ^= 1
    with pytest.raises((BackupDamaged, BackupKeyWrong)):
        await opened(bytes(object_))


async def test_chunks_cannot_change_places() -> None:
    object_ = await sealed(b"x" * CHUNK + b"y" * CHUNK + b"z")
    head, size = object_[:40], CHUNK + 16
    first, second, rest = object_[40 : 40 + size], object_[40 + size : 40 + 2 * size], object_[40 + 2 * size :]
    with pytest.raises(BackupDamaged):
        await opened(head + second + first + rest)


async def test_an_object_cannot_stand_in_the_place_of_another() -> None:
    with pytest.raises(BackupDamaged):
        await opened(await sealed(b"content", "blobs/a"), "blobs/b")


async def test_another_key_is_told_from_damage() -> None:
    with pytest.raises(BackupKeyWrong, match="does not open"):
        await opened(await sealed(b"content"), key=OTHER)


def test_a_key_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    file = tmp_path / "key"
    make_key(file)
    made = read_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert repr(made) == "BackupKey()"
    with pytest.raises(InvalidInput, match="is there already"):
        make_key(file)
    assert read_key(file) == made


@pytest.mark.parametrize("content", [b"", b"diarist-backup-key-1:", b"diarist-backup-key-1:c2hvcnQ=", b"hunter2", b"\xff\xfe"])
def test_what_is_no_key_is_said_to_be_none_and_not_shown(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(Misconfigured, match="holds no key") as caught:
        read_key(tmp_path / "key")
    assert "hunter2" not in caught.value.message
    with pytest.raises(Misconfigured, match="No such file"):
        read_key(tmp_path / "other")
    with pytest.raises(Misconfigured, match="no key is named"):
        read_key(None)
