from __future__ import annotations

import asyncio

import httpx

from asking_models import asking, provider, question, routing
from diarist.accounts.service import account_id
from diarist.database.session import Database
from diarist.settings import Settings
from llm_servers import Fault, llm_servers


async def ask(settings: Settings, times: int) -> None:
    database = Database.open(settings.database_url, settings.database)
    async with database.read() as session:
        owner = await account_id(session)
    with llm_servers() as llms:
        llms.script("openai", Fault.NO_KEY)
        priced = {"price": {"input": "1", "output": "5"}, "quality": 40}
        providers = [provider(llms, "openai"), provider(llms, "anthropic", model=priced, region="eu")]
        async with routing(settings, database, *providers) as router:
            for number in range(times):
                await router.ask(question(f"Walk {number}."), account=asking(owner))
    await database.close()


def test_receipts_are_paged_and_tell_every_call(client: httpx.Client, settings: Settings) -> None:
    assert client.get("/v1/receipts").json() == {"items": [], "next_cursor": None}
    asyncio.run(ask(settings, 3))
    first = client.get("/v1/receipts", params={"limit": 2}).json()
    rest = client.get("/v1/receipts", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    receipts = first["items"] + rest["items"]
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (2, 1, None)
    assert [len(receipt["hops"]) for receipt in receipts] == [1, 1, 2]
    oldest = receipts[-1]
    assert [(hop["provider"], hop["outcome"], hop["status"]) for hop in oldest["hops"]] == [
        ("openai", "not_allowed", 401), ("anthropic", "answered", None)
    ]  # fmt: skip
    assert {name: oldest[name] for name in ("provider", "model", "region", "cost_usd", "input_tokens", "cached", "purpose")} == {
        "provider": "anthropic", "model": "claude-haiku-4-5", "region": "eu", "cost_usd": "0.002", "input_tokens": 1000,
        "cached": False, "purpose": "test.page",
    }  # fmt: skip
    assert [(one["provider"], one["decision"], one["code"]) for one in oldest["candidates"]] == [
        ("openai", "failed", "not_allowed"), ("anthropic", "answered", "")
    ]  # fmt: skip
    assert client.get(f"/v1/receipts/{oldest['id']}").json() == oldest
    assert client.get("/v1/receipts/019a0c5f-1b41-7a02-9d15-1f5a2b1f7c40").status_code == 404
