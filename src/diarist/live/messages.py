"""What a client may say on the WebSocket, and what it is answered besides events."""

from __future__ import annotations

import json
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from diarist.errors import DiaristError
from diarist.http.errors import MalformedRequest

EVERYTHING = "all"
"""The subscription to the whole account; those to a job are called by its id."""


class Subscribe(BaseModel):
    """Tell me of all that happens, or of one job."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["subscribe"]
    job_id: UUID | None = None
    last_event_id: Annotated[str | None, Field(max_length=19, pattern=r"^[0-9]*$")] = None


class Unsubscribe(BaseModel):
    """No more of it."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["unsubscribe"]
    job_id: UUID | None = None


class Ping(BaseModel):
    """Are you there? For those who cannot send the protocol's own, such as browsers."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["ping"]


Said = Subscribe | Unsubscribe | Ping

_SAID: TypeAdapter[Said] = TypeAdapter(Annotated[Said, Field(discriminator="type")])


def understood(text: str) -> Said:
    """A message of a client; raises `MalformedRequest`."""
    try:
        return _SAID.validate_json(text)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in problem["loc"]) or "message"
        raise MalformedRequest(
            f"not understood: {place}: {problem['msg']}",
            advice='Send {"type": "subscribe"}, with `job_id` and `last_event_id` where wanted, `unsubscribe` or `ping`.',
        ) from error


def name_of(job_id: UUID | None) -> str:
    """What a subscription is called."""
    return EVERYTHING if job_id is None else str(job_id)


def answer(kind: str, subscription: str | None = None) -> str:
    """A message that is no event."""
    return json.dumps({"type": kind} | ({} if subscription is None else {"subscription": subscription}), separators=(",", ":"))


def refusal(error: DiaristError, subscription: str | None = None) -> str:
    """Why something was not done."""
    fields = {"type": "error", "code": error.code, "message": error.message, "advice": error.advice}
    return json.dumps(fields | ({} if subscription is None else {"subscription": subscription}), separators=(",", ":"))
