"""Where an error came from: its class and places in our code, and nothing of what the program held there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType

FRAMES = 5
"""Innermost frames of ours that are kept."""
_OURS = "diarist"


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in our code."""

    module: str
    function: str
    """Its qualified name."""
    line: int
    """Of the file; another after each change of it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Of one error."""

    type: str
    """The name of its class."""
    frames: tuple[Frame, ...]
    """The innermost of ours, the outermost of them first; empty for an error that was never raised."""


def origin_of(error: BaseException) -> Origin:
    """From its traceback; no local variable, no word of what it says."""
    ours = [frame for frame in _frames(error.__traceback__) if frame.module.partition(".")[0] == _OURS]
    return Origin(type(error).__qualname__, tuple(ours[-FRAMES:]))


def _frames(trace: TracebackType | None) -> Iterator[Frame]:
    while trace is not None:
        frame = trace.tb_frame
        yield Frame(str(frame.f_globals.get("__name__", "")), frame.f_code.co_qualname, trace.tb_lineno)
        trace = trace.tb_next
