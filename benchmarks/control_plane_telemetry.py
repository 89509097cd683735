"""What it costs to tell of the work: two fleets side by side, of which one tells everything and the other nothing.

Both run at the same moments, so that a machine that is slow now is slow for both; what is compared is computing, not time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread

import httpx
import psutil
from control_plane_fleet import MeasuredFleet, fresh_database
from control_plane_statements import count
from control_plane_visitors import visit
from figures import Figure

from access_keys import new_key
from postgres_server import PostgresServer
from redis_server import RedisServer, redis_server

UNFINISHED, RECORDING_SECONDS = 24, 1800.0
WARM_UP, WINDOW, ROUNDS = 6.0, 15.0, 5
"""Seconds of a window, in each of which there is one scrape, as by the Prometheus that we ship; and windows of each staging."""
SAMPLED = 0.05
"""Share of traces that are kept whole, as the chart sets it; all others are recorded, and sent where they fail or are slow."""
SHARE = 0.05
"""Of all computing of workers and APIs, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """Seconds of computing, and what for."""

    workers: float
    tasks: int
    apis: float
    visits: int


class Side:
    """One of the two fleets: two APIs, a worker, and recordings without end."""

    def __init__(self, stack: ExitStack, fleet: MeasuredFleet) -> None:
        self._fleet = fleet
        stack.callback(fleet.close)
        self._apis = [fleet.api(role) for role in ("ingestion-api", "job-status-api")]
        self._workers = stack.enter_context(fleet.workers(1))
        stack.enter_context(fleet.source(UNFINISHED, RECORDING_SECONDS))
        self._key = new_key(fleet.url_for("watch"))

    def scrape(self) -> None:
        """Ask the APIs for their figures, as Prometheus does."""
        for address in self._fleet.private:
            httpx.get(f"{address}/metrics", trust_env=False, timeout=30).raise_for_status()

    def window(self) -> Computed:
        """Come as a visitor for so many seconds, and see what that and the work took."""
        url = self._fleet.url_for("watch")
        tasks, workers, apis = count(url).tasks, _computed(self._workers), _computed(process.pid for process, _ in self._apis)
        (_, writing), (_, reading) = self._apis
        visits = asyncio.run(visit(writing, reading, self._key, WINDOW))
        return Computed(
            workers=_computed(self._workers) - workers,
            tasks=count(url).tasks - tasks,
            apis=_computed(process.pid for process, _ in self._apis) - apis,
            visits=len(visits.uploads) + len(visits.reads),
        )


def measure(folder: Path, postgres: PostgresServer, redis: RedisServer) -> list[Figure]:
    """The share of computing that telling takes, of each kind of process and of all."""
    windows = [pair for told_first in (True, False) for pair in _windows(folder, postgres, redis, told_first=told_first)]
    rows = [
        ("of the workers", [_more(a.workers / a.tasks, b.workers / b.tasks) for a, b in windows]),
        ("of the APIs", [_more(a.apis / a.visits, b.apis / b.visits) for a, b in windows]),
        ("of both", [_of_both(a, b) for a, b in windows]),
    ]
    section = "telemetry"
    return [
        *(
            Figure(section=section, name=f"more computing {whose}", value=median(shares), unit="", goal=SHARE if goal else None)
            for (whose, shares), goal in zip(rows, (False, False, True), strict=True)
        ),
        Figure(section=section, name="of both, least of all windows", value=min(rows[2][1]), unit=""),
        Figure(section=section, name="of both, most of all windows", value=max(rows[2][1]), unit=""),
        Figure(section=section, name="a task, told", value=1000 * median(a.workers / a.tasks for a, _ in windows), unit="ms"),
        Figure(section=section, name="a task, silent", value=1000 * median(b.workers / b.tasks for _, b in windows), unit="ms"),
        Figure(section=section, name="a visit, told", value=1000 * median(a.apis / a.visits for a, _ in windows), unit="ms"),
        Figure(section=section, name="a visit, silent", value=1000 * median(b.apis / b.visits for _, b in windows), unit="ms"),
    ]  # fmt: skip


def _windows(
    folder: Path, postgres: PostgresServer, redis: RedisServer, *, told_first: bool
) -> Iterator[tuple[Computed, Computed]]:
    """Of the told and of the silent. Each is once the first to start: of two that are alike, the first takes 1 to 3 % more."""
    with ExitStack() as stack:
        telling = {"TELEMETRY__ENDPOINT": stack.enter_context(_receiver()), "TELEMETRY__SAMPLE_RATIO": str(SAMPLED)}
        pool = stack.enter_context(ThreadPoolExecutor(3))
        sides = {}
        for tells in (told_first, not told_first):
            place = folder / f"{told_first} {tells}"
            place.mkdir()
            own = redis if tells else stack.enter_context(redis_server(place))
            chosen = telling if tells else {"LOG__LEVEL": "error"}
            fleet = MeasuredFleet(place, stack.enter_context(fresh_database(postgres)), own, chosen, silent=not tells)
            sides[tells] = Side(stack, fleet)
        time.sleep(WARM_UP)
        for _ in range(ROUNDS):
            both = [pool.submit(sides[tells].window) for tells in (True, False)]
            sides[True].scrape()
            yield both[0].result(), both[1].result()


def _more(told: float, silent: float) -> float:
    return told / silent - 1


def _of_both(told: Computed, silent: Computed) -> float:
    """As if the silent one had done as much."""
    same = silent.workers / silent.tasks * told.tasks + silent.apis / silent.visits * told.visits
    return _more(told.workers + told.apis, same)


def _computed(pids: Iterable[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(one.user + one.system for one in times)


class _Thanks(BaseHTTPRequestHandler):
    """Takes spans and forgets them: what a collector computes is not the fleet's."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _receiver() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Thanks) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
