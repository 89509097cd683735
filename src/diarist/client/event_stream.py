"""Reads server-sent events as they come, piece by piece (HTML, 9.2.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diarist.client.errors import UnexpectedAnswer

MEDIA_TYPE = "text/event-stream"
_LONGEST = 1 << 20
"""Bytes of a line; none of ours is nearly as long."""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Message:
    """One event of a stream."""

    type: str
    data: str
    id: str
    """The last one that was told, with this event or before."""


class EventStreamReader:
    """Of one connection."""

    def __init__(self) -> None:
        self.retry: float | None = None
        """Seconds after which to connect again, if the stream has said so."""
        self._id = ""
        self._type, self._data = "", list[str]()
        self._rest = b""
        self._pieces: list[bytes] = []
        """Of a line that has not ended, behind `_rest`; put together once, as there may be many."""
        self._held = 0
        self._began = False

    def feed(self, piece: bytes) -> Iterator[Message]:
        """The events that end in this piece; raises `UnexpectedAnswer` for a line without end."""
        for line in self._lines(piece):
            if line:
                self._field(line.decode("utf-8", errors="replace"))
            elif self._data:
                yield Message(self._type or "message", "\n".join(self._data), self._id)
                self._type, self._data = "", []
            else:
                self._type = ""

    def _lines(self, piece: bytes) -> Iterator[bytes]:
        self._pieces.append(piece)
        self._held += len(piece)
        if self._began and not self._rest.endswith(b"\r") and b"\n" not in piece and b"\r" not in piece:
            if len(self._rest) + self._held > _LONGEST:
                raise UnexpectedAnswer("a line of the stream has no end")
            return
        self._rest = b"".join((self._rest, *self._pieces))
        self._pieces, self._held = [], 0
        if not self._began and len(self._rest) >= len(_BOM):
            self._rest, self._began = self._rest.removeprefix(_BOM), True
        *lines, self._rest = self._rest.replace(b"\r\n", b"\n").split(b"\n") if b"\r" not in self._rest else self._cut()
        if len(self._rest) > _LONGEST:
            raise UnexpectedAnswer("a line of the stream has no end")
        yield from lines

    def _cut(self) -> list[bytes]:
        """Lines that end with CR too; one at the very end may still be followed by its LF."""
        held = b"\r" if self._rest.endswith(b"\r") else b""
        lines = self._rest.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        return [*lines[:-1], lines[-1] + held]

    def _field(self, line: str) -> None:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "event":
                self._type = value
            case "data":
                self._data.append(value)
            case "id" if "\0" not in value:
                self._id = value
            case "retry" if value.isascii() and value.isdigit():
                self.retry = int(value[:9]) / 1000
