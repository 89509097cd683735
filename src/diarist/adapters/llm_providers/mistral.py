"""Mistral, by its chat completions."""

from __future__ import annotations

from functools import partial

from diarist.adapters.llm_providers.extras import needing
from diarist.adapters.llm_providers.pydantic_ai_provider import PydanticAiProvider
from diarist.ports.language_model import ProviderOptions


def open_provider(options: ProviderOptions) -> PydanticAiProvider:
    """See the port."""
    with needing("mistral"):
        from pydantic_ai.models import create_async_httpx2_client
        from pydantic_ai.models.mistral import MistralModel
        from pydantic_ai.providers.mistral import MistralProvider

    # Its SDK retries nothing unless it is told to.
    client = create_async_httpx2_client()
    provider = MistralProvider(api_key=options.api_key, base_url=options.base_url or None, http_client=client)
    return PydanticAiProvider(partial(MistralModel, provider=provider), options.form, client.aclose)
