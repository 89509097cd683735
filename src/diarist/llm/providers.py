"""The providers that are configured, opened when they are first asked, and the models that they have."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace

from diarist.domain.privacy import Region
from diarist.errors import Misconfigured, ModelUnavailable
from diarist.llm.candidates import ModelCard
from diarist.llm.model_file import model_in_file
from diarist.llm.money import Price, Tokens, context_tokens, cost
from diarist.plugins import load
from diarist.ports.language_model import Form, ModelInFile, OpenProvider, Provider, ProviderOptions, Upkeep
from diarist.settings.llm import LlmSettings, ModelSettings, ProviderSettings

GROUP = "diarist.llm_providers"
_MEGABYTE = 10**6
_CONTEXT = 8192
"""Tokens that a model takes of which nobody knows it."""
_READS_FOR = 600.0
"""Seconds: on processors a model reads and writes as slowly as people do."""

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
    cards = [_card(provider, model, settings) for provider in providers for model in provider.models]
    for card in cards:
        cost(card, Tokens(input=0, output=0))  # imports what knows the prices here, and not when a call is weighed
    return cards


def patience(provider: ProviderSettings, settings: LlmSettings) -> float:
    """Seconds that one answer of this provider may take."""
    in_files = any(model.path for model in provider.models)
    return provider.timeout or (max(_READS_FOR, settings.timeout) if in_files else settings.timeout)


def _card(provider: ProviderSettings, model: ModelSettings, settings: LlmSettings) -> ModelCard:
    card = ModelCard(
        provider=provider.name,
        kind=provider.kind,
        model=model.name,
        region=provider.region,
        context_tokens=model.context_tokens or _CONTEXT,
        quality=model.quality,
        price=Price(input=model.price.input, output=model.price.output) if model.price else None,
        temperature=model.temperature,
        extra=model.extra,
        timeout=patience(provider, settings),
    )
    if model.path is None:
        return card if model.context_tokens else replace(card, context_tokens=_known_context(provider, model))
    try:
        return replace(card, context_tokens=model_in_file(model.path, model.context_tokens).context_tokens, at_once=1)
    except ModelUnavailable as error:
        # One file that is gone is no reason to ask none of the others.
        return replace(card, unusable=error.message)


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
                provider = await asyncio.to_thread(self._open, self._settings[name])
                self._stack.push_async_callback(provider.close)
                self._opened[name] = provider
            return self._opened[name]

    async def close(self) -> None:
        """Close those that were opened."""
        await self._stack.aclose()

    def _open(self, settings: ProviderSettings) -> Provider:
        """Off the event loop: importing an SDK takes seconds, and reading what a model's file says of itself a part of one."""
        open_provider: OpenProvider = load(GROUP, settings.kind)
        return open_provider(self._options(settings))

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
        return ProviderOptions(
            name=settings.name, base_url=settings.base_url, api_key=key, form=form,
            files=_in_files(settings.models),
            upkeep=Upkeep(
                threads=settings.threads, idle_seconds=settings.idle_seconds, memory_limit=settings.memory_limit_mb * _MEGABYTE
            ),
        )  # fmt: skip


def _in_files(models: Sequence[ModelSettings]) -> dict[str, ModelInFile]:
    """Those that can be read; the choice leaves the others out, and says why."""
    found: dict[str, ModelInFile] = {}
    for model in models:
        if model.path is not None:
            with suppress(ModelUnavailable):
                found[model.name] = model_in_file(model.path, model.context_tokens)
    return found
