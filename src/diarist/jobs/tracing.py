"""The part of a job's trace that is one try of one task."""

from __future__ import annotations

from contextlib import AbstractContextManager

from diarist.errors import Unavailable
from diarist.jobs.flow import Flow
from diarist.queue.ledger import Task
from diarist.runtime import Runtime
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import Attributes, Kind, Span, part

_MOST_LINKS = 512
"""Chunks that the span of a merge is linked with: those of a day and more."""


def attempt(task: Task, queue: str) -> AbstractContextManager[Span]:
    """A span of its own, below the one in which the task was put down."""
    about: Attributes = {
        "diarist.account.id": str(task.account_id), "diarist.job.id": str(task.job_id), "diarist.task.id": str(task.id),
        "diarist.attempt": task.attempts, "messaging.destination.name": queue,
        "messaging.operation.type": "process",
    }  # fmt: skip
    return part(task.stage, kind=Kind.CONSUMER, parent=Traceparent.read(task.traceparent), attributes=about)


async def link_parts(runtime: Runtime, flow: Flow, task: Task, span: Span) -> None:
    """Link the span of a task that has joined parts with those in which they were done, if anybody will see it."""
    parts = flow.parts_of(task.stage)
    if parts is None or not span.to_be_sent:
        return
    try:
        async with runtime.database.look() as session:
            span.link(await runtime.ledger.done_in(session, task.job_id, parts, _MOST_LINKS))
    except Unavailable:
        return  # the work itself is more patient, and of more worth
