"""Proves how many people a fleet serves while it transcribes: k6's visitors, a table, JSON, 1 when a goal is missed.

python benchmarks/load.py [--users 1500] [--seconds 180] [--profile FOLDER]

Real processes over a real PostgreSQL and Redis; the workers are 10 nicer and hear with Whisper `tiny.en`, without end. All on
127.0.0.1, k6 too: it takes its share of the processors.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent
# The servers are those of the tests; the benchmarks are plain scripts beside each other.
sys.path[:0] = [str(ROOT), str(ROOT.parent / "tests"), str(ROOT.parent / "samples")]

import load_people  # noqa: E402
from control_plane_fleet import MeasuredFleet, fresh_database, servers  # noqa: E402
from figures import Figure, conclude, show  # noqa: E402
from load_answers import Answers, answers_of, print_answers, print_served, served  # noqa: E402
from load_shares import SERVERS, Shares  # noqa: E402
from material import RATE, read, write_wav  # noqa: E402

from access_keys import bearing, new_key  # noqa: E402
from postgres_server import PostgresServer  # noqa: E402
from redis_server import RedisServer  # noqa: E402
from waiting import until  # noqa: E402

HOLDERS = 0.1
"""Share of the people who only hold a stream open."""
NICE = 10
BACKLOG, HOURS = 4, 0.5
"""Recordings that are transcribed meanwhile, and the length of each: more than can be done in that time."""
MODEL = "tiny.en"
P95_MS, P99_MS, RATE_GOAL, BUSY_GOAL = 150.0, 300.0, 0.11, 95.0
"""Answers a second for each user; per cent of the machine's time."""
PATIENCE = 120.0
SAMPLE = ROOT.parent / "samples" / "tuesday_evening.opus"
OWN_LIMITS = {"LIMITS__REQUESTS_PER_MINUTE": "1200", "DATABASE__POOL_SIZE": "15", "DATABASE__POOL_OVERFLOW": "0"}
"""Limits as they come, each person has a key of their own; and connections as many as busy APIs are better off with."""


def main() -> int:
    """Settle people, keep the workers busy, let the visitors in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1500)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--profile", type=Path, help="a folder for what py-spy saw of both APIs, where py-spy is installed")
    parser.add_argument("--json", type=Path, default=ROOT / "results" / "load.json", help="where to write the figures")
    arguments = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    started = time.perf_counter()
    with servers() as (folder, postgres, redis):
        figures = measure(folder, postgres, redis, arguments)
    show([figure for figure in figures if figure.goal is not None])
    return conclude(figures, arguments.json, started)


def measure(folder: Path, postgres: PostgresServer, redis: RedisServer, arguments: argparse.Namespace) -> list[Figure]:
    """The whole run, in a folder of its own."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(postgres))
        fleet = MeasuredFleet(folder, url, redis)
        stack.callback(fleet.close)
        with fleet.workers(2, "whole"):
            people = asyncio.run(load_people.settle(url, redis.url, folder, arguments.users))
        (writing, writing_url), (reading, reading_url) = (
            fleet.api(role, OWN_LIMITS) for role in ("ingestion-api", "job-status-api")
        )  # fmt: skip
        hearing, _ = fleet.role("transcription-worker", "workers", {"ENGINE__MODEL": MODEL}, nice=NICE)
        composing, _ = fleet.role("llm-worker", "workers", nice=NICE)
        keep_busy(writing_url, reading_url, new_key(url, account="studio"), folder)
        load_people.write(folder / "people.json", people, writing_url, reading_url)
        memo(folder / "memo.wav")
        log = folder / "apis.log"
        before = log.stat().st_size
        shares = Shares(
            {"ingestion-api": writing.pid, "job-status-api": reading.pid, "transcription-worker": hearing.pid,
             "llm-worker": composing.pid, SERVERS: os.getpid()}
        )  # fmt: skip
        with profiling(arguments.profile, {"ingestion-api": writing.pid, "job-status-api": reading.pid}), shares:
            answers = answers_of(visit(folder, arguments.users, arguments.seconds), arguments.seconds)
        print_answers(answers)
        print_served(served(log, before))
        shares.show()
    return judged(answers, shares, arguments.users)


def keep_busy(writing: str, reading: str, key: str, folder: Path) -> None:
    """Give more to hear than can be heard, and wait until the first of it is being heard."""
    import numpy as np

    once = read(SAMPLE)
    times = round(HOURS * 3600 * RATE / len(once))
    with httpx.Client(headers=bearing(key), timeout=PATIENCE, trust_env=False) as client:
        jobs = []
        for number in range(BACKLOG):
            path = folder / f"studio-{number}.wav"
            write_wav(path, np.roll(once, number * RATE), RATE, times=times)
            with path.open("rb") as file:
                answer = client.post(f"{writing}/v1/recordings", files={"file": (path.name, file, "audio/wav")})
            jobs.append(answer.raise_for_status().json()["job"]["id"])
            path.unlink()
        until(
            lambda: any(client.get(f"{reading}/v1/jobs/{job}").json()["progress"] for job in jobs),
            patience=PATIENCE,
            pause=0.5,
            why=lambda: "nothing is being heard",
        )


def memo(path: Path) -> None:
    """What people give: two seconds of speech."""
    write_wav(path, read(SAMPLE)[: 2 * RATE], RATE)


def visit(folder: Path, users: int, seconds: int) -> Path:
    """Let the visitors in; the file with k6's summary."""
    holders, summary = round(users * HOLDERS), folder / "summary.json"
    told = {
        "SECONDS": seconds, "USERS": users - holders, "HOLDERS": holders, "PEOPLE": folder / "people.json",
        "MEMO": folder / "memo.wav", "SUMMARY": summary,
    }  # fmt: skip
    words = [word for name, value in told.items() for word in ("-e", f"{name}={value}")]
    program = [str(Path(sys.executable).with_name("k6")), "run", "--no-usage-report", "--quiet", "--address", "", *words]
    # It says by its exit status whether thresholds hold; ours are judged here.
    subprocess.run([*program, str(ROOT / "load_visitors.js")], check=True)  # noqa: S603 - of our dependencies
    return summary


@contextmanager
def profiling(folder: Path | None, pids: dict[str, int]) -> Iterator[None]:
    """Let py-spy look at these processes, if a folder is given."""
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    program = ["py-spy", "record", "--rate", "50", "--duration", "3600", "--format", "raw", "--nonblocking"]
    looking = [
        subprocess.Popen([*program, "--pid", str(pid), "--output", str(folder / f"{name}.raw")])  # noqa: S603
        for name, pid in pids.items()
    ]
    try:
        yield
    finally:
        for process in looking:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


def judged(answers: Answers, shares: Shares, users: int) -> list[Figure]:
    """Everything as figures; the goals hold for each kind of request."""
    figures = [
        Figure(section="all", name="answers", value=answers.rate, unit="/s", goal=users * RATE_GOAL, better="higher"),
        Figure(section="all", name="machine at work", value=shares.busy, unit="%", goal=BUSY_GOAL, better="higher"),
        *(
            Figure(section="processor", name=name, value=value, unit="s computed a second")
            for name, value in shares.each.items()
        ),
    ]  # fmt: skip
    for answer in answers.kinds:
        figures += [
            Figure(section=answer.kind, name="p95", value=answer.p95, unit="ms", goal=P95_MS),
            Figure(section=answer.kind, name="p99", value=answer.p99, unit="ms", goal=P99_MS),
            Figure(section=answer.kind, name="errors", value=answer.errors, unit="", goal=0),
            Figure(section=answer.kind, name="p50", value=answer.p50, unit="ms"),
            Figure(section=answer.kind, name="longest", value=answer.longest, unit="ms"),
            Figure(section=answer.kind, name="count", value=answer.count, unit=""),
        ]
    return figures


if __name__ == "__main__":
    sys.exit(main())
