"""Encrypts streams, chunk by chunk, with AES-256-GCM: what is cut, changed, reordered or exchanged is found out.

    object = "diarist-sealed-1" | 8 bytes naming the key | 16 bytes of salt | chunk ...
    chunk  = AES-256-GCM(1 MiB of content; the last has less, or none), nonce = number of the chunk (11 bytes) | 1 for the last

The key of an object is derived from that of the backups, the salt and the object's name, so that no nonce is used twice and an
object cannot stand in another's place (the construction is STREAM: Hoang, Reyhanitabar, Rogaway and Vizar, 2015).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, AsyncIterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from diarist.backup.key import BackupKey
from diarist.errors import BackupDamaged, BackupKeyWrong

CHUNK = 1 << 20
"""Bytes of content in a chunk: what memory holds, whatever the size of the whole."""
_MARK = b"diarist-sealed-1"
_NAME, _SALT, _TAG = 8, 16, 16
_HEAD = len(_MARK) + _NAME + _SALT


def sealed_size(size: int) -> int:
    """Bytes that an object of `size` bytes takes."""
    return _HEAD + size + _TAG * max(1, -(-size // CHUNK))


async def seal(key: BackupKey, name: str, content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The object of that name, piece by piece; raises what `content` raises."""
    salt = os.urandom(_SALT)
    cipher = AESGCM(key.of_object(name, salt))
    yield _MARK + key.name + salt
    waiting, number = bytearray(), 0
    async for piece in content:
        waiting += piece
        while len(waiting) > CHUNK:  # what is left may be the last, which has a nonce of its own
            yield cipher.encrypt(_nonce(number, last=False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            number += 1
    yield cipher.encrypt(_nonce(number, last=True), bytes(waiting), None)


async def unseal(key: BackupKey, name: str, sealed: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The content, each piece only once it is known to be what was sealed; raises `BackupKeyWrong` and `BackupDamaged`."""
    waiting, number = bytearray(), 0
    cipher: AESGCM | None = None
    async for piece in sealed:
        waiting += piece
        if cipher is None and len(waiting) >= _HEAD:
            cipher = _cipher(key, name, bytes(waiting[:_HEAD]))
            del waiting[:_HEAD]
        while cipher is not None and len(waiting) > CHUNK + _TAG:
            yield _opened(cipher, name, number, bytes(waiting[: CHUNK + _TAG]), last=False)
            del waiting[: CHUNK + _TAG]
            number += 1
    if cipher is None:
        raise BackupDamaged(f"{name} is cut off")
    yield _opened(cipher, name, number, bytes(waiting), last=True)


def _cipher(key: BackupKey, name: str, head: bytes) -> AESGCM:
    if not head.startswith(_MARK):
        raise BackupDamaged(f"{name} is no part of a backup")
    if head[len(_MARK) : -_SALT] != key.name:
        raise BackupKeyWrong
    return AESGCM(key.of_object(name, head[-_SALT:]))


def _opened(cipher: AESGCM, name: str, number: int, chunk: bytes, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number, last=last), chunk, None)
    except (InvalidTag, ValueError) as error:
        raise BackupDamaged(f"{name} is damaged or cut off in its {number + 1}. MiB") from error


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
