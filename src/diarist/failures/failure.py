"""One error as it is counted: what it is alike by, and one example of it. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from diarist.errors import ChildDied, DiaristError
from diarist.errors.origin import Frame, Origin, origin_of

FINGERPRINT = 12
"""Hex digits."""


class FailureKind(StrEnum):
    """Where errors come to light."""

    REQUEST = "request"
    """Something was asked of the API, and answered with a server error."""
    TASK = "task"
    WEBHOOK = "webhook"
    """Whatever sends webhooks; a receiver that does not take one is no error of ours."""
    CHORE = "chore"
    """What goes on beside the work: sweeping, tidying."""
    CHILD = "child"
    """A child process crashed, hung or ate up the machine, whoever it worked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where one error happened; ids only."""

    place: str
    """Template of a route, stage of a task, name of a chore: one of few."""
    account_id: UUID | None = None
    trace_id: str | None = None
    request_id: str | None = None
    job_id: UUID | None = None
    task_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One error."""

    code: str
    """Of the error's class; `internal` for whatever nobody expected."""
    kind: FailureKind
    origin: Origin
    context: Context
    at: datetime

    @property
    def fingerprint(self) -> str:
        """The same for errors that are alike: same code, same class, raised at the same places; lines and words do not count."""
        places = [f"{frame.module}:{frame.function}" for frame in self.origin.frames] or [self.context.place]
        alike = "\n".join((self.code, self.origin.type, *places))
        return hashlib.sha256(alike.encode()).hexdigest()[:FINGERPRINT]

    @property
    def where(self) -> Frame | None:
        """The innermost place in our code."""
        return self.origin.frames[-1] if self.origin.frames else None


def failure_of(error: BaseException, kind: FailureKind, context: Context, at: datetime) -> Failure:
    """What is kept of an error."""
    code = error.code if isinstance(error, DiaristError) else DiaristError.code
    told = error.origin if isinstance(error, DiaristError) else None
    kind = FailureKind.CHILD if isinstance(error, ChildDied) else kind
    return Failure(code=code, kind=kind, origin=told or origin_of(error), context=context, at=at)
