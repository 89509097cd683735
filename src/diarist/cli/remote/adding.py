"""What `diarist add` does at a server: upload files, wait for what becomes of them, tell of each."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from diarist.cli import outcome
from diarist.cli.board import Board
from diarist.cli.finding import short
from diarist.cli.interruption import run
from diarist.cli.outcome import Final
from diarist.cli.remote.connecting import connected
from diarist.cli.remote.watching import Watching
from diarist.cli.reporting import Interrupted
from diarist.cli.terminal import messages, print_json, safe
from diarist.cli.uploading import STDIN, address_name, display_name, is_address
from diarist.client import Added, AsyncClient
from diarist.domain.hints import Hints
from diarist.domain.job import JobPriority
from diarist.errors import DiaristError, UnreadableFile


@dataclass(slots=True, eq=False)
class Given:
    """A file or an address that was named, and what became of it."""

    named: str
    priority: JobPriority
    hints: Hints
    added: Added | DiaristError | None = None
    """None until its turn has come."""

    async def take_in(self, diarist: AsyncClient, board: Board) -> Added | DiaristError:
        """Upload it, or keep the reason why not."""
        try:
            self.added = await (self._have_fetched if is_address(self.named) else self._upload)(diarist, board)
        except DiaristError as error:
            self.added = error
        finally:
            board.ended(self)
        return self.added

    async def _upload(self, diarist: AsyncClient, board: Board) -> Added:
        path = Path(self.named)
        if path == STDIN and sys.stdin.isatty():
            raise UnreadableFile("stdin is a terminal, not a recording", advice="Pipe a recording in: `program | diarist add -`.")
        name, source = display_name(path), sys.stdin.buffer if path == STDIN else path
        board.adding(self, name, 0.0)
        return await diarist.recordings.add(
            source, filename=name, priority=self.priority, language=self.hints.language, languages=self.hints.languages,
            vocabulary=self.hints.vocabulary, on_progress=lambda sent: board.adding(self, name, sent.fraction),
        )  # fmt: skip

    async def _have_fetched(self, diarist: AsyncClient, board: Board) -> Added:
        board.adding(self, address_name(self.named), None)
        return await diarist.recordings.add_from_url(
            self.named, priority=self.priority, language=self.hints.language, languages=self.hints.languages,
            vocabulary=self.hints.vocabulary,
        )  # fmt: skip


def add_files(names: Sequence[str], *, priority: JobPriority, hints: Hints, wait: bool, as_json: bool) -> int:
    """Add the files and addresses and tell of each; returns the exit status."""
    since, given = datetime.now(UTC), [Given(name, priority, hints) for name in names]

    async def work() -> list[Final]:
        async with connected() as diarist:
            with Board() as board:
                watching = Watching(diarist, board)
                taken_in = [await one.take_in(diarist, board) for one in given]
                job_ids = [added.job_id for added in taken_in if isinstance(added, Added)]
                if wait:
                    found = await watching.all_of(job_ids)
                else:
                    found = {job_id: await watching.look(job_id) for job_id in job_ids}
        return [found[added.job_id] if isinstance(added, Added) else added for added in taken_in]

    try:
        finals = run(work())
    except Interrupted:
        _say_what_was_left(given)
        raise
    if as_json:
        print_json({"files": [_to_json(one, final) for one, final in zip(given, finals, strict=True)]})
    else:
        for one, final in zip(given, finals, strict=True):
            if isinstance(one.added, Added) and not one.added.created:
                messages().print(f"{safe(one.named)} was there already as {short(one.added.recording_id)}.")
            outcome.tell(final, since, one.named)
    return outcome.status_of_all(finals)


def _say_what_was_left(given: Sequence[Given]) -> None:
    missing = [one.named for one in given if one.added is None]
    if missing:
        names = ", ".join(safe(name) for name in missing)
        messages().print(f"Not taken in; `diarist add` it again: {names}")
    if any(isinstance(one.added, Added) for one in given):
        messages().print("Stopped waiting. The server goes on with the work; `diarist follow` shows how far it is.")


def _to_json(one: Given, final: Final) -> dict[str, Any]:
    known = {"created": one.added.created} if isinstance(one.added, Added) else {}
    return {"file": one.named.encode(errors="replace").decode(), **known, **outcome.to_json(final)}
