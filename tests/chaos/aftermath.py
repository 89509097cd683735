"""What comes after the storm: two days later nothing is left of what was broken off, and the real Whisper is killed as well."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx
import jiwer
from whisper_normalizer.english import EnglishTextNormalizer

from access_keys import bearing
from chaos import audit
from chaos.fleet_processes import FleetProcesses, Plan
from chaos.recordings import SAMPLE, cut
from chaos.report import Finding, none
from chaos.servers import Servers
from diarist.storage.blobs import Blobs

LATER = 2 * 86_400.0
"""Seconds; by then every unfinished upload has expired, and every orphan is old enough to be one."""
_PATIENCE = 60.0
_ERRORS = 0.2
"""Share of words that the smallest Whisper may get wrong in pieces of ten seconds."""


def drained(fleet: FleetProcesses) -> list[Finding]:
    """Tell all workers to end, as before an upgrade."""
    statuses = {member.name: member.end() for role in ("transcription-worker", "llm-worker") for member in fleet.of(role)}
    return [none("workers that did not end in good order", (name for name, status in statuses.items() if status))]


def swept(fleet: FleetProcesses, servers: Servers) -> list[Finding]:
    """Let workers whose clock is days ahead tidy up, and see what is left in the object store and in the table of uploads.

    No other workers may be there: they would take the turns, and spare what is young by their clocks.
    """
    before = _unnamed(servers)
    with servers.postgres.connect() as connection:
        uploads = audit.many(connection, "SELECT state, count(*) FROM uploads GROUP BY state")
        connection.execute("UPDATE sweeps SET busy_until = 0, position = ''")  # as if the rest between two rounds were over
    for number in (1, 2):  # one after the other, since each takes its first turn at once and the next one later
        fleet.add([Plan(name=f"sweeper-{number}", role="llm-worker", clock=LATER)])
    deadline = time.monotonic() + _PATIENCE
    while (left := _unnamed(servers) + _uploads(servers)) and time.monotonic() < deadline:
        time.sleep(1.0)
    found = f"there were {len(before)} folders that no row names, uploads {dict(uploads)}"
    return [
        Finding(
            name="left two days later of what was broken off", value=len(left), at_most=0, detail="; ".join(left[:5]) or found
        ),
        Finding(
            name="parts of uploads that S3 still holds", value=len(servers.s3.unfinished()), detail="the bucket's rule ends them"
        ),
    ]


def real_whisper(fleet: FleetProcesses, servers: Servers, folder: Path, count: int) -> list[Finding]:
    """Start real workers, kill one of them in the middle, and read what was heard."""
    if not count:
        return []
    settings = {"ENGINE__NAME": "faster-whisper", "ENGINE__MODEL": "tiny.en", "ENGINE__THREADS": "1"}
    hurt, _ = fleet.add(
        [Plan(name=f"whisper-worker-{number}", role="transcription-worker", settings=settings) for number in (1, 2)]
    )
    pieces = cut(folder, count)
    [api, *_], [status] = fleet.of("ingestion-api"), fleet.of("job-status-api")
    with httpx.Client(headers=bearing(servers.key), timeout=60, trust_env=False) as client:
        given = []
        for name, content in pieces:
            answer = client.post(f"{api.url}/v1/recordings", files={"file": (name, content)}).raise_for_status()
            given.append((answer.json()["id"], answer.headers["Location"]))
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and not _transcribes(servers, hurt.incarnation):
            time.sleep(0.05)
        fleet.kill(hurt)
        while time.monotonic() < deadline + _PATIENCE:
            states = [client.get(f"{status.url}{job}").json()["state"] for _, job in given]
            if all(state not in {"queued", "running"} for state in states):
                break
            time.sleep(0.5)
        heard = [
            client.get(f"{status.url}/v1/recordings/{recording}/transcript").json().get("text", "") for recording, _ in given
        ]
    with servers.postgres.connect() as connection:
        counted = dict(audit.many(connection, "SELECT recording_id::text, count(*) FROM transcripts GROUP BY 1"))
        twice = audit.settled_twice(audit.moves(connection))
    normalize = EnglishTextNormalizer()
    errors = jiwer.wer(normalize(SAMPLE.with_suffix(".txt").read_text()), normalize(" ".join(heard)))
    return [
        Finding(name="real Whisper: jobs not succeeded", value=sum(state != "succeeded" for state in states), at_most=0),
        Finding(
            name="real Whisper: without exactly one transcript", value=sum(counted.get(one) != 1 for one, _ in given), at_most=0
        ),
        Finding(name="real Whisper: tasks that succeeded twice", value=len(twice), at_most=0),
        Finding(name="real Whisper: words wrong in all of it", value=round(100 * errors, 1), unit="%", at_most=100 * _ERRORS),
    ]


def _transcribes(servers: Servers, incarnation: str) -> bool:
    with servers.postgres.connect() as connection:
        return any(stage == "transcribe" for _, stage in audit.holding(connection, incarnation))


def _uploads(servers: Servers) -> list[str]:
    with servers.postgres.connect() as connection:
        return [f"upload {upload} {state}" for upload, state in audit.many(connection, "SELECT id, state FROM uploads")]


def _unnamed(servers: Servers) -> list[str]:
    """Folders in the object store that no row names."""
    with servers.postgres.connect() as connection:
        known = {one.hex for table in ("recordings", "uploads") for (one,) in audit.many(connection, f"SELECT id FROM {table}")}  # noqa: S608
    return [name for name in asyncio.run(_folders(servers)) if name.rpartition("/")[2] not in known]


async def _folders(servers: Servers) -> list[str]:
    blobs = Blobs.open(servers.place, servers.s3.settings(servers.place))
    found = []
    for account in await blobs.folders("accounts"):
        for area in ("recordings", "uploads"):
            found += [f"{account}/{area}/{name}" for name in await blobs.folders(f"accounts/{account}/{area}")]
    return found
