"""Looks at a folder again and again, and sees to every file that is due."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass, field
from pathlib import Path

from diarist.cli.board import Board
from diarist.cli.exit_codes import OK, status_of
from diarist.cli.opening import Here
from diarist.cli.waiting import Wait
from diarist.cli.watching.folder import Sighting, look
from diarist.cli.watching.later import Later
from diarist.cli.watching.memory import Memory
from diarist.cli.watching.settling import Settling
from diarist.cli.watching.taking import Places, StillWritten, put_away, take
from diarist.cli.watching.telling import Teller
from diarist.errors import DiaristError, Unavailable, UnreadableFile
from diarist.recordings.service import Added

_MOST_SHOWN = 8
"""Files that are waited for, in the terminal's table."""


@dataclass(kw_only=True)
class Rounds:
    """One watched folder; outlives the event loops that it is watched from."""

    places: Places
    recursive: bool
    settle: float
    """Seconds for which a file must not have changed."""
    once: bool
    memory: Memory
    teller: Teller
    wait: Wait
    status: int = OK
    """The exit status that the first file that went wrong asks for."""
    _settling: Settling = field(init=False)
    _later: Later = field(default_factory=Later)
    _shown: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._settling = Settling(self.settle)

    async def go(self, here: Here, board: Board) -> None:
        """Look until cancelled; `once`: until all that was there at first has been seen to."""
        pause = min(2.0, max(0.05, self.settle / 4))
        until = math.inf
        while True:
            last = self.once and time.monotonic() >= until
            unknown = await self._round(here, board)
            # From when all was seen: on a busy machine the first look takes time, in which nothing has settled yet.
            until = min(until, time.monotonic() + self.settle)
            if self.once and (last or not unknown):
                for sighting in self._settling.unsettled(time.monotonic()):
                    self.teller.left(sighting.path)
                return
            await asyncio.sleep(pause)

    async def _round(self, here: Here, board: Board) -> int:
        """See to what is due; returns how many files it did not know."""
        unknown = []
        for sighting in await self._seen():
            fate = self.memory.fate_of(sighting)
            if fate is None:
                unknown.append(sighting)
            elif target := self.places.of(fate):
                await self._put_away(sighting, target)
        settled = self._settling.settled(unknown, time.monotonic())
        self._show(board, {sighting.path for sighting in unknown} - {sighting.path for sighting in settled})
        for sighting in settled:
            if self._is_due(sighting.path):
                await self._take(here, board, sighting)
        return len(unknown)

    async def _seen(self) -> list[Sighting]:
        folder = self.places.folder
        try:
            view = await asyncio.to_thread(look, folder, recursive=self.recursive, spared=self.places.spared)
        except OSError as error:
            self._put_off(folder, UnreadableFile(f"the folder cannot be looked into: {error.strerror or error}"))
            return []
        for closed, reason in view.closed.items():
            self._put_off(closed, UnreadableFile(f"the folder cannot be looked into: {reason}"))
        return view.files

    async def _take(self, here: Here, board: Board, sighting: Sighting) -> None:
        path = sighting.path
        try:
            taken = await take(here, self.memory, sighting, lambda fraction: board.adding(path, path.name, fraction))
        except StillWritten:
            self._settling.start_over(sighting)
            return
        except DiaristError as error:
            if not error.retryable and not isinstance(error, UnreadableFile):
                raise
            self._put_off(path, error)
            return
        finally:
            board.ended(path)
        self._later.worked(path)
        self._later.worked(Unavailable)
        if isinstance(taken, Added):
            self.wait.pending.add(taken.job.id)
            self.teller.taken(path, taken)
        else:
            self.status = self.status or status_of(type(taken))
            self.teller.refused(path, taken)
        if (fate := self.memory.fate_of(sighting)) and (target := self.places.of(fate)):
            await self._put_away(sighting, target)

    async def _put_away(self, sighting: Sighting, target: Path) -> None:
        if not self._is_due(sighting.path):
            return
        try:
            moved = await put_away(self.memory, sighting, self.places, target)
        except DiaristError as error:
            self._put_off(sighting.path, error)
            return
        self._later.worked(sighting.path)
        if moved:
            self.teller.moved(sighting.path, moved)

    def _is_due(self, path: Path) -> bool:
        now = time.monotonic()
        return self._later.is_due(path, now) and self._later.is_due(Unavailable, now)

    def _put_off(self, path: Path, error: DiaristError) -> None:
        """A disk that is full or a database that is away would fail every other file as well."""
        now = time.monotonic()
        everything = isinstance(error, Unavailable)
        seconds, is_new = self._later.put_off(Unavailable if everything else path, error.code, now)
        self.status = self.status or status_of(type(error))
        if is_new:
            self.teller.later(path, error, seconds)

    def _show(self, board: Board, waiting: set[Path]) -> None:
        shown = set(sorted(waiting)[:_MOST_SHOWN])
        for path in self._shown - shown:
            board.ended(path)
        for path in shown:
            board.waiting(path, path.name)
        self._shown = shown
