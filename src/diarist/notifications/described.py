"""What receivers are sent, for the description of the API (the `webhooks` of OpenAPI 3.1)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header
from pydantic import BaseModel, ConfigDict

from diarist.domain.events import EventKind
from diarist.notifications.kinds import KINDS, TEST
from diarist.notifications.message import body

_JOB, _RECORDING = UUID("019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"), UUID("019a0c5e-7a3f-71d2-9b0c-6a3f0f0b8e11")
_ENTRY, _SUBSCRIPTION = "019a0c5f-0b1d-7e52-a6c4-2f9d13e0aa47", "019a0c5e-2c17-7b90-8f21-0d4d6c1b9e33"
_AT = datetime(2026, 11, 3, 19, 21, 8, tzinfo=UTC)
_SAYS = {
    EventKind.RECORDING_RECEIVED: "A recording was taken in, and its job begun.",
    EventKind.RECORDING_DELETED: "A recording was deleted, with all that was made of it.",
    EventKind.TRANSCRIPT_COMPLETED: "The transcript of a recording is whole.",
    EventKind.ENTRY_CREATED: "A version of an entry is there: the first, one written anew, or one that was edited.",
    EventKind.JOB_SUCCEEDED: "A job has come to its end.",
    EventKind.JOB_FAILED: "A job has failed; `GET /v1/jobs/{job_id}` has the reason, and what to do.",
    EventKind.JOB_CANCELLED: "Somebody has cancelled a job.",
    EventKind.JOB_RETRIED: "A job was put back to work.",
    EventKind.SUBSCRIPTION_PAUSED: "A subscription was paused, for its receiver is gone or has failed for days.",
    TEST: "Somebody wants to know whether webhooks arrive.",
}
_DATA: dict[str, dict[str, Any]] = {
    EventKind.TRANSCRIPT_COMPLETED: {"version": 1, "duration": 903.4, "gaps": 0},
    EventKind.ENTRY_CREATED: {"entry_id": _ENTRY, "version": 1},
    EventKind.JOB_FAILED: {"code": "no_audio_track"},
    EventKind.SUBSCRIPTION_PAUSED: {"subscription_id": _SUBSCRIPTION, "reason": "failing"},
    TEST: {"subscription_id": _SUBSCRIPTION},
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    "2XX": {"description": "It was taken, and is not sent again."},
    "410": {"description": "The receiver wants nothing more: the subscription is paused."},
    "default": {"description": "It is sent again, later; not sooner than `Retry-After` says. Redirects are not followed."},
}


class Links(BaseModel):
    """Where more can be read."""

    model_config = ConfigDict(extra="allow")

    job: str | None = None
    recording: str | None = None
    transcript: str | None = None
    entry: str | None = None
    subscription: str | None = None


class MessageData(BaseModel):
    """Ids and figures, never what was said. What says nothing is left out, and more may be added."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="allow")

    job_id: UUID | None = None
    recording_id: UUID | None = None
    entry_id: UUID | None = None
    subscription_id: UUID | None = None
    version: int | None = None
    """Of the transcript or the entry."""
    duration: float | None = None
    """Of the recording, seconds."""
    gaps: int | None = None
    """Stretches of the recording that could not be heard."""
    code: str | None = None
    """Of the error with which the job failed."""
    reason: str | None = None
    """Why the subscription was paused."""
    links: Links | None = None


class Message(BaseModel):
    """The body of a webhook."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    timestamp: datetime
    """When it happened; the header `webhook-timestamp` says when it was sent."""
    data: MessageData


Id = Annotated[str, Header(alias="webhook-id", description="Of the event, the same in every try: what was seen is passed over.")]
Sent = Annotated[int, Header(alias="webhook-timestamp", description="When this try was made, seconds since 1970.")]
Signature = Annotated[
    str,
    Header(alias="webhook-signature", description="`v1,` and HMAC-SHA256 in base64, once for each secret, a blank between."),
]


def example(kind: str) -> bytes:
    """A body, made by the code that makes them."""
    about = kind not in {EventKind.SUBSCRIPTION_PAUSED, TEST}
    return body(kind, _AT, _JOB if about else None, _RECORDING if about else None, _DATA.get(kind, {}))


def webhooks() -> APIRouter:
    """One operation a kind of event; these are requests that receivers answer, so nothing is routed by them."""
    router = APIRouter()
    for kind in (*KINDS, TEST):
        content = {"application/json": {"examples": {"one": {"value": json.loads(example(kind))}}}}
        router.add_api_route(
            kind, _received, methods=["POST"], name=f"on_{kind.replace('.', '_')}", summary=_SAYS[kind], tags=["webhooks"],
            responses=_ANSWERS, status_code=204,
            openapi_extra={"requestBody": {"content": content}},
        )  # fmt: skip
    return router


async def _received(_message: Message, _id: Id, _sent: Sent, _signature: Signature) -> None:
    """Signed as [Standard Webhooks](https://www.standardwebhooks.com) says; verify it before you believe it."""
