"""Visitors of the APIs: they upload tiny recordings and look at their jobs, at an even pace, and time each answer."""

from __future__ import annotations

import asyncio
import os
import random
import time
from dataclasses import dataclass, field
from statistics import quantiles

import httpx
from control_plane_parts import recording

from access_keys import bearing

UPLOADS_A_SECOND = 2.0
READS_A_SECOND = 10.0
SECONDS = 1.0
"""Of a visitor's recording; it is real sound, as the API looks at it."""


@dataclass(slots=True)
class Visits:
    """Seconds that each answer took."""

    uploads: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    refused: int = 0
    """Answers other than 2xx, and visits without one."""


async def visit(writing: str, reading: str, key: str, seconds: float) -> Visits:
    """Come for so many seconds; `writing` and `reading` are the addresses of the two APIs, `key` lets them in."""
    visits, jobs = Visits(), list[str]()
    options = {"timeout": 30.0, "trust_env": False, "headers": bearing(key)}
    async with (
        httpx.AsyncClient(base_url=writing, **options) as writer,  # type: ignore[arg-type]
        httpx.AsyncClient(base_url=reading, **options) as reader,  # type: ignore[arg-type]
    ):
        await _upload(writer, Visits(), jobs)  # the first starts the process that looks at recordings
        await asyncio.gather(
            _at_pace(UPLOADS_A_SECOND, seconds, lambda: _upload(writer, visits, jobs)),
            _at_pace(READS_A_SECOND, seconds, lambda: _read(reader, visits, jobs)),
        )
    return visits


def worst_of_most(seconds: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return quantiles(seconds, n=20, method="inclusive")[-1] * 1000 if len(seconds) > 1 else float("nan")


async def _at_pace(rate: float, seconds: float, call: object) -> None:
    """Call so often a second, whether or not the last call was answered."""
    assert callable(call)  # noqa: S101
    begun = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
            group.create_task(call())


async def _upload(client: httpx.AsyncClient, visits: Visits, jobs: list[str]) -> None:
    samples = os.urandom(round(SECONDS * 16_000) * 2)
    answer, took = await _timed(
        client.post("/v1/recordings", files={"file": ("visit.wav", recording(SECONDS, b"", samples), "audio/wav")})
    )
    if answer is None or not answer.is_success:
        visits.refused += 1
        return
    visits.uploads.append(took)
    jobs.append(answer.json()["job"]["id"])


async def _read(client: httpx.AsyncClient, visits: Visits, jobs: list[str]) -> None:
    if not jobs:
        return
    answer, took = await _timed(client.get(f"/v1/jobs/{random.choice(jobs)}"))  # noqa: S311 - any will do
    if answer is None or not answer.is_success:
        visits.refused += 1
        return
    visits.reads.append(took)


async def _timed(request: object) -> tuple[httpx.Response | None, float]:
    begun = time.monotonic()
    try:
        answer = await request  # type: ignore[misc]
    except httpx.HTTPError:
        return None, 0.0
    return answer, time.monotonic() - begun
