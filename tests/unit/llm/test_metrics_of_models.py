"""What is counted of language models: calls, tokens, money, failovers, breakers, what was masked; never what was asked."""

from __future__ import annotations

from uuid import UUID

import pytest

from asking_models import asking, provider, question, with_llms
from diarist.database.session import Database
from diarist.errors import NoModelAnswered
from diarist.llm.opening import open_router
from diarist.settings import Settings
from diarist.telemetry.metrics import Metrics
from llm_servers import Fault, Llms
from scraped import told

CANARY = "I walked to the canary mill."


@pytest.fixture
def metrics() -> Metrics:
    return Metrics.open()


async def test_calls_tokens_cost_cache_and_failovers(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, metrics: Metrics
) -> None:
    llms.always["openai"] = Fault.BROKEN
    chosen = with_llms(settings, provider(llms, "openai", model={"quality": 90}), provider(llms, "anthropic"), tries=1)
    async with open_router(chosen, database, None, {}, metrics) as router:
        for _ in range(2):
            await router.ask(question(CANARY), account=asking(account_id))
    found = told(metrics)
    assert found.total("diarist_llm_calls_total", provider="openai", outcome="server_failed") == 1
    assert found.total("diarist_llm_calls_total", provider="anthropic", outcome="answered") == 1
    assert found.total("diarist_llm_failovers_total", provider="openai") == 1
    assert found.total("diarist_llm_failovers_total", provider="anthropic") == 0
    assert found.total("diarist_llm_tokens_total", provider="anthropic", direction="input") > 0
    assert found.total("diarist_llm_cost_usd_total", provider="anthropic") > 0
    assert found.total("diarist_llm_call_duration_seconds_count") == 2
    assert found.total("diarist_llm_cache_requests_total", result="miss") == 1
    assert found.total("diarist_llm_cache_requests_total", result="hit") == 1
    assert "canary" not in found.text
    assert str(account_id) not in found.text


async def test_a_breaker_that_opens_is_seen_open(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, metrics: Metrics
) -> None:
    llms.always["openai"] = Fault.NO_KEY
    chosen = with_llms(settings, provider(llms, "openai", model={"quality": 90}), provider(llms, "anthropic"))
    async with open_router(chosen, database, None, {}, metrics) as router:
        await router.ask(question(CANARY), account=asking(account_id))
    found = told(metrics)
    assert found.total("diarist_llm_breaker_openings_total", provider="openai") == 1
    assert found.total("diarist_llm_breaker_state", provider="openai") == 1
    assert found.total("diarist_llm_breaker_state", provider="anthropic") == 0


async def test_a_budget_that_is_spent_keeps_calls_from_being_made(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, metrics: Metrics
) -> None:
    async with open_router(with_llms(settings, provider(llms, "openai")), database, None, {}, metrics) as router:
        with pytest.raises(NoModelAnswered):
            await router.ask(question(CANARY), account=asking(account_id, day="0.0000001"))
    assert told(metrics).total("diarist_llm_calls_total") == 0
