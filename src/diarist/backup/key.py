"""The key of backups: 256 random bits in a file, made once; whoever loses it has no backups."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from diarist.errors import InvalidInput, Misconfigured

_MARK = "diarist-backup-key-1:"
"""What the line in the file begins with; tells the version, and secret scanners what they have found."""
_BYTES = 32
_ADVICE = "Name the file in DIARIST_BACKUP__KEY_FILE; `diarist backup key FILE` makes one, if there are no backups yet."


@dataclass(frozen=True, slots=True)
class BackupKey:
    """Opens backups and makes them."""

    secret: bytes = field(repr=False)

    @property
    def name(self) -> bytes:
        """Eight bytes that tell keys apart, and nothing of them."""
        return hmac.digest(self.secret, b"diarist backup key name", hashlib.sha256)[:8]

    def of_object(self, name: str, salt: bytes) -> bytes:
        """The key of one object: of its own for each, and bound to what the object is called."""
        derived = HKDF(algorithm=SHA256(), length=_BYTES, salt=salt, info=b"diarist backup object " + name.encode())
        return derived.derive(self.secret)


def read_key(path: Path | None) -> BackupKey:
    """The key in a file; raises `Misconfigured`, which never tells what stands in it."""
    if path is None:
        raise Misconfigured("backups are encrypted, and no key is named", advice=_ADVICE)
    try:
        line = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise Misconfigured(f"the key of backups cannot be read: {error.strerror}: {path}", advice=_ADVICE) from error
    except UnicodeDecodeError:
        line = ""
    try:
        secret = base64.urlsafe_b64decode(line.removeprefix(_MARK)) if line.startswith(_MARK) else b""
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != _BYTES:
        raise Misconfigured(f"{path} holds no key of backups", advice=_ADVICE)
    return BackupKey(secret)


def make_key(path: Path) -> None:
    """Write a new key to a file that only its owner may read; raises `InvalidInput` where there is a file already."""
    line = f"{_MARK}{base64.urlsafe_b64encode(secrets.token_bytes(_BYTES)).decode()}\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        advice = "A key that backups were made with must never be written over. Choose another name."
        raise InvalidInput(f"{path} is there already", advice=advice) from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}", advice="Choose a place you may write to.") from error
