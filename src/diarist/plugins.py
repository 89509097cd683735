"""Loads plugins by entry point, ours and other people's alike.

Groups: `diarist.transcription_engines` (see `ports/transcription_engine.py`), `diarist.event_buses` (see `ports/event_bus.py`),
`diarist.llm_providers` (see `ports/language_model.py`), `diarist.sound_filters` (see `ports/sound_filter.py`).
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

from diarist.errors import Misconfigured

GROUPS = ("diarist.event_buses", "diarist.llm_providers", "diarist.sound_filters", "diarist.transcription_engines")
"""Every group that Diarist reads."""


def available(group: str) -> list[EntryPoint]:
    """The installed plugins of a group, by name; nothing is imported."""
    return sorted(entry_points(group=group), key=lambda point: point.name)


def load(group: str, name: str) -> Any:
    """Import the plugin called `name`; raises `Misconfigured` when there is none or it cannot be imported."""
    points = entry_points(group=group, name=name)
    if not points:
        names = ", ".join(point.name for point in available(group)) or "none"
        raise Misconfigured(f"no plugin called {name!r} in {group} (installed: {names})")
    try:
        return next(iter(points)).load()
    except (ImportError, AttributeError) as error:
        raise Misconfigured(f"the plugin {name!r} of {group} cannot be loaded: {error}") from error
