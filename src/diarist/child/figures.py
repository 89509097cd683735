"""What a child counts, to be told to its parent with its answers: nobody else can ask it."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass, field

from diarist.child.wire import Message

_MOST_NOTES = 1000
"""Between two reports; more would only be noise."""
_EVERY = 1.0
"""Seconds between two reports in one answer."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened in a child."""

    name: str
    figures: dict[str, float]
    about: dict[str, str] = field(default_factory=dict)
    """What it happened to: names that stand in settings or in our code, never what is worked on."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a child tells at once, in a frame of the kind `figures`."""

    cpu_seconds: float
    """Since it began, all threads together."""
    gpu_seconds: float = 0.0
    """For which it has kept graphics cards busy since it began, the seconds of each counted."""
    notes: tuple[Note, ...] = ()


class Notebook:
    """Kept in a child between two reports."""

    def __init__(self) -> None:
        self._notes: list[Note] = []
        self._told = time.monotonic()
        self._gpu_seconds = 0.0
        self.about: dict[str, str] = {}
        """What all that follows happens to."""

    def note(self, name: str, figures: dict[str, float]) -> None:
        """Keep it."""
        if len(self._notes) < _MOST_NOTES:
            self._notes.append(Note(name, figures, self.about))

    def computed_on_cards(self, seconds: float) -> None:
        """Add it to what it told before."""
        self._gpu_seconds += seconds

    @property
    def due(self) -> bool:
        """Whether it is time for a report in the middle of an answer."""
        return time.monotonic() - self._told >= _EVERY

    def report(self) -> Message:
        """All that was kept, which is then forgotten."""
        notes = [{"name": one.name, "figures": one.figures, "about": one.about} for one in self._notes]
        self._notes, self._told = [], time.monotonic()
        return Message({"cpu_seconds": time.process_time(), "gpu_seconds": self._gpu_seconds, "notes": notes})


notebook: ContextVar[Notebook | None] = ContextVar("notebook", default=None)
"""The child's own; None outside of a child."""


def note(name: str, **figures: float) -> None:
    """Tell the parent with the next report; from the thread that answers calls. Outside of a child nothing happens."""
    kept = notebook.get()
    if kept is not None:
        kept.note(name, figures)


def computed_on_cards(seconds: float) -> None:
    """Tell the parent for how long graphics cards were computed on, the seconds of each counted; as `note`."""
    kept = notebook.get()
    if kept is not None:
        kept.computed_on_cards(seconds)


def notes_are_about(**about: str) -> None:
    """Say what all notes are about from now on."""
    kept = notebook.get()
    if kept is not None:
        kept.about = about
