"""Tells what `diarist follow` sees: a line for each step where programs read, words and a status at the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from diarist.cli import outcome
from diarist.cli.outcome import Final
from diarist.cli.terminal import messages, print_json_line
from diarist.client import JobUpdate
from diarist.errors import DiaristError


class Teller:
    """Of one command."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._since = datetime.now(UTC)
        self._last: dict[UUID, tuple[Any, ...]] = {}

    def moved(self, update: JobUpdate, recording_id: UUID) -> None:
        """A job is further; the same is not told twice."""
        figures = (update.state, update.stage, round(update.fraction, 3))
        if not self._as_json or update.ended or self._last.get(update.job_id) == figures:
            return
        self._last[update.job_id] = figures
        print_json_line({"type": "job.progress", "recording_id": str(recording_id), **msgspec.to_builtins(update)})

    def ended(self, found: Mapping[UUID, Final]) -> int:
        """How each job ended; returns the exit status."""
        if not found and not self._as_json:
            messages().print("Nothing is left to do.")
        for job_id, final in found.items():
            if self._as_json:
                named = {"job_id": str(job_id)} if isinstance(final, DiaristError) else {}
                print_json_line({"type": "job.ended", **named, **outcome.to_json(final)})
            else:
                outcome.tell(final, self._since, str(job_id))
        return outcome.status_of_all(found.values())
