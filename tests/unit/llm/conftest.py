"""What tests of language models have: servers that speak the real formats over real sockets."""

from collections.abc import Iterator

import pytest

from llm_servers import Llms, llm_servers
from redis_server import redis_server


@pytest.fixture
def llms() -> Iterator[Llms]:
    with llm_servers() as servers:
        yield servers


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server.url
