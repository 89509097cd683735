"""The providers that are configured, opened when they are first asked, and the models that they have."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack

from diarist.domain.privacy import Region
from diarist.errors import Misconfigured
from diarist.llm.candidates import ModelCard
from diarist.llm.money import Price, Tokens, context_tokens, cost
from diarist.plugins import load
from diarist.ports.language_model import Form, OpenProvider, Provider, ProviderOptions
from diarist.settings.llm import LlmSettings, ModelSettings, ProviderSettings

GROUP = "diarist.llm_providers"
_CONTEXT = 8192
"""Tokens that a model takes of which nobody knows it."""

# Qualities are our guesses from what the makers say, not measurements; who measures sets his own.
_DEFAULTS = (
    ("OPENAI_API_KEY", "openai", Region.ANYONE, (("gpt-5-mini", 70, 400_000), ("gpt-5", 85, 400_000))),
    ("ANTHROPIC_API_KEY", "anthropic", Region.ANYONE, (("claude-haiku-4-5", 72, 200_000), ("claude-sonnet-4-5", 86, 200_000))),
    ("MISTRAL_API_KEY", "mistral", Region.EU, (("mistral-small-latest", 62, 128_000), ("mistral-large-latest", 78, 128_000))),
)


def configured(settings: LlmSettings, environment: Mapping[str, str]) -> list[ProviderSettings]:
    """The providers in force: none unless language models are enabled."""
    if not settings.enabled:
        return []
    if settings.providers:
        return settings.providers
    return [
        ProviderSettings(
            name=kind, kind=kind, api_key_env=variable, region=region,
            models=[ModelSettings(name=name, quality=quality, context_tokens=context) for name, quality, context in models],
        )
        for variable, kind, region, models in _DEFAULTS
        if environment.get(variable)
    ]  # fmt: skip


def model_cards(providers: Sequence[ProviderSettings], settings: LlmSettings) -> list[ModelCard]:
    """Every model, in the order of the settings; takes the time of an import where genai-prices has to be asked."""
    cards = [
        ModelCard(
            provider=provider.name,
            kind=provider.kind,
            model=model.name,
            region=provider.region,
            context_tokens=model.context_tokens or _known_context(provider, model),
            quality=model.quality,
            price=Price(input=model.price.input, output=model.price.output) if model.price else None,
            temperature=model.temperature,
            timeout=provider.timeout or settings.timeout,
        )
        for provider in providers
        for model in provider.models
    ]
    for card in cards:
        cost(card, Tokens(input=0, output=0))  # imports what knows the prices here, and not when a call is weighed
    return cards


def _known_context(provider: ProviderSettings, model: ModelSettings) -> int:
    found = None if provider.region is Region.SELF_HOSTED else context_tokens(provider.kind, model.name)
    return found or _CONTEXT


class Providers:
    """Opens each of them once."""

    def __init__(self, providers: Sequence[ProviderSettings], environment: Mapping[str, str]) -> None:
        self._settings = {provider.name: provider for provider in providers}
        self._environment = environment
        self._opened: dict[str, Provider] = {}
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()

    async def provider(self, name: str) -> Provider:
        """Raises `Misconfigured`, such as for a missing extra."""
        async with self._opening:
            if name not in self._opened:
                settings = self._settings[name]
                # Importing an SDK takes seconds; the event loop has other things to do.
                open_provider: OpenProvider = await asyncio.to_thread(load, GROUP, settings.kind)
                provider = await asyncio.to_thread(open_provider, self._options(settings))
                self._stack.push_async_callback(provider.close)
                self._opened[name] = provider
            return self._opened[name]

    async def close(self) -> None:
        """Close those that were opened."""
        await self._stack.aclose()

    def _options(self, settings: ProviderSettings) -> ProviderOptions:
        key = settings.api_key.get_secret_value()
        if settings.api_key_env:
            key = self._environment.get(settings.api_key_env, "")
            if not key:
                raise Misconfigured(
                    f"the provider {settings.name!r} has its key in {settings.api_key_env}, which is not set",
                    advice=f"Set {settings.api_key_env}, or change DIARIST_LLM__PROVIDERS.",
                )
        form = Form(settings.form) if settings.form else None
        return ProviderOptions(name=settings.name, base_url=settings.base_url, api_key=key, form=form)
