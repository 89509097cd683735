"""Tells what `diarist follow` sees: a line for each step where programs read, words and a status at the end."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from diarist.cli import outcome
from diarist.cli.exit_codes import OK, status_of
from diarist.cli.reporting import error_to_json, report
from diarist.cli.seen import Seen
from diarist.cli.terminal import messages
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
        _line({"type": "job.progress", "recording_id": str(recording_id), **msgspec.to_builtins(update)})

    def ended(self, found: Mapping[UUID, Seen | DiaristError]) -> int:
        """How each job ended; returns the exit status."""
        if not found and not self._as_json:
            messages().print("Nothing is left to do.")
        for job_id, final in found.items():
            if self._as_json:
                told = final.to_json() if isinstance(final, Seen) else {"job_id": str(job_id), "error": error_to_json(final)}
                _line({"type": "job.ended", **told})
            elif isinstance(final, Seen):
                outcome.tell(final, self._since)
            else:
                report(final, about=str(job_id))
        return next((status for status in map(_status, found.values()) if status != OK), OK)


def _status(final: Seen | DiaristError) -> int:
    return outcome.status_of(final) if isinstance(final, Seen) else status_of(type(final))


def _line(document: Mapping[str, Any]) -> None:
    readable = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(document, ensure_ascii=not readable) + "\n")
    sys.stdout.flush()
