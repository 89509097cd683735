"""Subscriptions and deliveries on the wire."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

from diarist.notifications.kinds import KINDS
from diarist.notifications.models import DeliveryRow, DeliveryState, PauseReason, SubscriptionRow
from diarist.notifications.service import LONGEST_LABEL, LONGEST_URL, Wanted

_SUBSCRIPTION: JsonDict = {
    "id": "019a0c5e-2c17-7b90-8f21-0d4d6c1b9e33",
    "url": "https://example.org/diarist",
    "label": "kitchen display",
    "events": ["entry.created", "job.failed"],
    "created_at": "2026-11-03T19:20:00.000Z",
    "paused_at": None,
    "pause_reason": None,
    "failing_since": None,
    "previous_secret_until": None,
}
_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDbRb9Ha3vPvE="  # noqa: S105 - an example; nobody's secret
_DELIVERY: JsonDict = {
    "id": "019a0c5f-0b20-7d44-9c8e-6f2f0b5f7a10",
    "event_id": "019a0c5f-0b1f-7a11-b6a2-3a4d5e6f7081",
    "type": "entry.created",
    "at": "2026-11-03T19:21:08.000Z",
    "job_id": "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02",
    "recording_id": "019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11",
    "state": "waiting",
    "next_try_at": "2026-11-03T19:21:13.400Z",
    "tries": [{"at": "2026-11-03T19:21:08.100Z", "status": 503, "seconds": 0.041, "error": None}],
}
Kind = Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
Url = Annotated[str, Field(min_length=1, max_length=LONGEST_URL, json_schema_extra={"examples": ["https://example.org/diarist"]})]
Label = Annotated[str, Field(max_length=LONGEST_LABEL, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$", examples=["kitchen display"])]
Kinds = Annotated[list[Kind], Field(max_length=len(KINDS), json_schema_extra={"examples": [["entry.created", "job.failed"]]})]


def _moment(value: object) -> datetime:
    if not isinstance(value, str) or not re.match(r"\d{4}-\d{2}-\d{2}T", value):
        raise ValueError("give a moment such as 2026-11-03T19:20:00Z")
    return datetime.fromisoformat(value)


# Pydantic would take numbers as seconds, too, which is nothing that the description says.
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]


class NewSubscription(BaseModel):
    """What is to be sent where."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    url: Url
    """A public https address, unless the settings open more."""
    events: Kinds = []
    """Left out or empty: all of them, those of later versions too."""
    label: Label = ""
    """For people."""


class SubscriptionChange(BaseModel):
    """What is to be different; what is left out stays as it is."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    url: Url | None = None
    events: Kinds | None = None
    """Empty: all of them, those of later versions too."""
    label: Label | None = None

    @property
    def wanted(self) -> Wanted:
        """The same for the rules."""
        return Wanted(url=self.url, events=self.events, label=self.label)


class Rotation(BaseModel):
    """How a secret is replaced."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    overlap_hours: Annotated[float, Field(strict=True, ge=0, le=168)] = 24.0
    """For so long webhooks are signed with the secret before as well; 0 when it has become known to others."""

    @property
    def overlap(self) -> timedelta:
        """The same as a length of time."""
        return timedelta(hours=self.overlap_hours)


class ReplaySince(BaseModel):
    """Which deliveries are sent again."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    since: Moment
    """All that failed for good, of events that happened since then."""


class Replayed(BaseModel):
    """What is sent again."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    deliveries: int
    """How many."""


class Subscription(BaseModel):
    """An address to which events are sent."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_SUBSCRIPTION]})
    CHANGES_BY_ITSELF: ClassVar = frozenset({"paused_at", "pause_reason", "failing_since", "previous_secret_until"})

    id: UUID
    url: str
    label: str
    events: list[str]
    """Empty: all of them."""
    created_at: datetime
    paused_at: datetime | None
    """Since then what happens is held, and sent when the subscription is resumed."""
    pause_reason: PauseReason | None
    """`asked`: somebody wanted it; `gone`: the receiver answered 410; `failing`: it has failed for days."""
    failing_since: datetime | None
    """Since then not one try has succeeded."""
    previous_secret_until: datetime | None
    """Until then webhooks are signed with the secret before as well."""


class SubscriptionWithSecret(Subscription):
    """A subscription with its secret, as it is shown once."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra={"examples": [{**_SUBSCRIPTION, "secret": _SECRET}]}
    )

    secret: str
    """What webhooks are signed with (Standard Webhooks). Keep it: it is not shown again."""


class Try(BaseModel):
    """One time that a delivery was sent."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    at: datetime
    status: int | None
    """What the receiver answered; 200 to 299 is success, and nothing else is."""
    seconds: float
    """Until it answered, or until we gave up."""
    error: str | None
    """Why there was no answer."""


class Delivery(BaseModel):
    """An event on its way to a subscription."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_DELIVERY]})

    id: UUID
    event_id: UUID
    """The `webhook-id`: the same in every try."""
    type: str
    at: datetime
    """When it happened."""
    job_id: UUID | None
    recording_id: UUID | None
    state: DeliveryState
    """`failed`: no try of the schedule has succeeded; it is sent again when somebody asks for it."""
    next_try_at: datetime | None
    """Null when it is settled, or held while the subscription is paused."""
    tries: list[Try]
    """The oldest first; the last 30."""


def subscription_from_row(row: SubscriptionRow) -> Subscription:
    """A subscription as it goes over the wire."""
    return Subscription(
        id=row.id, url=row.url, label=row.label, events=row.events, created_at=row.created_at, paused_at=row.paused_at,
        pause_reason=row.pause_reason, failing_since=row.failing_since, previous_secret_until=row.previous_until,
    )  # fmt: skip


def subscription_with_secret(row: SubscriptionRow) -> SubscriptionWithSecret:
    """A subscription whose secret was just made."""
    return SubscriptionWithSecret(**subscription_from_row(row).model_dump(), secret=row.secret)


def delivery_from_row(row: DeliveryRow) -> Delivery:
    """A delivery as it goes over the wire."""
    return Delivery(
        id=row.id, event_id=row.event_id, type=row.kind, at=row.at, job_id=row.job_id, recording_id=row.recording_id,
        state=row.state, next_try_at=None if row.next_at is None else datetime.fromtimestamp(row.next_at, UTC),
        tries=[Try.model_validate(one) for one in row.tries],
    )  # fmt: skip
