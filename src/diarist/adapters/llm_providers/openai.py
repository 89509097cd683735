"""OpenAI, by its chat completions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diarist.adapters.llm_providers.extras import needing
from diarist.adapters.llm_providers.pydantic_ai_provider import PydanticAiProvider
from diarist.ports.language_model import ProviderOptions

if TYPE_CHECKING:
    from pydantic_ai.models import Model


def open_provider(options: ProviderOptions) -> PydanticAiProvider:
    """See the port."""
    with needing("llm"):
        from openai import AsyncOpenAI
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.providers.openai import OpenAIProvider

    client = AsyncOpenAI(api_key=options.api_key, base_url=options.base_url or None, max_retries=0)
    provider = OpenAIProvider(openai_client=client)

    def model(name: str) -> Model:
        return OpenAIChatModel(name, provider=provider)

    return PydanticAiProvider(model, options.form, client.close)
