"""What happened, told to whoever listens. On the bus events are hints and may be lost; the durable ones are logged besides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID


class EventKind(StrEnum):
    """What can happen."""

    RECORDING_RECEIVED = "recording.received"
    RECORDING_DELETED = "recording.deleted"
    JOB_CHANGED = "job.changed"
    """Its stage, or the state of one of its tasks, is another one now."""
    JOB_RETRIED = "job.retried"
    JOB_SUCCEEDED = "job.succeeded"
    JOB_CANCELLED = "job.cancelled"
    """Whoever works on it can stop."""
    JOB_FAILED = "job.failed"
    TASK_PROGRESS = "task.progress"
    """Somebody who works on it has come further."""
    TRANSCRIPT_EXTENDED = "transcript.extended"
    """More of what is said can be read: that between `start` and `end`, seconds of the recording."""
    TRANSCRIPT_COMPLETED = "transcript.completed"
    ENTRY_CREATED = "entry.created"
    SUBSCRIPTION_PAUSED = "subscription.paused"
    """By itself: its receiver is gone, or has failed for days."""
    BUDGET_NEARLY_SPENT = "budget.nearly_spent"
    """Four fifths of what an account may spend on language models are spent."""
    ACCESS_CHANGED = "access.changed"
    """A key was revoked, a session ended, or somebody has another role: who is connected by it is looked at anew."""


DURABLE = frozenset(
    {
        EventKind.RECORDING_RECEIVED,
        EventKind.RECORDING_DELETED,
        EventKind.JOB_RETRIED,
        EventKind.JOB_SUCCEEDED,
        EventKind.JOB_CANCELLED,
        EventKind.JOB_FAILED,
        EventKind.TRANSCRIPT_COMPLETED,
        EventKind.ENTRY_CREATED,
        EventKind.SUBSCRIPTION_PAUSED,
    }
)
"""Kinds that are written down in the transaction that causes them; few for each recording."""
ENDS = frozenset({EventKind.JOB_SUCCEEDED, EventKind.JOB_CANCELLED, EventKind.JOB_FAILED})
"""Kinds after which a job does nothing by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened."""

    kind: EventKind
    account_id: UUID
    """Whose it is; nobody else is ever shown it."""
    job_id: UUID | None = None
    recording_id: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """JSON values, few and small: ids and figures, never what was said."""


def access_changed(account_id: UUID, *, key_id: UUID | None = None, user_id: UUID | None = None) -> Event:
    """That this key, or this person with all keys and browsers of theirs, may not do any more what they could."""
    told = {"key_id": key_id, "user_id": user_id}
    data = {name: str(identifier) for name, identifier in told.items() if identifier is not None}
    return Event(kind=EventKind.ACCESS_CHANGED, account_id=account_id, data=data)


@dataclass(frozen=True, slots=True)
class Lagged:
    """Stands among a subscriber's events for those that it has missed: it was too slow, or the connection broke."""

    missed: int | None
    """How many; None when nobody knows."""


def encode_event(event: Event) -> bytes:
    """Compact JSON; raises `TypeError` or `ValueError` when JSON cannot say the data."""
    fields: dict[str, Any] = {"kind": event.kind, "account_id": event.account_id.hex}
    if event.job_id is not None:
        fields["job_id"] = event.job_id.hex
    if event.recording_id is not None:
        fields["recording_id"] = event.recording_id.hex
    if event.data:
        fields["data"] = dict(event.data)
    return json.dumps(fields, separators=(",", ":"), allow_nan=False).encode()


def decode_event(encoded: bytes) -> Event:
    """The inverse of `encode_event`; raises `ValueError` for anything else, such as the event of a newer version."""
    try:
        fields = json.loads(encoded)
        job_id, recording_id = fields.get("job_id"), fields.get("recording_id")
        return Event(
            kind=EventKind(fields["kind"]),
            account_id=UUID(hex=fields["account_id"]),
            job_id=UUID(hex=job_id) if job_id is not None else None,
            recording_id=UUID(hex=recording_id) if recording_id is not None else None,
            data=dict(fields.get("data", {})),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not an event: {type(error).__name__}") from error
