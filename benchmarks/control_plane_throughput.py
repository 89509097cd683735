"""How much audio the fleet takes through, and what that costs, with more and more workers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from control_plane_fleet import MeasuredFleet, fresh_database
from control_plane_statements import Count, busiest, count
from control_plane_visitors import Visits, visit, worst_of_most
from figures import Figure
from processes import MemoryWatch

from access_keys import new_key
from postgres_server import PostgresServer
from redis_server import RedisServer

WORKERS = (1, 2, 3, 4, 8)
UNFINISHED = 24
"""Recordings that are under way at any moment; about a hundred and fifty chunks."""
RECORDING_SECONDS = 1800.0
WARM_UP, WINDOW, ROUNDS = 4.0, 12.0, 3
HOURS_AN_HOUR, LATENCY_MS, ROLE_MB = 12_000.0, 150.0, 250.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What happened in some seconds."""

    seconds: float
    done: Count
    visits: Visits
    cpu: dict[str, float]
    """Seconds of computing by who did it."""

    @property
    def hours(self) -> float:
        """Of audio."""
        return self.done.audio_seconds / 3600

    @property
    def hours_an_hour(self) -> float:
        """Of audio, in an hour."""
        return self.done.audio_seconds / self.seconds


def measure(folder: Path, postgres: PostgresServer, redis: RedisServer, chosen: Sequence[int] = WORKERS) -> list[Figure]:
    """All numbers of workers; the goals are judged where most audio goes through."""
    with ExitStack() as stack:
        fleet = MeasuredFleet(folder, stack.enter_context(fresh_database(postgres)), redis)
        stack.callback(fleet.close)
        (writing, writing_url), (reading, reading_url) = fleet.api("ingestion-api"), fleet.api("job-status-api")
        watches = {
            role: stack.enter_context(MemoryWatch(process.pid))
            for role, process in (("ingestion-api", writing), ("job-status-api", reading))
        }
        key = new_key(fleet.url_for("watch"))
        windows: dict[int, list[Window]] = {}
        for number in chosen:
            with fleet.workers(number) as pids, fleet.source(UNFINISHED, RECORDING_SECONDS):
                pids_of = {"workers": pids, "APIs": [writing.pid, reading.pid]}
                time.sleep(WARM_UP)
                windows[number] = [
                    _window(fleet.url_for("watch"), lambda: asyncio.run(visit(writing_url, reading_url, key, WINDOW)), pids_of)
                    for _ in range(ROUNDS)
                ]
        print("The statements of workers that took the database longest: calls, milliseconds in all, text")
        for calls, milliseconds, text in busiest(fleet.url_for("watch")):
            print(f"{calls:8} {milliseconds:10.0f}  {text}")
    best = max(windows, key=lambda number: _median(windows[number], lambda window: window.hours_an_hour))
    return [
        *(figure for number in chosen for figure in _growth(number, windows[number], judged=number == best)),
        *_costs(best, windows[best]),
        *(
            Figure(
                section="memory", name=f"{role}, its children too, peak", value=sum(watch.peaks.values()), unit="MB", goal=ROLE_MB
            )
            for role, watch in watches.items()
        ),
    ]  # fmt: skip


def _window(url: str, during: Callable[[], Visits], pids: dict[str, list[int]]) -> Window:
    busy = {name: _computed(ids) for name, ids in pids.items()}
    before, begun = count(url), time.monotonic()
    visits = during()
    done, seconds = count(url).since(before), time.monotonic() - begun
    cpu = {name: _computed(ids) - busy[name] for name, ids in pids.items()}
    return Window(seconds=seconds, done=done, visits=visits, cpu=cpu)


def _growth(workers: int, windows: list[Window], *, judged: bool) -> list[Figure]:
    name = f"{workers} worker{'s' if workers > 1 else ''}"
    rows = [
        ("audio-hours an hour", lambda window: window.hours_an_hour, "h/h", HOURS_AN_HOUR, "higher"),
        ("tasks", lambda window: window.done.tasks / window.seconds, "/s", None, "higher"),
        ("upload, 95th percentile", lambda window: worst_of_most(window.visits.uploads), "ms", LATENCY_MS, "lower"),
        ("look at a job, 95th percentile", lambda window: worst_of_most(window.visits.reads), "ms", LATENCY_MS, "lower"),
        ("computing of the workers", lambda window: window.cpu["workers"] / window.hours, "s an audio-hour", None, "lower"),
        ("visits not answered 2xx", lambda window: window.visits.refused, "", 0, "lower"),
        ("tasks tried twice or failed", lambda window: window.done.mishaps, "", None, "lower"),
    ]  # fmt: skip
    return [
        Figure(
            section=f"flow, {name}", name=what, value=_median(windows, value), unit=unit,
            goal=goal if judged else None, better=better,  # type: ignore[arg-type]
        )
        for what, value, unit, goal, better in rows
    ]  # fmt: skip


def _costs(workers: int, windows: list[Window]) -> list[Figure]:
    section = f"an audio-hour, {workers} workers"
    rows = [
        ("statements of workers, with BEGIN and COMMIT", lambda window: window.done.statements["workers"] / window.hours, ""),
        ("statements of workers a task", lambda window: window.done.statements["workers"] / window.done.tasks, ""),
        ("transactions, all users", lambda window: window.done.transactions / window.hours, ""),
        ("database, time in statements of workers", lambda window: window.done.database_seconds["workers"] / window.hours, "s"),
        ("database, bytes of write-ahead log", lambda window: window.done.wal_bytes / window.hours / 1e6, "MB"),
    ]  # fmt: skip
    return [Figure(section=section, name=what, value=_median(windows, value), unit=unit) for what, value, unit in rows]


def _median(windows: list[Window], value: Callable[[Window], float]) -> float:
    return median(value(window) for window in windows)


def _computed(pids: list[int]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in pids]
    return sum(one.user + one.system for one in times)
