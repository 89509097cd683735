"""Every address that the client asks, and what is answered there; a test holds this table to the server's own description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast
from urllib.parse import quote
from uuid import uuid4

import msgspec

from diarist.client.errors import UnexpectedAnswer
from diarist.client.problems import error_from, is_error
from diarist.client.schemas.days import Day, DaySummary
from diarist.client.schemas.entries import Begun, Entry
from diarist.client.schemas.jobs import Job, Task
from diarist.client.schemas.pages import Page
from diarist.client.schemas.receipts import Receipt
from diarist.client.schemas.recordings import Recording, UploadStatus
from diarist.client.schemas.transcripts import Transcript
from diarist.client.steps import Answer, Flow, Request, send

T = TypeVar("T")

KEY = "Idempotency-Key"
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True, slots=True)
class Route(Generic[T]):
    """One address and method."""

    method: str
    path: str
    """As the description of the API writes it."""
    answer: type[T]
    """What the body of a good answer is; `bytes` as it is."""
    keyed: bool = False
    """Whether it understands `Idempotency-Key`, so that it can be asked twice."""
    repeatable: bool = True
    """Whether doing it twice is the same as doing it once; so is whatever has a key."""
    patience: float | None = None
    """Seconds that the answer may take, where that is longer than usual."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent each time."""

    def request(
        self,
        path: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, object] | None = None,
        json: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Request:
        """A request; `path` fills the braces in, and what is None in the query is left out."""
        headers = {**self.headers, **(headers or {})}
        if self.keyed:
            headers[KEY] = uuid4().hex
        if json is not None:
            headers["Content-Type"] = "application/json"
        return Request(
            method=self.method,
            path=self.path.format(**{name: quote(str(value), safe="") for name, value in (path or {}).items()}),
            query={name: str(value) for name, value in (query or {}).items() if value is not None},
            headers=headers,
            body=b"" if json is None else msgspec.json.encode(json),
            repeatable=self.repeatable or self.keyed,
            patience=self.patience,
        )

    def read(self, answer: Answer) -> T:
        """What was asked for; raises what the server refused with, or `UnexpectedAnswer`."""
        if is_error(answer):
            raise error_from(answer, self.path)
        if self.answer is bytes:
            return cast("T", answer.body)
        if self.answer is type(None):
            return None
        try:
            return msgspec.json.decode(answer.body, type=self.answer)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnexpectedAnswer(f"{self.method} {self.path} answered something else: {error}") from error


def ask(route: Route[T], *, query: Mapping[str, object] | None = None, json: object = None, **path: object) -> Flow[T]:
    """Ask, and read what is answered."""
    return route.read((yield from send(route.request(path, query=query, json=json))))


_RECORDING = "/v1/recordings/{recording_id}"
_JOB = "/v1/jobs/{job_id}"
_UPLOAD = "/v1/tus/{upload_id}"

ADD_RECORDING = Route("POST", "/v1/recordings", Recording, keyed=True)
# Answered when all of it has been fetched.
IMPORT_RECORDING = Route("POST", "/v1/recordings/imports", Recording, keyed=True, patience=3600.0)
LIST_RECORDINGS = Route("GET", "/v1/recordings", Page[Recording])
GET_RECORDING = Route("GET", _RECORDING, Recording)
SAY_WHEN_RECORDED = Route("PATCH", _RECORDING, Recording)
DELETE_RECORDING = Route("DELETE", _RECORDING, type(None))
GET_AUDIO = Route("GET", f"{_RECORDING}/audio", bytes)

BEGIN_UPLOAD = Route("POST", "/v1/tus", type(None), keyed=True, headers=TUS)
LOOK_AT_UPLOAD = Route("HEAD", _UPLOAD, type(None), headers=TUS)
GET_UPLOAD = Route("GET", _UPLOAD, UploadStatus)
# Whoever sends asks how far it is before anything is sent again; the last answer comes when the recording has been made.
ADD_TO_UPLOAD = Route("PATCH", _UPLOAD, type(None), repeatable=False, patience=900.0, headers=TUS)
GIVE_UP_UPLOAD = Route("DELETE", _UPLOAD, type(None), headers=TUS)

GET_TRANSCRIPT = Route("GET", f"{_RECORDING}/transcript", Transcript)
EXPORT_TRANSCRIPT = Route("GET", f"{_RECORDING}/transcript", bytes)

LIST_ENTRIES = Route("GET", "/v1/entries", Page[Entry])
GET_ENTRY = Route("GET", "/v1/entries/{entry_id}", Entry)
# Twice the same edit finds a newer version than it was made for.
EDIT_ENTRY = Route("PATCH", "/v1/entries/{entry_id}", Entry, repeatable=False)
GET_LATEST_ENTRY = Route("GET", f"{_RECORDING}/entry", Entry)
COMPOSE_AGAIN = Route("POST", f"{_RECORDING}/entry", Begun, keyed=True)

LIST_DAYS = Route("GET", "/v1/days", Page[DaySummary])
GET_DAY = Route("GET", "/v1/days/{day}", Day)
EXPORT_DAY = Route("GET", "/v1/days/{day}", bytes)

LIST_JOBS = Route("GET", "/v1/jobs", Page[Job])
GET_JOB = Route("GET", _JOB, Job)
LIST_TASKS = Route("GET", f"{_JOB}/tasks", tuple[Task, ...])
CANCEL_JOB = Route("POST", f"{_JOB}/cancel", Job, keyed=True)
RETRY_JOB = Route("POST", f"{_JOB}/retry", Job, keyed=True)

LIST_RECEIPTS = Route("GET", "/v1/receipts", Page[Receipt])
GET_RECEIPT = Route("GET", "/v1/receipts/{receipt_id}", Receipt)

_SILENCE = 45.0
"""Seconds after which a stream counts as broken: three times those between two signs of life."""
# Connected again by whoever follows.
STREAM_EVENTS = Route("GET", "/v1/events", bytes, repeatable=False, patience=_SILENCE)
STREAM_JOB_EVENTS = Route("GET", f"{_JOB}/events", bytes, repeatable=False, patience=_SILENCE)

ROUTES = tuple(value for value in list(globals().values()) if isinstance(value, Route))
"""All of them."""
