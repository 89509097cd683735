"""Keeps answers, so that the same question of an account is not paid for twice: in Redis when there is one, else as files.

What is kept is what the provider sent, placeholders and all.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

import structlog

from diarist.errors import BrokerUnavailable
from diarist.redis_client import connect_async, translated
from diarist.storage.whole_files import write_whole
from diarist.telemetry.metrics.redis import RedisMetrics

if TYPE_CHECKING:
    import redis.asyncio

_ANSWER = "diarist:llm:answer:{}"
_LOCK = "diarist:llm:asking:{}"
_LOOK_AGAIN = 0.25
"""Seconds between looks whether another process is done with the same question."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer, and whose it is."""

    text: str
    provider: str
    model: str
    region: str


class Answers(Protocol):
    """By key; whatever fails is as if there were nothing."""

    async def get(self, key: str) -> Kept | None: ...

    async def put(self, key: str, kept: Kept) -> None: ...

    async def claim(self, key: str, seconds: float) -> str | None:
        """A token when nobody else is asking the same; for so long at most."""
        ...

    async def release(self, key: str, token: str) -> None: ...

    async def close(self) -> None: ...


class AnswersInFiles:
    """In a directory that nobody else may read; one process works on it at a time."""

    def __init__(self, folder: Path, days: float) -> None:
        self._folder = folder
        self._seconds = days * 86_400
        self._swept = False

    async def get(self, key: str) -> Kept | None:
        return await asyncio.to_thread(self._read, key)

    async def put(self, key: str, kept: Kept) -> None:
        await asyncio.to_thread(self._write, key, kept)

    async def claim(self, key: str, seconds: float) -> str | None:
        del key, seconds
        return ""

    async def release(self, key: str, token: str) -> None:
        """Nothing was claimed."""

    async def close(self) -> None:
        """Nothing is open."""

    def _read(self, key: str) -> Kept | None:
        try:
            path = self._path(key)
            if path.stat().st_mtime + self._seconds < time.time():
                return None
            return _decoded(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("llm.cache_unreadable", reason=error.strerror)
            return None

    def _write(self, key: str, kept: Kept) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._folder.chmod(0o700)
            write_whole(self._path(key), _encoded(kept))
            self._sweep()
        except OSError as error:
            log.warning("llm.cache_unwritable", reason=error.strerror)

    def _sweep(self) -> None:
        """Delete what is too old, once in the life of a process."""
        if not self._swept:
            self._swept = True
            for path in self._folder.glob("*/*"):
                if path.stat().st_mtime + self._seconds < time.time():
                    path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


class AnswersInRedis:
    """For all workers of a fleet."""

    def __init__(self, url: str, days: float, metrics: RedisMetrics | None = None) -> None:
        self._client: redis.asyncio.Redis = connect_async(url, metrics=metrics)
        self._seconds = round(days * 86_400)

    async def get(self, key: str) -> Kept | None:
        try:
            with translated():
                found = await self._client.get(_ANSWER.format(key))
        except BrokerUnavailable as error:
            log.warning("llm.cache_away", reason=error.code)
            return None
        return _decoded(found) if found else None

    async def put(self, key: str, kept: Kept) -> None:
        try:
            with translated():
                await self._client.set(_ANSWER.format(key), _encoded(kept), ex=self._seconds)
        except BrokerUnavailable as error:
            log.warning("llm.cache_away", reason=error.code)

    async def claim(self, key: str, seconds: float) -> str | None:
        token = uuid4().hex
        try:
            with translated():
                taken = await self._client.set(_LOCK.format(key), token, nx=True, px=max(1, round(seconds * 1000)))
        except BrokerUnavailable:
            return token
        return token if taken else None

    async def release(self, key: str, token: str) -> None:
        # A claim that ran out may be another's by now.
        script = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"
        try:
            with translated():
                await self._client.eval(script, 1, _LOCK.format(key), token)
        except BrokerUnavailable as error:
            log.warning("llm.cache_away", reason=error.code)

    async def close(self) -> None:
        await self._client.aclose()


class Flights:
    """Lets one of those ask who want to know the same; the others wait, and then find its answer."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    @asynccontextmanager
    async def one_at_a_time(self, key: str, seconds: float) -> AsyncIterator[None]:
        """Wait for up to `seconds`; nobody holds it for longer."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            async with lock:
                until = time.monotonic() + seconds
                token = await self._answers.claim(key, seconds)
                while token is None and time.monotonic() < until:
                    await asyncio.sleep(_LOOK_AGAIN)
                    token = await self._answers.claim(key, seconds)
                try:
                    yield
                finally:
                    if token:
                        await self._answers.release(key, token)
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]


def _encoded(kept: Kept) -> bytes:
    return json.dumps(asdict(kept)).encode()


def _decoded(data: bytes | str) -> Kept | None:
    try:
        return Kept(**json.loads(data))
    except (ValueError, TypeError):
        log.warning("llm.cache_damaged")
        return None
