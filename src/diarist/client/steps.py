"""What the client does, without doing it: a flow is a generator that says each step and is given what came of it.

A flow opens no connection, waits for nothing and reads no file. `session` does that, in a thread or on an event loop, so that
everything that is decided is decided once for both.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request."""

    method: str
    path: str
    """From the root of the server, encoded."""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    repeatable: bool = True
    """Whether it does no harm to make it again when nobody knows what has become of it."""
    patience: float | None = None
    """Seconds without a byte of the answer after which the connection counts as broken; None for as long as usual."""
    on_sent: Callable[[int], None] | None = None
    """Is told how many bytes of the body have left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes = b""
    """Empty where it is read piece by piece."""


class Readable(Protocol):
    """Bytes that are read one after the other."""

    def read(self, size: int) -> bytes:
        """The next bytes, `size` of them unless there are not so many; raises `DiaristError`."""


@dataclass(frozen=True, slots=True)
class Send:
    """Make a request; gives the `Answer`."""

    request: Request


@dataclass(frozen=True, slots=True)
class Open:
    """Make a request and leave what is answered open, instead of what was open before; gives the `Answer` without its body.

    That of an error is read at once.
    """

    request: Request


@dataclass(frozen=True, slots=True)
class Read:
    """Read on in what is open; gives bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Wait so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class BackOff:
    """Wait as after so many failures in a row."""

    failures: int


@dataclass(frozen=True, slots=True)
class Load:
    """Read so many bytes of what is to be sent; gives bytes."""

    source: Readable
    size: int


@dataclass(frozen=True, slots=True)
class Give(Generic[T]):
    """Hand an item to whoever iterates."""

    item: T


Step: TypeAlias = Send | Open | Read | Sleep | BackOff | Load | Give[Any]
Flow: TypeAlias = Generator[Step, Any, T]
"""Ends with what was asked for."""
Items: TypeAlias = Generator[Step, Any, None]
"""Gives items on its way."""


def send(request: Request) -> Flow[Answer]:
    """Make a request."""
    answer: Answer = yield Send(request)
    return answer


def open_stream(request: Request) -> Flow[Answer]:
    """Make a request whose answer is read piece by piece."""
    answer: Answer = yield Open(request)
    return answer


def read_on() -> Flow[bytes]:
    """The next bytes of what is open."""
    piece: bytes = yield Read()
    return piece


def load(source: Readable, size: int) -> Flow[bytes]:
    """The next bytes of what is to be sent."""
    piece: bytes = yield Load(source, size)
    return piece
