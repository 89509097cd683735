"""Receipts name every model that was thought of, and why it was asked or not."""

from typing import Any
from uuid import UUID

import pytest

from asking_models import asking, provider, question, routing
from diarist.database.session import Database
from diarist.domain.privacy import Privacy
from diarist.errors import NoModelAnswered
from diarist.llm.receipts import list_receipts
from diarist.settings import Settings
from llm_servers import Fault, Llms

pytestmark = pytest.mark.sqlite_only


async def newest(database: Database, account_id: UUID) -> tuple[str, list[dict[str, Any]]]:
    """State and candidates of the newest receipt."""
    async with database.read() as session:
        row = (await list_receipts(session, account_id, 1))[0]
    return row.state, row.candidates or []


def told(candidates: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["provider"], one["decision"], one["code"]) for one in candidates]


async def test_each_model_has_its_reason(settings: Settings, database: Database, account_id: UUID, llms: Llms) -> None:
    llms.always["bad"] = Fault.REFUSAL
    providers = [
        provider(llms, "openai", "bad", model={"quality": 90}),
        provider(llms, "mistral", "keyless", model={"quality": 80}, api_key="", api_key_env="NOT_SET_ANYWHERE"),
        provider(llms, "openai", "good", model={"quality": 70}),
        provider(llms, "anthropic", "next", model={"quality": 60}),
        provider(llms, "openai", "small", model={"quality": 99, "context_tokens": 600}),
        provider(llms, "openai", "weak", model={"quality": 10}),
    ]
    async with routing(settings, database, *providers) as router:
        await router.ask(question("I walked to the mill. " * 50, quality=20), account=asking(account_id))
    state, candidates = await newest(database, account_id)
    assert state == "answered"
    assert told(candidates) == [
        ("bad", "failed", "refused"), ("keyless", "rejected", "misconfigured"), ("good", "answered", ""),
        ("next", "not_needed", ""), ("small", "rejected", "context"), ("weak", "rejected", "quality"),
    ]  # fmt: skip
    good = candidates[2]
    assert good["reason"] == "it has the best score of those that were left"
    assert (good["quality"], good["score"], good["parts"]["quality"]) == (70.0, 0.3, 0.3)
    assert "NOT_SET_ANYWHERE" in candidates[1]["reason"]
    assert "walked" not in str(candidates)


async def test_a_question_that_nobody_may_get_has_a_receipt_that_says_so(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    async with routing(settings, database, provider(llms, "openai")) as router:
        with pytest.raises(NoModelAnswered) as caught:
            await router.ask(question(), account=asking(account_id, privacy=Privacy.SELF_HOSTED))
    assert (await newest(database, account_id))[0] == "failed"
    assert told((await newest(database, account_id))[1]) == [("openai", "rejected", "privacy")]
    async with database.read() as session:
        (row,) = await list_receipts(session, account_id, 5)
    assert (row.id, row.hops, row.provider) == (caught.value.receipt_id, [], None)
    assert not llms.asked()


async def test_an_account_prefers_by_a_preset_of_its_own_and_may_have_but_one_model(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    dear = provider(llms, "openai", "dear", model={"quality": 95, "price": {"input": "10", "output": "50"}})
    cheap = provider(llms, "openai", "cheap", model={"quality": 60, "price": {"input": "0.1", "output": "0.5"}})
    async with routing(settings, database, dear, cheap, weights=None, preset="best") as router:
        assert (await router.ask(question(), account=asking(account_id))).provider == "dear"
        assert (await router.ask(question("Two."), account=asking(account_id, preset="cheap"))).provider == "cheap"
        await router.ask(question("Three."), account=asking(account_id, model="cheap/gpt-4o-mini"))
    assert told((await newest(database, account_id))[1]) == [("cheap", "answered", ""), ("dear", "rejected", "not_chosen")]


async def test_an_earlier_answer_was_chosen_before(settings: Settings, database: Database, account_id: UUID, llms: Llms) -> None:
    async with routing(settings, database, provider(llms, "openai")) as router:
        await router.ask(question(), account=asking(account_id))
        await router.ask(question(), account=asking(account_id))
    assert await newest(database, account_id) == ("answered", [])
