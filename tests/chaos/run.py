"""Kills a fleet in every way we know while people upload, and proves that nothing was lost, and nothing done twice.

    make chaos ARGS="--seed 7 --minutes 6"

Prints what was done and what came of it, writes it as JSON, and exits 1 when a goal is missed; in less than nine minutes.
"""

from __future__ import annotations

import asyncio
import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx
import psycopg

from access_keys import bearing
from chaos import aftermath, audit, checks, command, recordings
from chaos.command import Proof
from chaos.disk import small_disk
from chaos.faults import Faults, order_of
from chaos.fleet_processes import FleetProcesses, Member, Plan
from chaos.load import Acknowledged, Clients
from chaos.recordings import Memo
from chaos.report import Finding, none
from chaos.servers import Servers, open_servers
from chaos.shape import Shape

RESULTS = Path(__file__).parents[2] / "build" / "chaos.json"
PATIENCE = 90.0
"""Seconds for which clients go on asking; longer than an API that is killed keeps an upload for itself."""
CLOCK_OFF = 600.0
"""Seconds by which the clocks of some hosts are wrong."""
OPEN = """
SELECT (SELECT count(*) FROM tasks WHERE state IN ('waiting', 'queued', 'running'))
     + (SELECT count(*) FROM uploads WHERE state = 'whole')
"""
"""What is still to be done: tasks, and whole uploads that are no recordings yet."""
_BESIDE = 150.0
"""Seconds of a run that are not spent on faults: starting, waiting until all is quiet, the real Whisper, and sweeping."""


def prove(folder: Path, shape: Shape) -> Proof:
    """Run it all; what the processes said stays in the folder."""
    rng = random.Random(shape.seed)
    began = time.monotonic()
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(1))
        long_made = pool.submit(recordings.long_memo, folder)
        made = pool.submit(_make, folder, shape)
        _say("starting the servers and a fleet")
        servers = stack.enter_context(open_servers(folder, shape.seed))
        with servers.postgres.connect() as connection:
            audit.install(connection)
        disk = stack.enter_context(small_disk(folder / "cache" / "transcription-worker-2"))
        fleet = FleetProcesses(servers, folder, _common(shape))
        stack.callback(fleet.close)
        long_given, task = _start(fleet, servers, shape, long_made.result())
        fleet.watch()
        memos, abandoned = made.result()
        _say(f"{time.monotonic() - began:.0f} s: {len(memos)} recordings, {shape.seconds:.0f} s of faults")
        apis, until = [api.url for api in fleet.of("ingestion-api")], time.monotonic() + shape.seconds + PATIENCE
        clients = Clients(apis, servers.key, rng, until)
        faults = Faults(
            servers=servers, fleet=fleet, clients=clients, disk=disk, rng=random.Random(shape.seed),
            still_seconds=shape.still_seconds, s3_gone_seconds=shape.s3_gone_seconds,
        )  # fmt: skip
        stack.callback(faults.ended.set)
        releasing = threading.Thread(target=_release, args=(fleet.members[0], servers, task, faults.ended))
        releasing.start()
        _storm(shape, faults, clients, memos, abandoned)
        _say(f"{time.monotonic() - began:.0f} s: waiting until all is quiet")
        quiet = _until_quiet(servers, shape.quiet)
        findings = _of_the_clients(clients, shape)
        _say(f"{time.monotonic() - began:.0f} s: checking")
        [status] = fleet.of("job-status-api")
        with servers.postgres.connect() as connection:
            findings += checks.by_http(status.url, servers.key, [*clients.tally.acknowledged, long_given])
            findings += checks.by_the_books(connection, clients.tally, more=1)
            findings += checks.of_losses(connection, fleet)
            findings += checks.of_the_long_task(connection, task, shape.long_seconds)
        if shape.servers.get("disk full"):
            findings += checks.of_the_full_disk(fleet, disk)
        _say(f"{time.monotonic() - began:.0f} s: two days later, and the real Whisper")
        findings += aftermath.drained(fleet)
        findings += aftermath.swept(fleet, servers)
        findings += aftermath.real_whisper(fleet, servers, folder, shape.real)
        findings += _of_the_run(fleet, faults, quiet, time.monotonic() - began)
        return Proof(findings=findings, happened=faults.happened)


def _make(folder: Path, shape: Shape) -> tuple[list[Memo], list[Memo]]:
    made = list(recordings.make(folder, shape.recordings + shape.abandoned, random.Random(shape.seed)))
    return made[: shape.recordings], made[shape.recordings :]


def _common(shape: Shape) -> dict[str, str]:
    return {
        "ENGINE__NAME": "scripted",
        "ENGINE__MODEL": "speed=12",
        "PLAN__CHUNK_SECONDS": str(recordings.CHUNK_SECONDS),
        "LOG__FORMAT": "json",
        # All clients have one key between them.
        "LIMITS__REQUESTS_PER_MINUTE": "0",
        **shape.settings,
    }


def _start(fleet: FleetProcesses, servers: Servers, shape: Shape, long: Memo) -> tuple[Acknowledged, UUID]:
    """Start the fleet, first with one worker that is slow and spared; returns the long task that it has then begun."""
    speed = long.speech / shape.long_seconds
    fleet.add(
        [
            Plan(name="slow-worker", role="transcription-worker", settings={"ENGINE__MODEL": f"speed={speed}"}, spared=True),
            Plan(name="ingestion-api-1", role="ingestion-api"),
            Plan(name="ingestion-api-2", role="ingestion-api", clock=CLOCK_OFF),
            Plan(name="job-status-api", role="job-status-api"),
            Plan(name="llm-worker-1", role="llm-worker"),
            Plan(name="llm-worker-2", role="llm-worker", clock=-CLOCK_OFF),
        ]
    )
    answer = httpx.post(
        f"{fleet.of('ingestion-api')[0].url}/v1/recordings",
        files={"file": (long.name, long.content)},
        headers=bearing(servers.key),
        timeout=30,
        trust_env=False,
    ).raise_for_status()
    given = Acknowledged(
        memo=long, way="multipart", recording=f"/v1/recordings/{answer.json()['id']}", job=answer.headers["Location"], tries=1,
    )  # fmt: skip
    found: list[tuple[UUID, str]] = []
    while not found:
        time.sleep(0.1)
        with servers.postgres.connect() as connection:
            held = audit.holding(connection, fleet.members[0].incarnation)
        found = [(task_id, stage) for task_id, stage in held if stage == "transcribe"]
    fleet.add(
        [
            Plan(name="transcription-worker-1", role="transcription-worker"),
            Plan(name="transcription-worker-2", role="transcription-worker"),
            Plan(name="transcription-worker-3", role="transcription-worker", clock=CLOCK_OFF),
        ]
    )
    return given, found[0][0]


def _storm(shape: Shape, faults: Faults, clients: Clients, memos: list[Memo], abandoned: list[Memo]) -> None:
    """Two hands do harm while everybody uploads; at the end all of it is over."""
    servers = order_of(faults.at_servers(), shape.servers, faults.rng, early="disk full")
    processes = order_of(faults.at_processes(), shape.processes, faults.rng, early="worker suspended")
    faults.begin()
    hands = [threading.Thread(target=faults.do, args=(order, shape.seconds)) for order in (servers, processes)]
    for hand in hands:
        hand.start()
    try:
        asyncio.run(clients.upload_all(memos, abandoned, shape.seconds))
    except BaseException:
        faults.ended.set()
        raise
    finally:
        for hand in (*hands, *faults.standing):
            hand.join()


def _until_quiet(servers: Servers, patience: float) -> float:
    """Seconds until nothing is to be done any more, or `patience`."""
    began = time.monotonic()
    while (waited := time.monotonic() - began) < patience:
        with servers.postgres.connect() as connection:
            [(open_tasks,)] = audit.many(connection, OPEN)
        if not open_tasks:
            break
        time.sleep(0.5)
    return waited


def _release(worker: Member, servers: Servers, task_id: UUID, ended: threading.Event) -> None:
    """End the slow worker once it has done its long task; all else would take it as long."""
    while not ended.wait(0.2):
        with suppress(psycopg.Error), servers.postgres.connect() as connection:
            story = [move for move in audit.moves(connection) if move.task_id == task_id]
            if story and story[-1].after == "succeeded":
                worker.end()
                return


def _of_the_clients(clients: Clients, shape: Shape) -> list[Finding]:
    tally = clients.tally
    ways = Counter(one.way for one in tally.acknowledged)
    again = sum(one.tries > 1 for one in tally.acknowledged)
    told = ", ".join(f"{count} {way}" for way, count in ways.items()) + f"; {again} after more than one try"
    return [
        Finding(name="recordings acknowledged", value=len(tally.acknowledged), at_least=shape.recordings, detail=told),
        none("never acknowledged, however often tried", tally.unfinished),
        Finding(name="tries that came to nothing", value=tally.failures.total(), detail=str(dict(tally.failures))),
    ]


def _of_the_run(fleet: FleetProcesses, faults: Faults, quiet: float, seconds: float) -> list[Finding]:
    return [
        none("faults that could not be brought about", faults.broken),
        none("processes that ended though nobody killed them", fleet.unasked),
        Finding(name="until all was quiet", value=round(quiet), unit="s"),
        Finding(name="duration", value=round(seconds), unit="s", at_most=540),
    ]


def _say(what: str) -> None:
    sys.stderr.write(f"{what}\n")


def main() -> int:
    """Read the command line, run, and report."""
    parser = command.parser("Kills a fleet in every way we know and proves that nothing was lost.", RESULTS)
    parser.add_argument("--minutes", type=float, default=6.0, help="how long it takes, 5 to 8")
    arguments = parser.parse_args()
    shape = replace(Shape(), seed=arguments.seed, seconds=max(120.0, 60 * arguments.minutes - _BESIDE))
    title = f"seed {shape.seed}, {shape.recordings} recordings, {shape.seconds:.0f} s of faults"
    return command.run(partial(prove, shape=shape), arguments, title, {"seed": shape.seed, "seconds": shape.seconds})


if __name__ == "__main__":
    sys.exit(main())
