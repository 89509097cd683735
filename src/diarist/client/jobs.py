"""What can be done with jobs, but for waiting."""

from __future__ import annotations

from uuid import UUID

from diarist.client.paging import PAGE, all_of, page_of
from diarist.client.routes import CANCEL_JOB, GET_JOB, LIST_JOBS, LIST_TASKS, RETRY_JOB, ask
from diarist.client.schemas.jobs import Job, Task
from diarist.client.schemas.pages import Page
from diarist.client.steps import Flow, Items


def get(job_id: UUID | str) -> Flow[Job]:
    """One job and how far it is; raises `NotFound`."""
    return ask(GET_JOB, job_id=job_id)


def list_all(*, page_size: int = PAGE) -> Items:
    """All jobs, the newest first."""
    return all_of(LIST_JOBS, page_size)


def page(cursor: str | None = None, *, limit: int = PAGE) -> Flow[Page[Job]]:
    """One page of them."""
    return page_of(LIST_JOBS, cursor, limit)


def tasks(job_id: UUID | str) -> Flow[tuple[Task, ...]]:
    """Its steps in the order they were put down: where each stands, how often it was tried, and why it failed."""
    return ask(LIST_TASKS, job_id=job_id)


def cancel(job_id: UUID | str) -> Flow[Job]:
    """Stop a job that has not ended; what was transcribed stays readable. Raises `Conflict` if it has."""
    return ask(CANCEL_JOB, job_id=job_id)


def retry(job_id: UUID | str, *, stage: str | None = None, task_id: UUID | str | None = None) -> Flow[Job]:
    """Put what failed or was cancelled back to work; a stage or task that is named is done once more."""
    return ask(RETRY_JOB, query={"stage": stage, "task_id": task_id}, job_id=job_id)
