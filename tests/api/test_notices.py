"""Notices over HTTP: what the owner of an account should know now."""

from __future__ import annotations

import asyncio

import httpx

from asking_models import asking, provider, question, routing
from diarist.accounts.service import account_id
from diarist.database.session import Database
from diarist.settings import Settings
from llm_servers import Fault, llm_servers


async def ask(settings: Settings) -> None:
    """In another process of the fleet, as far as the server can tell."""
    database = Database.open(settings.database_url, settings.database)
    async with database.read() as session:
        owner = await account_id(session)
    with llm_servers() as llms:
        llms.always["openai"] = Fault.BROKEN
        providers = provider(llms, "openai"), provider(llms, "mistral")
        async with routing(settings, database, *providers, tries=1, timeout=60.0) as router:
            for number in range(2):
                await router.ask(question(f"Walk {number}."), account=asking(owner))
    await database.close()


def test_who_is_asked_instead_of_a_model_that_fails_is_told_by_a_process_that_asks_none(
    client: httpx.Client, settings: Settings
) -> None:
    assert client.get("/v1/notices").json() == []
    asyncio.run(ask(settings))
    [found] = client.get("/v1/notices").json()
    assert found["kind"] == "model_failing"
    assert found["about"] == {"model": "openai/gpt-4o-mini", "instead": "mistral/mistral-small-latest"}
    assert found["message"].endswith("mistral/mistral-small-latest is asked instead.")
    assert found["since"]
