"""Whatever speaks as OpenAI's chat completions do: vLLM, Ollama, llama.cpp's server and others."""

from __future__ import annotations

from functools import partial

from diarist.adapters.llm_providers.extras import needing
from diarist.adapters.llm_providers.pydantic_ai_provider import PydanticAiProvider
from diarist.errors import Misconfigured
from diarist.ports.language_model import ProviderOptions


def open_provider(options: ProviderOptions) -> PydanticAiProvider:
    """See the port."""
    if not options.base_url:
        raise Misconfigured(
            f"the provider {options.name!r} has no base_url",
            advice='DIARIST_LLM__PROVIDERS needs it, such as "http://localhost:11434/v1" for Ollama.',
        )
    with needing("llm"):
        from openai import AsyncOpenAI
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.profiles.openai import OpenAIModelProfile
        from pydantic_ai.providers.openai import OpenAIProvider

    client = AsyncOpenAI(api_key=options.api_key or "none", base_url=options.base_url, max_retries=0)
    provider = OpenAIProvider(openai_client=client)
    # What these servers have in common: the older name of the limit, JSON schemas, and messages of the system first.
    profile = OpenAIModelProfile(
        supports_json_schema_output=True,
        openai_chat_supports_max_completion_tokens=False,
        openai_supports_strict_tool_definition=False,
    )
    return PydanticAiProvider(partial(OpenAIChatModel, provider=provider, profile=profile), options.form, client.close)
