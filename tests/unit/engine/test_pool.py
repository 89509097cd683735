"""Real children behind one pool: who hears, and who is there at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import numpy as np
import psutil
import pytest

from diarist.audio.flac import encode_flac
from diarist.domain.audio import Span
from diarist.domain.transcript import ChunkTranscript
from diarist.engine.pool import EnginePool
from diarist.ports.transcription_engine import UNGUIDED, Guidance
from diarist.settings import EngineSettings, RouteSettings
from waiting import until

SPEECH = (Span(1.0, 8.0),)
ROUTES = [RouteSettings(languages=["fr"], model="say=Bonjour."), RouteSettings(languages=["de"], model="hang=1;after=1")]

MakePool = Callable[..., EnginePool]


@pytest.fixture
async def make_pool(tmp_path: Path) -> AsyncIterator[MakePool]:
    made: list[EnginePool] = []

    def make(**settings: object) -> EnginePool:
        made.append(EnginePool(EngineSettings.model_validate({"name": "scripted", "routes": ROUTES, **settings}), tmp_path))
        return made[-1]

    yield make
    for pool in made:
        await pool.close()


@pytest.fixture(scope="module")
def chunk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chunks") / "chunk.flac"
    path.write_bytes(encode_flac(np.zeros(10 * 16_000, np.int16)))
    return path


async def said(pool: EnginePool, chunk: Path, language: str | None = None) -> str:
    *_, whole = [item async for item in pool.transcribe(chunk, SPEECH, Guidance(language=language))]
    assert isinstance(whole, ChunkTranscript)
    return " ".join(segment.text for segment in whole.segments)


def pids(pool: EnginePool) -> list[int | None]:
    return [process._child.pid for process in pool._processes.values()]


async def test_each_language_is_heard_by_its_own_model(make_pool: MakePool, chunk: Path) -> None:
    pool = make_pool()
    assert (await said(pool, chunk)).startswith("One two three")
    assert await said(pool, chunk, "fr") == "Bonjour."
    assert (await said(pool, chunk, "en")).startswith("One two three")
    assert len(set(pids(pool))) == 2


async def test_one_model_does_not_wait_for_another(make_pool: MakePool, chunk: Path) -> None:
    pool = make_pool()
    async with aclosing(pool.transcribe(chunk, SPEECH, Guidance(language="de"))) as hanging:
        await anext(hanging)
        assert await asyncio.wait_for(said(pool, chunk, "fr"), 20) == "Bonjour."


async def test_warming_up_loads_what_hears_by_default(make_pool: MakePool, chunk: Path) -> None:
    pool = make_pool()
    await pool.warm_up()
    (warm,) = pids(pool)
    await said(pool, chunk)
    assert pids(pool) == [warm]


async def test_what_is_not_needed_leaves_and_comes_back(make_pool: MakePool, chunk: Path) -> None:
    pool = make_pool(idle_seconds=0.2)
    await said(pool, chunk)
    (pid,) = pids(pool)
    await asyncio.to_thread(until, lambda: pids(pool) == [None])
    await asyncio.to_thread(until, lambda: not psutil.pid_exists(pid or 0))
    assert (await said(pool, chunk)).startswith("One two three")


async def test_who_works_longer_than_that_is_not_idle(make_pool: MakePool, chunk: Path) -> None:
    pool = make_pool(idle_seconds=0.2, model="speed=10")  # it works for 0.7 s
    await pool.warm_up()
    before = pids(pool)
    first, second = (asyncio.create_task(said(pool, chunk)) for _ in range(2))
    assert (await first).startswith("One two three")
    assert (await second).startswith("One two three")
    assert pids(pool) == before


async def test_the_pool_is_one_engine_to_who_knows_nothing(make_pool: MakePool, chunk: Path) -> None:
    items = [item async for item in make_pool().transcribe(chunk, SPEECH, UNGUIDED)]
    assert isinstance(items[-1], ChunkTranscript)
