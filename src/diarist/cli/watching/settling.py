"""Tells when a file is finished: neither its size nor its time has changed for a while. Pure; works on any file system."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from diarist.cli.watching.folder import Sighting


class Settling:
    """The files that are watched until they are finished."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since: dict[Path, tuple[Sighting, float]] = {}

    def settled(self, seen: Iterable[Sighting], now: float) -> list[Sighting]:
        """Those that are as they were at least `seconds` ago; `now` is a steady clock's. What is not seen is forgotten."""
        before, self._since = self._since, {}
        for sighting in seen:
            known, since = before.get(sighting.path, (None, now))
            self._since[sighting.path] = (sighting, since if known == sighting else now)
        return [sighting for sighting, since in self._since.values() if now - since >= self._seconds]

    def unsettled(self, now: float) -> list[Sighting]:
        """Those that are not finished yet."""
        return [sighting for sighting, since in self._since.values() if now - since < self._seconds]

    def start_over(self, sighting: Sighting) -> None:
        """A file has changed after all."""
        self._since.pop(sighting.path, None)
