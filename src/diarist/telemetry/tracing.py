"""Spans of what goes on, and the ids that go with rows, log lines and answers.

While nobody collects, only the ids are kept: a trace can then still be followed from log line to log line. Attributes never hold
what was said, what was asked of a model, a key, or a URL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, Self, TypeAlias

from diarist.telemetry.traceparent import Traceparent

Attributes: TypeAlias = Mapping[str, str | int | float | bool]
"""By the names of OpenTelemetry's semantic conventions where they have one, else of `diarist.…`."""


class Kind(StrEnum):
    """Which side of a boundary a span is on, as OpenTelemetry tells them apart."""

    INTERNAL = "internal"
    SERVER = "server"
    CLIENT = "client"
    CONSUMER = "consumer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A span that is over, as a child process tells of it over its pipe."""

    name: str
    trace_id: str
    span_id: str
    parent_id: str
    start: int
    """Nanoseconds since the epoch, as `end`."""
    end: int
    attributes: dict[str, str | int | float | bool]
    error: str | None = None
    """Its code, where it went wrong."""


class Span(Protocol):
    """Something that goes on now."""

    @property
    def recording(self) -> bool:
        """Whether anybody may hear of it, so that what is to be noted is worth to be found out."""

    @property
    def to_be_sent(self) -> bool:
        """Whether it will be, as far as can be told by now; for what takes long to find out, and so best at its end."""

    @property
    def traceparent(self) -> Traceparent | None:
        """Its place in its trace."""

    def note(self, attributes: Attributes) -> None:
        """Add what has become known."""

    def link(self, places: Iterable[Traceparent]) -> None:
        """Say what it came of besides its parent."""

    def rename(self, name: str) -> None:
        """Give it the name that has become known."""

    def fail(self, kind: str) -> None:
        """Say that it went wrong, and by which code; for what is not raised through it."""


class Tracer(Protocol):
    """Makes spans; see the functions below, which hand on to the one in force."""

    def part(
        self, name: str, kind: Kind, parent: Traceparent | None, attributes: Attributes, /
    ) -> AbstractContextManager[Span]: ...

    def span(self, name: str, kind: Kind, attributes: Attributes, leaf: bool, /) -> AbstractContextManager[Span]: ...  # noqa: FBT001

    def apart(self) -> AbstractContextManager[object]: ...

    def here(self) -> Traceparent | None: ...

    def done(self, name: str, seconds: float, attributes: Attributes, /) -> None: ...

    def adopt(self, reported: Iterable[Reported], /) -> None: ...


class _Nothing:
    """A span that nobody will hear of."""

    recording = to_be_sent = False
    traceparent = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def note(self, attributes: Attributes) -> None:
        pass

    def link(self, places: Iterable[Traceparent]) -> None:
        pass

    def rename(self, name: str) -> None:
        pass

    def fail(self, kind: str) -> None:
        pass


NOTHING = _Nothing()

_here: ContextVar[Traceparent | None] = ContextVar("traceparent", default=None)


class _Place(_Nothing):
    """A part of a trace of which only the ids are kept."""

    def __init__(self, traceparent: Traceparent) -> None:
        self._own = traceparent
        self._token: Token[Traceparent | None] | None = None

    @property
    def traceparent(self) -> Traceparent:  # type: ignore[override]  # of this one there is something to tell
        return self._own

    def __enter__(self) -> Self:
        self._token = _here.set(self._own)
        return self

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _here.reset(self._token)


class OnlyIds:
    """The tracer while nobody collects."""

    def part(
        self, _name: str, _kind: Kind, parent: Traceparent | None, _attributes: Attributes, /
    ) -> AbstractContextManager[Span]:
        """See `part`."""
        return _Place(Traceparent.new(parent))

    def span(self, _name: str, _kind: Kind, _attributes: Attributes, _leaf: bool, /) -> AbstractContextManager[Span]:  # noqa: FBT001
        """See `span`."""
        return NOTHING

    def apart(self) -> AbstractContextManager[object]:
        """See `apart`."""
        return NOTHING

    def here(self) -> Traceparent | None:
        """See `here`."""
        return _here.get()

    def done(self, _name: str, _seconds: float, _attributes: Attributes, /) -> None:
        """See `done`."""

    def adopt(self, _reported: Iterable[Reported], /) -> None:
        """See `adopt`."""


class _InForce:
    tracer: Tracer = OnlyIds()


@contextmanager
def tracing_by(tracer: Tracer) -> Iterator[None]:
    """Make spans by this tracer, in the whole process, until the block ends."""
    before, _InForce.tracer = _InForce.tracer, tracer
    try:
        yield
    finally:
        _InForce.tracer = before


def collected() -> bool:
    """Whether somebody collects."""
    return not isinstance(_InForce.tracer, OnlyIds)


def part(
    name: str,
    *,
    kind: Kind = Kind.INTERNAL,
    parent: Traceparent | None = None,
    attributes: Attributes | None = None,
) -> AbstractContextManager[Span]:
    """The part of a trace that is done here, such as one request or one try of a task: all within belongs to it.

    It follows `parent`, from wherever that came, or begins a trace.
    """
    return _InForce.tracer.part(name, kind, parent, attributes or {})


def span(
    name: str, *, kind: Kind = Kind.INTERNAL, attributes: Attributes | None = None, leaf: bool = False
) -> AbstractContextManager[Span]:
    """One step of the part at hand; outside of one it is nothing.

    `leaf`: nothing below it follows from the context. Needed where a block may be left in another context than it was entered
    in, as in asynchronous generators.
    """
    return _InForce.tracer.span(name, kind, attributes or {}, leaf)


def apart() -> AbstractContextManager[object]:
    """What is done in the block is no step of the part at hand, such as what goes on beside it every second."""
    return _InForce.tracer.apart()


def done(name: str, seconds: float, attributes: Attributes | None = None) -> None:
    """A step that has just ended and took this many seconds; for what is known only afterwards to be worth telling."""
    _InForce.tracer.done(name, seconds, attributes or {})


def here() -> Traceparent | None:
    """The place in the trace at hand, if there is one."""
    return _InForce.tracer.here()


def current_traceparent() -> str | None:
    """The same as the header `traceparent`, for whoever is asked by us and may know of it."""
    found = here()
    return str(found) if found else None


def adopt(reported: Iterable[Reported]) -> None:
    """Take in the spans that a child process has reported; their parents are among them, or go on now."""
    _InForce.tracer.adopt(reported)
