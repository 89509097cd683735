"""What is given to be added: a file, bytes, or whatever can be read once."""

from __future__ import annotations

import os
from pathlib import Path, PurePath
from typing import BinaryIO

from diarist.errors import InvalidInput, UnreadableFile

UNNAMED = "recording"


class Source:
    """Read from its beginning to its end, portion after portion."""

    def __init__(self, given: str | os.PathLike[str] | bytes | BinaryIO, filename: str | None = None) -> None:
        """Nothing is opened before it is read; an open file stays the caller's."""
        self._given = given
        self._file: BinaryIO | None = None
        self._begins = 0
        self._rest = given if isinstance(given, bytes) else b""
        self.filename = filename or _name_of(given)
        self.size: int | None = len(given) if isinstance(given, bytes) else None
        """Bytes in all; None where that is not known, or nothing was read yet."""

    def read(self, size: int) -> bytes:
        """The next bytes, fewer only at the end; raises `UnreadableFile`."""
        if isinstance(self._given, bytes):
            piece, self._rest = self._rest[:size], self._rest[size:]
            return piece
        try:
            file = self._opened()
            pieces: list[bytes] = []
            while size and (piece := file.read(size)):
                pieces.append(piece)
                size -= len(piece)
            return b"".join(pieces)
        except OSError as error:
            raise UnreadableFile(f"{self.filename} cannot be read: {error.strerror or error}") from error

    def skip(self, count: int) -> None:
        """Pass over what was sent before; raises `InvalidInput` for what can be read only once."""
        if isinstance(self._given, bytes):
            self._rest = self._given[count:]
            return
        try:
            file = self._opened()
            if not file.seekable():
                raise InvalidInput(
                    "this can be read only once, so its upload cannot be resumed", advice="Add it as a whole again."
                )
            file.seek(self._begins + count)
        except OSError as error:
            raise UnreadableFile(f"{self.filename} cannot be read: {error.strerror or error}") from error

    def close(self) -> None:
        """Close what was opened here."""
        if self._file is not None and self._file is not self._given:
            self._file.close()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            if isinstance(self._given, str | os.PathLike):
                self._file = Path(self._given).open("rb", buffering=0)  # noqa: SIM115 - closed by `close`
                self.size = os.fstat(self._file.fileno()).st_size
            else:
                assert not isinstance(self._given, bytes)  # noqa: S101 - read before it comes to this
                self._file = self._given
                if self._file.seekable():
                    self._begins = self._file.tell()
                    self.size = self._file.seek(0, os.SEEK_END) - self._begins
                    self._file.seek(self._begins)
        return self._file


def _name_of(given: str | os.PathLike[str] | bytes | BinaryIO) -> str:
    if isinstance(given, bytes):
        return UNNAMED
    named = os.fspath(given) if isinstance(given, str | os.PathLike) else getattr(given, "name", None)
    return PurePath(named).name or UNNAMED if isinstance(named, str) else UNNAMED
