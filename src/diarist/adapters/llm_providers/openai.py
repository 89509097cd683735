"""OpenAI, by its chat completions."""

from __future__ import annotations

from functools import partial

from diarist.adapters.llm_providers.extras import needing
from diarist.adapters.llm_providers.pydantic_ai_provider import PydanticAiProvider
from diarist.ports.language_model import ProviderOptions


def open_provider(options: ProviderOptions) -> PydanticAiProvider:
    """See the port."""
    with needing("llm"):
        from openai import AsyncOpenAI
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.providers.openai import OpenAIProvider

    client = AsyncOpenAI(api_key=options.api_key, base_url=options.base_url or None, max_retries=0)
    provider = OpenAIProvider(openai_client=client)
    return PydanticAiProvider(partial(OpenAIChatModel, provider=provider), options.form, client.close)
