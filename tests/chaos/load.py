"""Clients of a fleet: they upload in every way there is, are interrupted, and try again at the other API."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

from access_keys import bearing
from chaos.recordings import Memo

_TUS = {"Tus-Resumable": "1.0.0"}
_CHUNK = {**_TUS, "Content-Type": "application/offset+octet-stream"}
_TIMEOUT = httpx.Timeout(45.0, connect=5.0)
_PAUSE = 0.5
"""Seconds before another try."""
_SLOW_PIECES = 6
"""A body that is sent slowly comes in so many pieces, so that something can happen in its middle."""


@dataclass(slots=True)
class Acknowledged:
    """A recording that an API has answered with 2xx."""

    memo: Memo
    way: str
    recording: str
    """Its address."""
    job: str
    """Its address."""
    tries: int


@dataclass(slots=True)
class Tally:
    """What the clients have seen."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    abandoned: list[Memo] = field(default_factory=list)
    """Given up in the middle, never answered with 2xx."""
    failures: Counter[str] = field(default_factory=Counter)
    """Tries that came to nothing, by what the client saw."""
    unfinished: list[str] = field(default_factory=list)
    """Recordings that nobody ever acknowledged, however often it was tried."""

    def failed(self, what: str) -> None:
        self.failures[what] += 1


class Clients:
    """Everybody who uploads."""

    def __init__(self, apis: Sequence[str], key: str, rng: random.Random, deadline: float) -> None:
        """`deadline`: until when, by the monotonic clock, it is tried again."""
        self.tally = Tally()
        self.sending: Counter[str] = Counter()
        """By API: bodies that are on their way to it just now."""
        self._apis, self._headers, self._rng, self._deadline = list(apis), bearing(key), rng, deadline

    async def upload_all(self, memos: Sequence[Memo], abandoned: Sequence[Memo], seconds: float, at_once: int = 12) -> None:
        """Upload everything, spread evenly over a time."""
        order: list[tuple[Memo, bool]] = [*((memo, True) for memo in memos), *((memo, False) for memo in abandoned)]
        self._rng.shuffle(order)
        room = asyncio.Semaphore(at_once)
        limits = httpx.Limits(max_keepalive_connections=4)
        client = httpx.AsyncClient(headers=self._headers, timeout=_TIMEOUT, trust_env=False, limits=limits)
        async with client, asyncio.TaskGroup() as group:
            for number, (memo, finish) in enumerate(order):
                group.create_task(self._one(client, room, memo, seconds * number / len(order), finish=finish))

    async def _one(self, client: httpx.AsyncClient, room: asyncio.Semaphore, memo: Memo, delay: float, *, finish: bool) -> None:
        await asyncio.sleep(delay)
        async with room:
            if not finish:
                await self._abandon(client, memo)
                return
            way = self._rng.choices(("multipart", "raw", "tus", "tus, interrupted"), (35, 15, 25, 25))[0]
            if not await self._until_acknowledged(client, memo, way):
                self.tally.unfinished.append(memo.name)

    async def _until_acknowledged(self, client: httpx.AsyncClient, memo: Memo, way: str) -> bool:
        api, address, tries = self._rng.choice(self._apis), "", 0
        while time.monotonic() < self._deadline:
            tries += 1
            try:
                if way.startswith("tus"):
                    if not address:
                        address = await self._begin(client, api, memo)
                    if answer := await self._continue(
                        client, api, address, memo, stop_half_way="interrupted" in way and tries == 1
                    ):
                        self._acknowledge(memo, way, answer.headers["Diarist-Recording"], answer.headers["Diarist-Job"], tries)
                        return True
                else:
                    answer = await self._post(client, api, memo, way)
                    if answer.is_success:
                        recording = f"/v1/recordings/{answer.json()['id']}"
                        self._acknowledge(memo, way, recording, answer.headers["Location"], tries)
                        return True
            except httpx.HTTPError as error:
                self.tally.failed(type(error).__name__)
            api = next(other for other in self._apis if other != api)
            await asyncio.sleep(self._rng.uniform(_PAUSE, 3 * _PAUSE))
        return False

    async def _post(self, client: httpx.AsyncClient, api: str, memo: Memo, way: str) -> httpx.Response:
        if way == "multipart":
            answer = await client.post(f"{api}/v1/recordings", files={"file": (memo.name, memo.content)})
        else:
            slowly = self._rng.random() < 0.5
            body = self._slowly(api, memo.content) if slowly else memo.content
            answer = await client.post(
                f"{api}/v1/recordings?filename={memo.name}", content=body, headers={"Content-Type": "application/octet-stream"}
            )
        if not answer.is_success:
            self.tally.failed(_told(answer))
        return answer

    async def _begin(self, client: httpx.AsyncClient, api: str, memo: Memo) -> str:
        answer = await client.post(f"{api}/v1/tus", headers={**_TUS, "Upload-Length": str(len(memo.content))})
        if answer.status_code != HTTPStatus.CREATED:
            self.tally.failed(_told(answer))
            answer.raise_for_status()
        return answer.headers["Location"].removeprefix(api)

    async def _continue(
        self, client: httpx.AsyncClient, api: str, address: str, memo: Memo, *, stop_half_way: bool = False
    ) -> httpx.Response | None:
        """Go on from where the server says; the answer once it says which recording it has become."""
        answer = await client.head(f"{api}{address}", headers=_TUS)
        if answer.is_success and "Diarist-Recording" in answer.headers:
            return answer
        if answer.is_success and (offset := int(answer.headers["Upload-Offset"])) < len(memo.content):
            end = offset + (len(memo.content) - offset) // 2 if stop_half_way else len(memo.content)
            headers = {**_CHUNK, "Upload-Offset": str(offset)}
            body = self._slowly(api, memo.content[offset:end], broken=stop_half_way)
            answer = await client.patch(f"{api}{address}", content=body, headers=headers)
        if answer.is_success:
            return answer if "Diarist-Recording" in answer.headers else None
        self.tally.failed(_told(answer))
        return None

    async def _abandon(self, client: httpx.AsyncClient, memo: Memo) -> None:
        """Break off in the middle and never come back."""
        api = self._rng.choice(self._apis)
        self.tally.abandoned.append(memo)
        try:
            if self._rng.random() < 0.5:
                address = await self._begin(client, api, memo)
                await self._continue(client, api, address, memo, stop_half_way=True)
            else:
                half = memo.content[: len(memo.content) // 2]
                headers = {"Content-Type": "application/octet-stream", "Content-Length": str(len(memo.content))}
                await client.post(f"{api}/v1/recordings", content=self._slowly(api, half, broken=True), headers=headers)
        except httpx.HTTPError as error:
            self.tally.failed(f"{type(error).__name__} (meant)")

    async def _slowly(self, api: str, content: bytes, *, broken: bool = False) -> AsyncIterator[bytes]:
        """A body in pieces with pauses; `broken`: the connection is lost behind them."""
        size = max(1, len(content) // _SLOW_PIECES)
        self.sending[api] += 1
        try:
            for start in range(0, len(content), size):
                yield content[start : start + size]
                await asyncio.sleep(self._rng.uniform(0.0, 0.2))
            if broken:
                raise httpx.WriteError("the client loses its connection")
        finally:
            self.sending[api] -= 1

    def _acknowledge(self, memo: Memo, way: str, recording: str, job: str, tries: int) -> None:
        self.tally.acknowledged.append(Acknowledged(memo, way, recording, job, tries))


def _told(answer: httpx.Response) -> str:
    """The status and, but for HEAD, the code of the problem."""
    problem = "problem+json" in answer.headers.get("Content-Type", "") and answer.content
    return f"{answer.status_code} {answer.json().get('code', '') if problem else ''}".strip()
