"""OpenAI's own client, as it is installed, for a server of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from openai import DefaultHttpxClient, OpenAI


@contextmanager
def openai_client(client: httpx.Client, *, retries: int = 0) -> Iterator[OpenAI]:
    """Any key will do where nobody asks for one."""
    with DefaultHttpxClient(trust_env=False) as http:
        yield OpenAI(base_url=f"{client.base_url}/v1", api_key="any", max_retries=retries, http_client=http)
