"""What `diarist add` does: take files in, wait for what becomes of them, tell of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from diarist.cli import outcome
from diarist.cli.attendance import say_if_unattended, who_will_work
from diarist.cli.board import Board
from diarist.cli.finding import short
from diarist.cli.interruption import Interruption
from diarist.cli.opening import Here, settings_in_force
from diarist.cli.outcome import Final
from diarist.cli.reporting import Interrupted
from diarist.cli.terminal import messages, print_json, safe
from diarist.cli.uploading import address_name, display_name, is_address, pieces
from diarist.cli.waiting import Wait, begin_without_waiting, see_through
from diarist.domain.hints import NO_HINTS, Hints
from diarist.domain.job import JobPriority
from diarist.errors import DiaristError, NotFound
from diarist.recordings.import_service import import_recording
from diarist.recordings.service import Added, add_recording


@dataclass(slots=True, eq=False)
class Given:
    """A file or an address that was named, and what became of it."""

    named: str
    priority: JobPriority = JobPriority.NORMAL
    hints: Hints = NO_HINTS
    taken_in: Added | DiaristError | None = None
    """None until its turn has come."""

    async def take_in(self, here: Here, board: Board) -> None:
        """Store it and begin its job, or keep the reason why not."""
        try:
            self.taken_in = await (self._fetch if is_address(self.named) else self._read)(here, board)
        except DiaristError as error:
            self.taken_in = error
        finally:
            board.ended(self)

    async def _read(self, here: Here, board: Board) -> Added:
        path = Path(self.named)
        name = display_name(path)
        stream = pieces(path, lambda fraction: board.adding(self, name, fraction))
        return await add_recording(here.runtime, here.account_id, name, stream, priority=self.priority, hints=self.hints)

    async def _fetch(self, here: Here, board: Board) -> Added:
        name = address_name(self.named)
        board.adding(self, name, None)
        return await import_recording(
            here.runtime,
            here.account_id,
            self.named,
            priority=self.priority,
            hints=self.hints,
            on_progress=lambda fraction: board.adding(self, name, fraction),
        )


def add_files(names: Sequence[str], *, priority: JobPriority, hints: Hints, wait: bool, as_json: bool) -> int:
    """Add the files and addresses and tell of each; returns the exit status."""
    settings = settings_in_force()
    given, waited = [Given(name, priority, hints) for name in names], Wait()

    async def begin(here: Here, board: Board, wait: Wait) -> None:
        for one in given:
            await one.take_in(here, board)
            if isinstance(one.taken_in, Added):
                wait.pending.add(one.taken_in.job.id)

    with Interruption() as interruption:
        try:
            if wait:
                see_through(settings, interruption, begin, waited)
            else:
                interruption.run(begin_without_waiting(settings, begin, waited))
        except Interrupted:
            _say_what_was_not_taken_in(given)
            raise
    finals = [_final(one, waited) for one in given]
    if as_json:
        print_json({"files": [_to_json(one, final) for one, final in zip(given, finals, strict=True)]})
    else:
        for one, final in zip(given, finals, strict=True):
            _tell(one, final, waited.since)
    if any(not result.ended for result in waited.results.values()):
        messages().print(who_will_work(settings))
    elif wait:
        say_if_unattended(settings, waited.others)
    return outcome.status_of_all(finals)


def _say_what_was_not_taken_in(given: Sequence[Given]) -> None:
    missing = [one.named for one in given if one.taken_in is None]
    if missing:
        names = ", ".join(safe(name) for name in missing)
        messages().print(f"Not taken in, and nothing of it stored; `diarist add` it again: {names}")


def _final(one: Given, waited: Wait) -> Final:
    """The last that is known of a file."""
    if not isinstance(one.taken_in, Added):
        return one.taken_in or NotFound("its turn has not come")
    result = waited.results.get(one.taken_in.job.id)
    if result is None:
        return NotFound("it was deleted before it was done", advice="`diarist add` it again if that was a mistake.")
    return result.seen


def _tell(one: Given, final: Final, since: datetime) -> None:
    if isinstance(one.taken_in, Added) and not one.taken_in.created:
        ident = short(one.taken_in.recording.id)
        again = "; what had failed is tried again" if one.taken_in.retried else ""
        if one.hints and not one.taken_in.retried:
            again = f"; `diarist retry {ident} --stage transcribe` hears it again with these hints"
        messages().print(f"{safe(one.named)} was here already as {ident}{again}.")
    outcome.tell(final, since, one.named)


def _to_json(one: Given, final: Final) -> dict[str, Any]:
    known = {"created": one.taken_in.created, "retried": one.taken_in.retried} if isinstance(one.taken_in, Added) else {}
    return {"file": one.named.encode(errors="replace").decode(), **known, **outcome.to_json(final)}
