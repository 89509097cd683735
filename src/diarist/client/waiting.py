"""Waits for a job: told live how far it is, or, where that cannot be had, by asking from time to time, which is said."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from diarist.client.following import Stream
from diarist.client.routes import GET_JOB, STREAM_JOB_EVENTS, ask
from diarist.client.schemas.events import Event, JobUpdate
from diarist.client.schemas.jobs import Job
from diarist.client.steps import BackOff, Flow, Give, Items, Sleep
from diarist.client.walk import Walk
from diarist.domain.job import JobState
from diarist.errors import DiaristError, NotAllowed, NotFound, StillWorking, Unavailable

T = TypeVar("T")

_PROGRESS = "job.progress"
_ENDS = frozenset({"job.succeeded", "job.failed", "job.cancelled"})
_FRUITLESS = 2
"""Connections in a row that told nothing, after which the job is asked for instead."""
_POLLS = (0.5, 5.0)
"""Seconds between two questions at first, and at last."""
_AWAY = 8
"""Questions in a row, each tried several times, after which a server counts as gone."""
_LONGEST_STREAM = 600.0
"""Seconds that a stream may be told to last."""

log = logging.getLogger("diarist.client")


class Deadline:
    """How long a caller is willing to wait for a job."""

    def __init__(self, job_id: object, seconds: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._job_id, self._seconds, self._clock = job_id, seconds, clock
        self._until = None if seconds is None else clock() + seconds

    @property
    def rest(self) -> float | None:
        """Seconds that are left; None for ever. Raises `StillWorking` when none are."""
        if self._until is None or self._seconds is None:
            return None
        rest = self._until - self._clock()
        if rest <= 0:
            raise StillWorking(UUID(str(self._job_id)), self._seconds)
        return rest


def updates(job_id: UUID | str, deadline: Deadline) -> Flow[Job]:
    """Gives a `JobUpdate` whenever the job gets further, and ends with the job once that has ended."""
    why = yield from _live(job_id, deadline)
    if why:
        log.warning("Live events of job %s cannot be had (%s); it is asked for from time to time instead.", job_id, why)
    return (yield from _asked(job_id, deadline, why))


def follow(job_id: UUID | str, *, timeout: float | None = None) -> Items:
    """How far a job is, until it has ended: each a `JobUpdate`, the last of which has `ended`.

    `timeout` is in seconds; raises `StillWorking` after that. Where live events cannot be had, updates say so (`live`).
    """
    yield from updates(job_id, Deadline(job_id, timeout))


def wait(job_id: UUID | str, *, on_update: Callable[[JobUpdate], None] | None = None, timeout: float | None = None) -> Flow[Job]:
    """The job once it has ended, well or not (`Job.raise_if_failed`). Raises `StillWorking` after `timeout` seconds."""
    return (yield from handed(updates(job_id, Deadline(job_id, timeout)), on_update or (lambda _: None)))


def handed(flow: Flow[T], take: Callable[[JobUpdate], None]) -> Flow[T]:
    """The same flow, whose items go to a function."""
    with Walk(flow) as walk:
        while (step := walk.step) is not None:
            if isinstance(step, Give):
                take(step.item)
                walk.go_on(None)
                continue
            try:
                came: object = yield step
            except DiaristError as error:
                walk.fail(error)
            else:
                walk.go_on(came)
        return walk.result


def _live(job_id: UUID | str, deadline: Deadline) -> Flow[str]:
    """Until the job has ended, or why it cannot be told of live."""
    stream, fruitless, why = Stream(STREAM_JOB_EVENTS, job_id=job_id), 0, "the streams end without a word"
    while fruitless < _FRUITLESS:
        rest = deadline.rest
        fruitless += 1
        try:
            if not (yield from stream.connect(None if rest is None else min(rest, _LONGEST_STREAM))):
                return ""
            while (events := (yield from stream.told())) is not None:
                for event in events:
                    fruitless = 0
                    update = _update_from(event, job_id) if event.type == _PROGRESS else None
                    if event.type in _ENDS or (update and update.ended):
                        return ""
                    if update:
                        yield Give(update)
        except NotAllowed:
            raise
        except NotFound as error:
            return error.message  # by a server without streams; or there is no such job, as asking for it will tell
        except DiaristError as error:
            why = error.message
        yield stream.pause()
    return why


def _asked(job_id: UUID | str, deadline: Deadline, why: str) -> Flow[Job]:
    pause, away = _POLLS[0], 0
    while True:
        try:
            job = yield from ask(GET_JOB, job_id=job_id)
        except Unavailable:
            away += 1
            if away >= _AWAY:
                raise
            _ = deadline.rest
            yield BackOff(away)
            continue
        away = 0
        yield Give(update_of(job, why))
        if job.ended:
            return job
        rest = deadline.rest
        yield Sleep(pause if rest is None else min(pause, rest))
        pause = min(_POLLS[1], pause * 1.5)


def update_of(job: Job, why_not_live: str = "") -> JobUpdate:
    """How far a job is that was asked for."""
    progress = job.progress
    return JobUpdate(
        job_id=job.id, state=job.state, stage=job.stage, fraction=progress.fraction, seconds_done=progress.seconds_done,
        seconds_total=None, speed=progress.speed, eta=progress.eta, live=not why_not_live, why_not_live=why_not_live,
    )  # fmt: skip


def _update_from(event: Event, job_id: UUID | str) -> JobUpdate:
    data = event.data
    return JobUpdate(
        job_id=UUID(str(job_id)), state=JobState(data["state"]), stage=data["stage"], fraction=data["fraction"],
        seconds_done=data["seconds_done"], seconds_total=data["seconds_total"], speed=data["speed"], eta=data["eta"], live=True,
    )  # fmt: skip
