"""What tests of the router ask with: settings for servers that speak the real formats, and a small question."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from diarist.database.session import Database
from diarist.domain.budget import BudgetLimits
from diarist.domain.masking import MaskingPolicy
from diarist.domain.privacy import Privacy
from diarist.llm.asking import Ask, Asker
from diarist.llm.opening import open_router
from diarist.llm.router import Router
from diarist.ports.event_bus import EventBus
from diarist.settings import Settings
from diarist.settings.llm import LlmSettings
from llm_servers import Llms

UNMASKED = MaskingPolicy(where=frozenset())
MODELS = {
    "openai": "gpt-4o-mini",
    "anthropic": "claude-haiku-4-5",
    "mistral": "mistral-small-latest",
    "openai_compatible": "llama",
}


class Page(BaseModel):
    """What is asked for."""

    title: str = Field(max_length=60)


def provider(llms: Llms, kind: str, name: str = "", **more: Any) -> dict[str, Any]:
    """A provider of that kind as the setting has it; `url` replaces its address, `model` adds to its model."""
    name = name or kind
    model = {"name": MODELS[kind], "context_tokens": 100_000, "quality": 50, **more.pop("model", {})}
    url = more.pop("url", llms.url(name, kind))
    return {"name": name, "kind": kind, "base_url": url, "api_key": f"key-of-{name}", "models": [model], **more}


def with_llms(settings: Settings, *providers: dict[str, Any], **more: Any) -> Settings:
    """The settings with language models; of equals, those that stand first are asked first."""
    more = {"weights": {"quality": 1.0}, "timeout": 5.0, **more}
    llm = LlmSettings.model_validate({"enabled": True, "providers": list(providers), **more})
    return settings.model_copy(update={"llm": llm})


@asynccontextmanager
async def routing(
    settings: Settings, database: Database, *providers: dict[str, Any], events: EventBus | None = None, **more: Any
) -> AsyncIterator[Router]:
    """A router over such providers."""
    async with open_router(with_llms(settings, *providers, **more), database, events, {}) as router:
        yield router


def question(prompt: str = "I walked to the mill.", **more: Any) -> Ask[Page]:
    """A small one."""
    given: dict[str, Any] = {
        "purpose": "test.page", "prompt_version": "1", "system": "Give it a title.", "max_output_tokens": 300, "deadline": 20.0
    }  # fmt: skip
    return Ask(prompt=prompt, answer=Page, **{**given, **more})


def asking(account_id: UUID, *, day: str | None = None, month: str | None = None, **more: Any) -> Asker:
    """An account that masks nothing unless told otherwise, with a budget in USD."""
    budget = BudgetLimits(day=Decimal(day) if day else None, month=Decimal(month) if month else None)
    return Asker(id=account_id, budget=budget, **{"privacy": Privacy.ANYONE, "masking": UNMASKED, **more})
