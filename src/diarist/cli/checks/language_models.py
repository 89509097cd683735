"""The language models that may be asked; those in files are looked at, and loaded if wanted, for they cost nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from diarist.cli.checks.check import Check, Status, failed
from diarist.cli.clock import duration, size
from diarist.errors import DiaristError, Misconfigured
from diarist.llm.model_file import read_model_file
from diarist.llm.providers import Providers, configured, patience
from diarist.ports.language_model import CallFailed, Question
from diarist.settings import Settings
from diarist.settings.llm import ModelSettings, ProviderSettings

_SCHEMA = {"type": "object", "properties": {"well": {"type": "boolean"}}, "required": ["well"], "additionalProperties": False}


def language_models(settings: Settings) -> Iterator[Check]:
    """Which there are, and whether those in files can be loaded as far as their headers tell; nobody is asked."""
    providers = configured(settings.llm, os.environ)
    if not providers:
        yield Check("language models", Status.OK, "none; entries hold the speaker's own sentences")
        return
    told = (f"{provider.name} ({provider.kind}, {provider.region.value})" for provider in providers)
    yield Check("language models", Status.OK, f"{', '.join(told)}; not asked here")
    for provider, model, path in _in_files(providers):
        yield _file(provider, model, path)


async def answering(settings: Settings) -> list[Check]:
    """Whether each model in a file is loaded and answers by a grammar."""
    found = configured(settings.llm, os.environ)
    providers = Providers(found, os.environ)
    try:
        return [
            await _answer(providers, provider, model, patience(provider, settings.llm)) for provider, model, _ in _in_files(found)
        ]
    finally:
        await providers.close()


def _in_files(providers: list[ProviderSettings]) -> Iterator[tuple[ProviderSettings, ModelSettings, Path]]:
    for provider in providers:
        for model in provider.models:
            if model.path is not None:
                yield provider, model, model.path


def _file(provider: ProviderSettings, model: ModelSettings, path: Path) -> Check:
    import psutil

    name = f"{provider.name}/{model.name}"
    try:
        file = read_model_file(path)
        room = file.taking(model.context_tokens).context_tokens
    except DiaristError as error:
        return failed(name, error)
    if find_spec("xllamacpp") is None:
        return Check(name, Status.FAIL, "llama.cpp is not installed", "`pip install 'diarist[llama]'` brings it.")
    needed, free = file.memory(room), psutil.virtual_memory().available
    tokens = f"{room} of {file.context_tokens} tokens"
    detail = f"{file.name or path.name} ({file.architecture}), {size(file.size)}, {tokens}, about {size(needed)} of memory"
    if needed > free:
        advice = "Choose a smaller model, lower its context_tokens in DIARIST_LLM__PROVIDERS, or free some memory."
        return Check(name, Status.WARN, f"{detail}, of which {size(free)} are free", advice)
    return Check(name, Status.OK, f"{detail}; `diarist doctor --deep` loads it")


async def _answer(providers: Providers, provider: ProviderSettings, model: ModelSettings, seconds: float) -> Check:
    name, started = f"{provider.name}/{model.name} answers", time.monotonic()
    question = Question(
        model=model.name, system="Say whether you are well.", prompt="Are you well?", schema=_SCHEMA, max_output_tokens=50,
        timeout=seconds, temperature=model.temperature, extra=model.extra,
    )  # fmt: skip
    try:
        reply = await (await providers.provider(provider.name)).ask(question)
    except Misconfigured as error:
        return failed(name, error)
    except CallFailed as error:
        if isinstance(error.__cause__, DiaristError):
            return failed(name, error.__cause__)
        return Check(name, Status.FAIL, f"it was asked: {error.outcome.value}", "The log of the command may say more.")
    took = duration(time.monotonic() - started)
    return Check(name, Status.OK, f"it was loaded and wrote {reply.output_tokens} tokens in {took}")
