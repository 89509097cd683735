"""Fixtures of the API's tests: a server on a loopback port, over a real database and a real blob store."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from diarist.settings import DatabaseSettings, EngineSettings, ImportSettings, Settings
from diarist.settings.webhooks import WebhookSettings
from made_audio import beep, write_audio
from postgres_server import PostgresServer
from served import served, worked_for
from waiting import until

SAMPLE = Path(__file__).parents[2] / "samples" / "tuesday_evening.opus"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What is about the embedded database is not asked of the other one."""
    if item.get_closest_marker("sqlite_only") and item.config.getoption("--api-on") != "sqlite":
        pytest.skip("is about the embedded database")


@contextmanager
def settings_in(folder: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Nothing is imported, and nothing is sent: made-up requests must not reach the web."""
    settings = Settings(
        data_dir=folder / "data",
        cache_dir=folder / "cache",
        engine=EngineSettings(name="scripted"),
        imports=ImportSettings(enabled=False),
        webhooks=WebhookSettings(ports=[]),
    )
    if request.config.getoption("--api-on") == "sqlite":
        yield settings
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.create_migrated()
    yield settings.model_copy(update={"database": DatabaseSettings(url=url)})
    server.drop(url)


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    with settings_in(tmp_path, request) as settings:
        yield settings


@pytest.fixture
def client(settings: Settings) -> Iterator[httpx.Client]:
    """Of a server without workers: jobs stay queued."""
    with served(settings) as client:
        yield client


@pytest.fixture(scope="module")
def lasting_settings(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Settings]:
    with settings_in(tmp_path_factory.mktemp("lasting"), request) as settings:
        yield settings


@pytest.fixture(scope="module")
def lasting_client(lasting_settings: Settings) -> Iterator[httpx.Client]:
    """Like `client`, for tests that leave everything as it was; a server takes a second to come and go."""
    with served(lasting_settings) as client:
        yield client


@pytest.fixture(scope="session")
def memo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of two seconds."""
    return write_audio(tmp_path_factory.mktemp("memo") / "memo.wav", beep(2.0, 16_000), 16_000, "pcm_s16le")


@pytest.fixture
def another(memo: Path) -> bytes:
    """A recording whose bytes no other test has given."""
    return memo.read_bytes() + uuid4().bytes


@pytest.fixture(scope="module")
def working_client(lasting_settings: Settings) -> Iterator[httpx.Client]:
    """Of a server with workers, whose engine is the scripted one."""
    with worked_for(lasting_settings) as client:
        yield client


@pytest.fixture(scope="module")
def finished_job(working_client: httpx.Client) -> dict[str, Any]:
    """The job of a memo, once it has ended."""
    with SAMPLE.open("rb") as memo:
        location = working_client.post("/v1/recordings", files={"file": memo}).headers["Location"]
    ended: dict[str, Any] = until(
        lambda: (job := working_client.get(location).json())["state"] not in {"queued", "running"} and job
    )
    return ended
