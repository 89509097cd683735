"""The promise, checked afterwards: by HTTP as a client sees it, and by the database's own books."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx
import psycopg

from access_keys import bearing
from chaos import audit
from chaos.disk import SmallDisk
from chaos.fleet_processes import FleetProcesses, Loss
from chaos.load import Acknowledged, Tally
from chaos.recordings import digest
from chaos.report import Finding, none

REDELIVERED_WITHIN = 30.0
"""Seconds from the loss of a worker until somebody works on what it held."""


def by_http(status_api: str, key: str, acknowledged: Sequence[Acknowledged]) -> list[Finding]:
    """What everybody who was told 2xx gets to see."""
    given = httpx.Client(base_url=status_api, headers=bearing(key), timeout=60, trust_env=False)
    with given as client, ThreadPoolExecutor(4) as pool:
        faults = list(pool.map(lambda one: _seen(client, one), acknowledged))
    pairs = list(zip(acknowledged, faults, strict=True))
    return [
        none(f"acknowledged, but {kind}", (f"{one.memo.name}: {found[kind]}" for one, found in pairs if kind in found))
        for kind in ("job not succeeded", "transcript missing or wrong", "no entry", "other audio than was given")
    ]


def _seen(client: httpx.Client, one: Acknowledged) -> dict[str, str]:
    faults: dict[str, str] = {}
    job = client.get(one.job)
    if not job.is_success or job.json()["state"] != "succeeded":
        faults["job not succeeded"] = job.text[:200]
    transcript = client.get(f"{one.recording}/transcript", headers={"Accept": "application/json"})
    if not transcript.is_success or transcript.json()["partial"] or heard(transcript.json()) != one.memo.heard:
        faults["transcript missing or wrong"] = transcript.text[:200]
    entry = client.get(f"{one.recording}/entry")
    if entry.status_code != HTTPStatus.OK:
        faults["no entry"] = entry.text[:200]
    audio = client.get(f"{one.recording}/audio")
    if hashlib.sha256(audio.content).hexdigest() != one.memo.sha256:
        faults["other audio than was given"] = f"{audio.status_code}, {len(audio.content)} bytes"
    return faults


def heard(transcript: dict[str, Any]) -> str:
    """Digest of a transcript as the API gives it."""
    segments = [(segment["start"], segment["end"], segment["text"]) for segment in transcript["segments"]]
    return digest(transcript["duration"], transcript["text"], segments)


def by_the_books(connection: psycopg.Connection, tally: Tally, more: int = 0) -> list[Finding]:
    """What the database holds; `more`: recordings that were given besides those of the clients."""
    texts: dict[str, Counter[UUID]] = {"chunks": Counter(), "transcripts": Counter(), "entries": Counter()}
    for what, row_id in audit.many(connection, "SELECT what, row_id FROM chaos_texts"):
        texts[what][row_id] += 1
    chunks = [row_id for (row_id,) in audit.many(connection, "SELECT id FROM chunks")]
    findings = [
        none("chunks whose text was not committed exactly once", (c for c in chunks if texts["chunks"][c] != 1)),
        none("tasks that succeeded twice", audit.settled_twice(audit.moves(connection))),
    ]
    for table in ("transcripts", "entries"):
        counted = audit.many(
            connection,
            f"SELECT r.filename, count(t.id) FROM recordings r LEFT JOIN {table} t ON t.recording_id = r.id "  # noqa: S608
            "GROUP BY r.id, r.filename HAVING count(t.id) <> 1",
        )
        again = [row_id for row_id, times in texts[table].items() if times != 1]
        findings.append(none(f"recordings without exactly one of {table}, written once", [*counted, *again]))
    left = audit.many(
        connection, "SELECT stage, state, count(*) FROM tasks WHERE state IN ('waiting', 'queued', 'running') GROUP BY 1, 2"
    )
    undone = audit.many(
        connection,
        "SELECT stage, state, error_code, count(*) FROM tasks WHERE state IN ('failed', 'parked', 'cancelled') GROUP BY 1, 2, 3",
    )
    known = {sha256 for (sha256,) in audit.many(connection, "SELECT sha256 FROM recordings")}
    given = {one.memo.sha256 for one in tally.acknowledged}
    return [
        *findings,
        Finding(name="tasks left behind", value=sum(row[-1] for row in left), at_most=0, detail=str(left or "")),
        Finding(
            name="tasks that failed, or were parked", value=sum(row[-1] for row in undone), at_most=0, detail=str(undone or "")
        ),
        Finding(name="recordings besides those acknowledged", value=len(known - given) - more, at_most=0),
    ]


def of_losses(connection: psycopg.Connection, fleet: FleetProcesses) -> list[Finding]:
    """What became of the tasks that lost workers held."""
    found = audit.redeliveries(audit.moves(connection), fleet.losses)
    killed = [one for one in found if not one.loss.stood_still]
    still = [one for one in found if one.loss.stood_still]
    again = [REDELIVERED_WITHIN * 100 if one.again is None else one.again for one in found]
    freed = [one.freed for one in found if one.freed is not None]
    suspended = [loss for loss in fleet.losses if loss.stood_still]
    living = audit.taken_from_the_living(audit.moves(connection), fleet.losses)
    return [
        Finding(name="tasks held by workers when they were killed", value=len(killed), at_least=1, detail=_by_stage(killed)),
        Finding(name="tasks taken over from suspended workers", value=len(still), at_least=1, detail=_by_stage(still)),
        Finding(
            name="suspended workers that came back and were refused", value=_refused(fleet, suspended),
            at_least=max(1, len({one.loss.incarnation for one in still})),
            detail=f"{len(suspended)} were suspended",
        ),
        Finding(
            name="tasks taken from workers that lived", value=len(living),
            detail=", ".join(f"{move.stage} of {move.member}" for move in living)
        ),
        Finding(name="loss to the task being free again, median", value=round(audit.middle(freed), 1), unit="s"),
        Finding(name="loss to redelivery, median", value=round(audit.middle(again), 1), unit="s", at_most=REDELIVERED_WITHIN),
        Finding(
            name="loss to redelivery, longest", value=round(max(again, default=0.0), 1), unit="s", at_most=REDELIVERED_WITHIN,
            detail=", ".join(f"{one.stage} {one.again and round(one.again, 1)}" for one in found)
        ),
    ]  # fmt: skip


def of_the_long_task(connection: psycopg.Connection, task_id: UUID, seconds: float) -> list[Finding]:
    """A task that takes many leases, on a worker that is healthy all along."""
    story = [move for move in audit.moves(connection) if move.task_id == task_id]
    claimed = [move for move in story if move.claims]
    took = story[-1].at - claimed[0].at if claimed and story[-1].after == "succeeded" else 0.0
    told = ", ".join(f"{move.before} to {move.after} by {move.member}" for move in story)
    return [
        Finding(name="times that the long healthy task was begun", value=len(claimed), at_most=1, at_least=1, detail=told),
        Finding(name="how long it took", value=round(took), unit="s", at_least=round(0.9 * seconds)),
    ]


def of_the_full_disk(fleet: FleetProcesses, disk: SmallDisk | None) -> list[Finding]:
    """Whether somebody was at work where there was no room."""
    name = "tasks put off because a disk was full"
    if disk is None:
        return [Finding(name=name, value=0, detail="not run: no file system may be mounted here")]
    [member] = [member for member in fleet.members if member.cache == disk.path]
    return [Finding(name=name, value=member.log.read_text().count('"error": "storage_full"'), at_least=1)]


def _refused(fleet: FleetProcesses, suspended: Iterable[Loss]) -> int:
    """How many of them said, after they had stood still, that a lease was lost."""
    refused = 0
    for loss in suspended:
        member = next(member for member in fleet.members if loss.incarnation.startswith(f"{member.name}."))
        lines = [line for line in member.log.read_text().splitlines() if '"task.lease_lost"' in line]
        refused += any(_logged_at(line) > loss.at for line in lines)
    return refused


def _logged_at(line: str) -> float:
    return datetime.fromisoformat(json.loads(line)["timestamp"]).timestamp()


def _by_stage(found: Sequence[audit.Redelivery]) -> str:
    return ", ".join(f"{count} {stage}" for stage, count in Counter(one.stage for one in found).items())
