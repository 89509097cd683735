"""Anthropic, by its messages."""

from __future__ import annotations

from functools import partial

from diarist.adapters.llm_providers.extras import needing
from diarist.adapters.llm_providers.pydantic_ai_provider import PydanticAiProvider
from diarist.ports.language_model import ProviderOptions


def open_provider(options: ProviderOptions) -> PydanticAiProvider:
    """See the port."""
    with needing("llm"):
        from anthropic import AsyncAnthropic
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

    client = AsyncAnthropic(api_key=options.api_key, base_url=options.base_url or None, max_retries=0)
    provider = AnthropicProvider(anthropic_client=client)
    return PydanticAiProvider(partial(AnthropicModel, provider=provider), options.form, client.close)
