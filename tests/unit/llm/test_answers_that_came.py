"""An answer that came is kept, whoever goes away meanwhile, and the same questions are asked when a task runs again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import UUID

import pytest

from asking_models import asking, provider, question, routing, with_llms
from diarist.database.session import Database
from diarist.llm.cache import AnswersInFiles, Kept
from diarist.llm.opening import open_router
from diarist.llm.receipts import list_receipts
from diarist.settings import Settings
from llm_servers import Fault, Llms

ROOM = {"input_tokens": 500, "output_tokens": 500}


class _Slow(AnswersInFiles):
    """Takes its time to write, as a cache does that is far away."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, days=1.0)
        self.begun, self.may_go_on = asyncio.Event(), asyncio.Event()

    async def put(self, key: str, kept: Kept) -> None:
        self.begun.set()
        await self.may_go_on.wait()
        await super().put(key, kept)


async def test_a_cancelled_task_keeps_the_answer_that_it_has(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = _Slow(tmp_path / "answers")
    monkeypatch.setattr("diarist.llm.opening.AnswersInFiles", lambda *_: slow)
    async with routing(settings, database, provider(llms, "openai")) as router:
        task = asyncio.create_task(router.ask(question(), account=asking(account_id)))
        await slow.begun.wait()
        task.cancel()
        slow.may_go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        again = await router.ask(question(), account=asking(account_id))

    assert again.cached
    assert len(llms.asked()) == 1
    async with database.read() as session:
        assert {row.state for row in await list_receipts(session, account_id, 10)} == {"answered"}


async def test_a_cancelled_task_does_not_wait_for_an_answer(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.delay = 30.0
    async with routing(settings, database, provider(llms, "openai")) as router:
        task = asyncio.create_task(router.ask(question(), account=asking(account_id)))
        while not llms.asked():
            await asyncio.sleep(0.01)
        task.cancel()
        async with asyncio.timeout(10):
            with pytest.raises(asyncio.CancelledError):
                await task

    async with database.read() as session:
        [receipt] = await list_receipts(session, account_id, 10)
    # It may have been billed: it is on the receipt, and nothing says that it was not.
    assert [(hop["provider"], hop["outcome"]) for hop in receipt.hops] == [("openai", "asked")]


async def test_who_is_left_alone_for_now_is_still_who_questions_are_cut_for(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    providers = [
        provider(llms, "openai", model={"context_tokens": 100_000, "quality": 60}),
        provider(llms, "openai_compatible", model={"context_tokens": 4000, "price": {"input": "1", "output": "1"}}),
    ]
    llms.always["openai"] = Fault.NO_KEY
    async with open_router(with_llms(settings, *providers), database, None, {}) as router:
        before = await router.preferred(asking(account_id), **ROOM)
        await router.ask(question(), account=asking(account_id))
        ranked = (await router.explain(asking(account_id), **ROOM)).ranked
        after = await router.preferred(asking(account_id, day="0.000001"), **ROOM)

    assert [one.standing.card.provider for one in ranked] == ["openai_compatible"]
    assert before == after
    assert before
    assert before.provider == "openai"
