"""Fixtures of the API's tests: a server on a loopback port, over a real database and a real blob store."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from diarist.settings import EngineSettings, Settings
from made_audio import beep, write_audio
from served import served


def settings_in(folder: Path) -> Settings:
    return Settings(data_dir=folder / "data", cache_dir=folder / "cache", engine=EngineSettings(name="scripted"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    """Of a server without workers: jobs stay queued."""
    with served(settings) as client:
        yield client


@pytest.fixture(scope="module")
def lasting_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_in(tmp_path_factory.mktemp("lasting"))


@pytest.fixture(scope="module")
def lasting_client(lasting_settings: Settings) -> Iterator[httpx.Client]:
    """Like `client`, for tests that leave everything as it was; a server takes a second to come and go."""
    with served(lasting_settings) as client:
        yield client


@pytest.fixture(scope="session")
def memo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of two seconds."""
    return write_audio(tmp_path_factory.mktemp("memo") / "memo.wav", beep(2.0, 16_000), 16_000, "pcm_s16le")
