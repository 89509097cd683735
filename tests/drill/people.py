"""Those who use the system through a disaster: they give recordings, note what was acknowledged, and look for all of it later."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from chaos.checks import heard
from chaos.recordings import Memo
from fleet import until


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What was answered with 202."""

    memo: Memo
    recording: str
    job: str


class People:
    """All of them."""

    def __init__(self, memos: Iterator[Memo]) -> None:
        self._memos = memos
        self.acknowledged: list[Acknowledged] = []

    def give(self, client: httpx.Client, count: int) -> None:
        """Upload so many recordings."""
        for _ in range(count):
            memo = next(self._memos)
            answer = client.post("/v1/recordings", files={"file": (memo.name, memo.content)}).raise_for_status()
            self.acknowledged.append(Acknowledged(memo, f"/v1/recordings/{answer.json()['id']}", answer.headers["Location"]))

    def wait(self, client: httpx.Client) -> None:
        """Until every job that is there has ended."""
        until(lambda: all(self._ended(client, one) for one in self.acknowledged))

    def miss(self, client: httpx.Client) -> list[str]:
        """What of all that was acknowledged is not there, or not as it was."""
        return [f"{one.memo.name}: {fault}" for one in self.acknowledged for fault in _faults(client, one)]

    def _ended(self, client: httpx.Client, one: Acknowledged) -> bool:
        answer = client.get(one.job)
        return answer.status_code == HTTPStatus.NOT_FOUND or answer.json()["state"] not in {"queued", "running"}


def _faults(client: httpx.Client, one: Acknowledged) -> Iterator[str]:
    job = client.get(one.job)
    if job.status_code == HTTPStatus.NOT_FOUND:
        yield "no such recording"
        return
    if job.json()["state"] != "succeeded":
        yield f"its job is {job.json()['state']}"
    if hashlib.sha256(client.get(f"{one.recording}/audio").content).hexdigest() != one.memo.sha256:
        yield "no audio, or other audio"
    transcript = client.get(f"{one.recording}/transcript", headers={"Accept": "application/json"})
    if not transcript.is_success or heard(transcript.json()) != one.memo.heard:
        yield "no transcript, or another"
    if client.get(f"{one.recording}/entry").status_code != HTTPStatus.OK:
        yield "no entry"
