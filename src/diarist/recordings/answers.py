"""What is answered to whoever has given a recording, whichever way it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Response

from diarist.domain.job import UNFINISHED
from diarist.recordings.schemas import Recording, recording_from_row
from diarist.recordings.service import Added
from diarist.settings import HttpSettings

_LOCATION = {"Location": {"description": "The recording's latest job.", "schema": {"type": "string", "format": "uri-reference"}}}


def described(*, known: str, begun: str, more: Mapping[str, Any] | None = None) -> dict[int | str, dict[str, Any]]:
    """The two good answers for the API's description: the recording was there already, or its job has begun.

    `more`: further headers of both.
    """
    headers = {**_LOCATION, **(more or {})}
    return {
        200: {"model": Recording, "description": known, "headers": headers},
        202: {"description": begun, "headers": headers},
    }


def answer(response: Response, settings: HttpSettings, added: Added) -> Recording:
    """The body; status and `Location` are set on the response. What has ended by now is not to be waited for any more."""
    response.status_code = 202 if added.created and added.job.state in UNFINISHED else 200
    response.headers["Location"] = f"{settings.public_url.rstrip('/')}/v1/jobs/{added.job.id}"
    return recording_from_row(added.recording, added.job)
