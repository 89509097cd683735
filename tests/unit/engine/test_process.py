"""A real child hears with the scripted engine: segments as they come, the whole at the end, and all that can go wrong."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import numpy as np
import psutil
import pytest

from diarist.audio.flac import encode_flac
from diarist.domain.audio import Span
from diarist.domain.transcript import ChunkTranscript, Segment, Withdrawn
from diarist.engine.process import EngineProcess
from diarist.errors import ChildDied, EngineFailed, Misconfigured, ModelUnavailable
from diarist.ports.transcription_engine import Guidance
from diarist.settings import EngineSettings

FLAC = encode_flac(np.zeros(30 * 16_000, np.int16))
SPEECH = (Span(1.0, 8.0), Span(20.0, 22.0))

MakeEngine = Callable[..., EngineProcess]


@pytest.fixture
async def make_engine(tmp_path: Path) -> AsyncIterator[MakeEngine]:
    made: list[EngineProcess] = []

    def make(script: str = "auto", name: str = "scripted") -> EngineProcess:
        made.append(EngineProcess(EngineSettings(name=name, model=script), tmp_path))
        return made[-1]

    yield make
    for engine in made:
        await engine.close()


@pytest.fixture(scope="module")
def chunk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chunks") / "chunk.flac"
    path.write_bytes(FLAC)
    return path


async def hear(engine: EngineProcess, chunk: Path, language: str | None = None) -> list[Segment | ChunkTranscript]:
    return [item async for item in engine.transcribe(chunk, SPEECH, Guidance(language=language))]


async def test_segments_come_as_they_are_known_and_then_the_whole(make_engine: MakeEngine, chunk: Path) -> None:
    *segments, whole = await hear(make_engine(), chunk)
    assert len(segments) == 3
    assert whole == ChunkTranscript(
        language="en",
        language_probability=1.0,
        segments=tuple(item for item in segments if isinstance(item, Segment)),
        engine="scripted",
        model="counting",
    )
    assert segments[0] == whole.segments[0]
    assert whole.segments[0].words[0].text == "one"


async def test_what_an_engine_replaced_itself_comes_with_the_whole(make_engine: MakeEngine, chunk: Path) -> None:
    *_, whole = await hear(make_engine("say=It rained.; doubted=It reigned."), chunk)
    assert isinstance(whole, ChunkTranscript)
    assert whole.withdrawn == (Withdrawn(start=1.0, end=1.8, text="It reigned.", suspicions=("doubted",), replaced=True),)


async def test_the_first_segment_does_not_wait_for_the_last(make_engine: MakeEngine, chunk: Path) -> None:
    async with aclosing(make_engine("hang=1;after=1").transcribe(chunk, SPEECH)) as heard:
        first = await asyncio.wait_for(anext(heard), 10)
    assert isinstance(first, Segment)


async def test_the_language_is_passed_on(make_engine: MakeEngine, chunk: Path) -> None:
    whole = (await hear(make_engine(), chunk, language="fr"))[-1]
    assert isinstance(whole, ChunkTranscript)
    assert whole.language == "fr"


async def test_chunks_share_one_child_that_was_warm(make_engine: MakeEngine, chunk: Path) -> None:
    engine = make_engine()
    await engine.warm_up()
    pid = engine._child.pid
    assert pid
    assert await hear(engine, chunk) == await hear(engine, chunk)
    assert engine._child.pid == pid


async def test_a_failure_is_told_and_the_next_chunk_goes_on(make_engine: MakeEngine, chunk: Path) -> None:
    engine = make_engine("fail=1")
    with pytest.raises(EngineFailed, match="script says") as caught:
        await hear(engine, chunk)
    assert caught.value.retryable
    assert await hear(engine, chunk)


async def test_a_death_is_told_and_the_next_chunk_has_a_new_child(make_engine: MakeEngine, tmp_path: Path, chunk: Path) -> None:
    engine = make_engine(f"die=1;after=1;once={tmp_path / 'died'}")
    with pytest.raises(ChildDied, match="the engine process was killed by SIGKILL"):
        await hear(engine, chunk)
    assert len(await hear(engine, chunk)) == 4


async def test_cancelling_kills_what_hangs(make_engine: MakeEngine, tmp_path: Path, chunk: Path) -> None:
    engine = make_engine(f"hang=1;once={tmp_path / 'hung'}")
    await engine.warm_up()
    child = psutil.Process(engine._child.pid)
    task = asyncio.create_task(hear(engine, chunk))
    while not (tmp_path / "hung").exists():
        await asyncio.sleep(0.01)
    before = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - before < 1
    assert not child.is_running()
    assert await hear(engine, chunk)


@pytest.mark.parametrize("flac", [b"", b"not a chunk", FLAC[:30]])
async def test_a_damaged_chunk_is_an_error_of_that_chunk(
    make_engine: MakeEngine, flac: bytes, tmp_path: Path, chunk: Path
) -> None:
    (tmp_path / "damaged.flac").write_bytes(flac)
    engine = make_engine()
    with pytest.raises(EngineFailed, match="cannot be decoded"):
        await hear(engine, tmp_path / "damaged.flac")
    assert await hear(engine, chunk)


async def test_what_cannot_be_opened_says_so_each_time(make_engine: MakeEngine) -> None:
    for engine, error in (
        (make_engine("sing=1"), ModelUnavailable),
        (make_engine(name="parrot"), Misconfigured),
        (make_engine("./nowhere", name="faster-whisper"), ModelUnavailable),
    ):
        for _ in range(2):
            with pytest.raises(error):
                await engine.warm_up()
