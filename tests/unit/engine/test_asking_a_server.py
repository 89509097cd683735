"""A real child asks a server: the key reaches it through the pipe alone, and what the server asks for reaches the queue."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from diarist.audio.flac import encode_flac
from diarist.domain.audio import Span
from diarist.domain.transcript import ChunkTranscript
from diarist.engine.process import EngineProcess
from diarist.errors import EngineBusy
from diarist.settings import EngineSettings
from openai_audio_server import Dialect, openai_audio_server

KEY = "sk-very-secret"


@pytest.fixture
def dialect() -> Dialect:
    return Dialect()


@pytest.fixture
def chunk(tmp_path: Path) -> Path:
    path = tmp_path / "chunk.flac"
    path.write_bytes(encode_flac(np.zeros(10 * 16_000, np.int16)))
    return path


@pytest.fixture
def settings(dialect: Dialect) -> Iterator[EngineSettings]:
    with openai_audio_server(dialect) as url:
        yield EngineSettings.model_validate({"name": "openai-compatible", "server": {"url": url, "api_key": KEY}})


@pytest.fixture
async def engine(settings: EngineSettings, tmp_path: Path) -> AsyncIterator[EngineProcess]:
    engine = EngineProcess(settings, tmp_path)
    yield engine
    await engine.close()


async def test_the_key_is_seen_by_the_server_alone(
    engine: EngineProcess, settings: EngineSettings, dialect: Dialect, chunk: Path
) -> None:
    *_, whole = [item async for item in engine.transcribe(chunk, [Span(1.0, 5.0)])]
    assert isinstance(whole, ChunkTranscript)
    assert (whole.engine, whole.model, whole.language) == ("openai-compatible", "whisper-1", "en")
    assert dialect.requests[0].headers["authorization"] == f"Bearer {KEY}"
    child = psutil.Process(engine._child.pid)
    assert KEY not in " ".join((*child.cmdline(), *child.environ().values(), repr(settings)))


async def test_how_long_to_wait_is_told_across_the_border(engine: EngineProcess, dialect: Dialect, chunk: Path) -> None:
    dialect.troubles = [(429, {"Retry-After": "77"}, {"error": {"message": "slow down"}})]
    with pytest.raises(EngineBusy, match="slow down") as caught:
        _ = [item async for item in engine.transcribe(chunk, [Span(1.0, 5.0)])]
    assert caught.value.retry_after == 77
