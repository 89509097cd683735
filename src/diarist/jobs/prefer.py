"""`Prefer: wait` on what leads to a job."""

from __future__ import annotations

from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request, Response

from diarist.http.prefer import PreferredWait, applied
from diarist.http.presence import while_connected


class JobWaits(Protocol):
    """Knows when jobs end; stands above jobs, so the service brings it as `waits`."""

    async def job_ended(self, account_id: UUID, job_id: UUID, seconds: float) -> bool:
        """Return when a job has ended or the time is over; False when there was no room to wait."""


class Patience:
    """How long whoever asks would rather wait for the end of a job."""

    def __init__(self, request: Request, response: Response, seconds: float) -> None:
        self._request, self._response, self._seconds = request, response, seconds

    async def wait(self, account_id: UUID, job_id: UUID) -> bool:
        """Wait if that is preferred, and say so in the answer; True when it was. The body of the request has been read.

        Raises `ClientDisconnect` when nobody waits any more.
        """
        waits: JobWaits = self._request.state.waits
        if not self._seconds:
            return False
        waited = await while_connected(self._request, waits.job_ended(account_id, job_id, self._seconds))
        if waited:
            self._response.headers.update(applied(self._seconds))
        return waited


async def _patience(request: Request, response: Response, seconds: PreferredWait) -> Patience:
    return Patience(request, response, seconds)


WithPatience = Annotated[Patience, Depends(_patience)]
