"""What is done to the workers and to their jobs while they write."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from chaos.diary.memos import Given
from chaos.fleet_processes import FleetProcesses
from diarist.domain.job import UNFINISHED, JobState
from diarist.errors import Conflict
from diarist.jobs.repository import find_jobs
from diarist.jobs.service import cancel_job, retry_job
from diarist.runtime import Runtime

STILL = 7.0
"""Seconds that a worker stands still: longer than its leases hold."""


class Hands:
    """Ends workers and cancels jobs until all is done."""

    def __init__(self, runtime: Runtime, fleet: FleetProcesses, given: Sequence[Given], seed: int) -> None:
        self._runtime, self._fleet, self._given = runtime, fleet, given
        self._chance = random.Random(seed)
        self._spared: set[UUID] = set()
        """Jobs that were cancelled once: all of them have to come to an end some time."""
        self.done: Counter[str] = Counter()

    async def until_all_is_written(self, kill: float, cancel: float, patience: float) -> None:
        """Do harm until every job has ended, or `patience` seconds are over."""
        began = time.monotonic()
        harm = [asyncio.create_task(self._end_workers(kill)), asyncio.create_task(self._cancel_jobs(cancel))]
        try:
            while time.monotonic() - began < patience and await self._open():
                await asyncio.sleep(0.5)
        finally:
            for one in harm:
                one.cancel()
            await asyncio.gather(*harm, return_exceptions=True)

    async def _open(self) -> int:
        count = 0
        async with self._runtime.database.read() as session:
            for account in {one.account for one in self._given}:
                jobs = await find_jobs(session, account, [one.job for one in self._given if one.account == account])
                count += sum(job.state in UNFINISHED for job in jobs)
        return count

    async def _end_workers(self, every: float) -> None:
        ways = ("killed", "told to end", "standing still")
        number = 0
        while True:
            await asyncio.sleep(every)
            member = self._chance.choice(self._fleet.of("llm-worker"))
            if not member.alive() or member.still:
                continue
            way = ways[number % len(ways)]
            number += 1
            self.done[f"workers {way}"] += 1
            if way == "killed":
                await asyncio.to_thread(self._fleet.kill, member)
            elif way == "told to end":
                await asyncio.to_thread(self._fleet.stop, member)
            else:
                loss = self._fleet.suspend(member)
                try:
                    await asyncio.sleep(STILL)
                finally:
                    self._fleet.resume(member)
                    self._fleet.losses.append(loss)

    async def _cancel_jobs(self, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            one = await self._running()
            if one is None:
                continue
            try:
                await cancel_job(self._runtime, one.account, one.job)
            except Conflict:
                continue  # it has ended by itself
            self.done["jobs cancelled"] += 1
            self._spared.add(one.job)
            await asyncio.shield(retry_job(self._runtime, one.account, one.job))

    async def _running(self) -> Given | None:
        """A job that runs just now."""
        given = self._chance.sample(self._given, len(self._given))
        async with self._runtime.database.read() as session:
            for account in {one.account for one in given}:
                jobs = {job.id: job for job in await find_jobs(session, account, [one.job for one in given])}
                for one in given:
                    if one.job in jobs and jobs[one.job].state is JobState.RUNNING and one.job not in self._spared:
                        return one
        return None
