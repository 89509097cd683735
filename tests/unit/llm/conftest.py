"""What tests of language models have: servers that speak the real formats over real sockets."""

from collections.abc import Iterator

import pytest

from llm_servers import Llms, llm_servers


@pytest.fixture
def llms() -> Iterator[Llms]:
    with llm_servers() as servers:
        yield servers
