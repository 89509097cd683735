"""How the stages of the pipeline fare in the workers of a process."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Protocol, Self

from diarist.domain.job import JobPriority
from diarist.telemetry.metrics.catalogue import LONG, OTHER, Catalogue, Counters, Gauges, Histograms


class TaskOutcome(StrEnum):
    """What can come of one attempt at a task."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    """For good."""
    RETRIED = "retried"
    GIVEN_BACK = "given_back"
    """The worker was told to end."""
    LOST = "lost"
    """It was cancelled, taken over, or its recording was deleted."""
    UNSETTLED = "unsettled"
    """The database was away; its lease will run out."""


class _Task(Protocol):
    @property
    def stage(self) -> str: ...
    @property
    def priority(self) -> int: ...
    @property
    def attempts(self) -> int: ...


class _Queued(Protocol):
    @property
    def queue(self) -> str: ...
    @property
    def priority(self) -> int: ...


class _Attempt(Protocol):
    """A task at work, as far as it is counted."""

    outcome: TaskOutcome

    @property
    def task(self) -> _Task: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMetrics:
    """One attempt at a task has one outcome."""

    seconds: Histograms
    attempts: Histograms
    errors: Counters
    retries: Counters
    lease_expiries: Counters
    parked: Counters
    running: Gauges

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        return cls(
            seconds=catalogue.histograms(
                "diarist_task_duration_seconds",
                "Time of one attempt at a task, by what came of it: succeeded, failed (for good), retried, given_back (its "
                "worker was told to end), lost (cancelled, taken over or deleted meanwhile), unsettled (the database was away).",
                ("stage", "outcome"),
                buckets=LONG,
                unit="seconds",
            ),
            attempts=catalogue.histograms(
                "diarist_task_attempts",
                "Attempts that tasks took until they succeeded or failed for good.",
                ("stage",),
                buckets=(1, 2, 3, 4, 5, 10),
                unit="",
            ),
            errors=catalogue.counters(
                "diarist_task_errors_total", "Attempts that came to an error, by its code.", ("stage", "code")
            ),
            retries=catalogue.counters(
                "diarist_queue_retries_total",
                "Tasks that were put back after an error, to be tried again.",
                ("queue", "priority"),
            ),
            lease_expiries=catalogue.counters(
                "diarist_queue_lease_expiries_total",
                "Tasks that were taken from a worker which had gone silent.",
                ("queue", "priority"),
            ),
            parked=catalogue.counters(
                "diarist_queue_parkings_total",
                "Tasks that were parked because they had lost their worker too often; a person has to look.",
                ("queue", "priority"),
            ),
            running=catalogue.gauges("diarist_tasks_running", "Tasks that this process works on now.", ("stage",)),
        )

    def expect(self, queues: Iterable[str]) -> None:
        """Begin at none to count what may befall tasks of these queues: of a series that begins at 1 nobody sees that it grew."""
        for queue, priority in product(queues, _PRIORITIES.values()):
            for counters in (self.retries, self.lease_expiries, self.parked):
                counters.add(queue, priority, by=0)

    def taken_back(self, silent: Iterable[_Queued], parked: Iterable[_Queued]) -> None:
        """Tasks were taken from workers that had gone silent; some of them are parked now."""
        for task in silent:
            self.lease_expiries.add(task.queue, priority_name(task.priority))
        for task in parked:
            self.parked.add(task.queue, priority_name(task.priority))

    @contextmanager
    def attempt(self, attempt: _Attempt) -> Iterator[None]:
        """Round one attempt, whose outcome is known at its end."""
        stage, began = attempt.task.stage, time.perf_counter()
        self.running.add(stage)
        try:
            yield
        finally:
            self.running.add(stage, by=-1)
            self.seconds.observe(time.perf_counter() - began, stage, attempt.outcome)
            if attempt.outcome in _SETTLED:
                self.attempts.observe(attempt.task.attempts, stage)


_SETTLED = (TaskOutcome.SUCCEEDED, TaskOutcome.FAILED)
_PRIORITIES = {priority.rank: priority.value for priority in JobPriority}


def priority_name(rank: int) -> str:
    """How people call a task's priority."""
    return _PRIORITIES.get(rank, OTHER)
