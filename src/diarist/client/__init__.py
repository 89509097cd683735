"""The client of Diarist's HTTP API, for programs: `Client`, and `AsyncClient` for those with an event loop.

    with Client("http://127.0.0.1:8000") as diarist:
        added = diarist.recordings.add("tuesday.m4a")
        diarist.jobs.wait(added.job_id).raise_if_failed()
        print(diarist.entries.latest(added.recording_id).title)

It needs httpx and msgspec, and nothing else of what Diarist is made of. Errors are those of `diarist.errors`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from diarist.client.errors import (
    AddressMissing,
    AnswerCut,
    Problem,
    ServerUnreachable,
    UnexpectedAnswer,
    UploadInterrupted,
    problem_of,
)
from diarist.client.retrying import Retries
from diarist.client.schemas.days import Day, DaySummary
from diarist.client.schemas.entries import Entry
from diarist.client.schemas.events import Event, JobUpdate
from diarist.client.schemas.jobs import Job, Task
from diarist.client.schemas.pages import Page
from diarist.client.schemas.receipts import Receipt
from diarist.client.schemas.recordings import Added, Recording
from diarist.client.schemas.transcripts import File, Transcript

if TYPE_CHECKING:
    from diarist.client.clients import AsyncClient, Client
    from diarist.client.uploading import Sent

__all__ = [
    "Added",
    "AddressMissing",
    "AnswerCut",
    "AsyncClient",
    "Client",
    "Day",
    "DaySummary",
    "Entry",
    "Event",
    "File",
    "Job",
    "JobUpdate",
    "Page",
    "Problem",
    "Receipt",
    "Recording",
    "Retries",
    "Sent",
    "ServerUnreachable",
    "Task",
    "Transcript",
    "UnexpectedAnswer",
    "UploadInterrupted",
    "problem_of",
]

_OVER_HTTP = {"AsyncClient": "clients", "Client": "clients", "Sent": "uploading"}
"""What needs httpx, by module: loaded when it is first named, as commands on this machine's own data use the values alone."""


def __getattr__(name: str) -> Any:
    if name not in _OVER_HTTP:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_OVER_HTTP[name]}"), name)
