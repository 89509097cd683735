import asyncio
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from asking_models import Page, asking, provider, question, routing
from diarist.adapters.event_buses.memory import open_bus
from diarist.database.base import new_id, utc_now
from diarist.database.session import Database
from diarist.domain.budget import BudgetLimits
from diarist.domain.events import Event, EventKind
from diarist.errors import BudgetSpent, NoModelAnswered
from diarist.llm import budget
from diarist.llm.asking import Answer
from diarist.llm.models import ReceiptRow, ReservationRow
from diarist.settings import Settings
from llm_servers import Fault, Llms

DAY = BudgetLimits(day=Decimal("0.10"))
PRICE = {"input": "10", "output": "50"}
"""USD for a million tokens: 0.02 for what the servers say that an answer takes."""


async def receipt(database: Database, account_id: UUID) -> UUID:
    async with database.write() as session:
        return await receipt_in(session, account_id)


async def reserve(database: Database, account_id: UUID, limits: BudgetLimits, usd: str) -> UUID:
    receipt_id = await receipt(database, account_id)
    async with database.write() as session:
        return await budget.reserve(session, account_id, limits, receipt_id, Decimal(usd))


async def spent(database: Database, account_id: UUID) -> budget.Spent:
    async with database.read() as session:
        return await budget.spent_by(session, account_id)


async def test_what_is_promised_counts_until_it_is_settled(database: Database, account_id: UUID) -> None:
    first = await reserve(database, account_id, DAY, "0.06")
    with pytest.raises(BudgetSpent, match=r"0\.040000 USD are left"):
        await reserve(database, account_id, DAY, "0.05")
    async with database.write() as session:
        assert await budget.settle(session, first, DAY, Decimal("0.01")) == []
    await reserve(database, account_id, DAY, "0.09")
    assert (await spent(database, account_id)).day == Decimal("0.10")


async def test_the_budget_of_another_account_is_another(database: Database, account_id: UUID) -> None:
    from diarist.accounts.service import add_account

    async with database.write() as session:
        other = (await add_account(session, "other")).id
    await reserve(database, other, DAY, "0.10")
    await reserve(database, account_id, DAY, "0.10")


async def test_a_month_counts_its_days_and_a_day_itself(database: Database, account_id: UUID) -> None:
    today = utc_now().date()
    async with database.write() as session:
        receipt_id = await receipt_in(session, account_id)
        for days in range(40):
            session.add(ReservationRow(account_id=account_id, receipt_id=receipt_id, day=today - timedelta(days), reserved=10**9))
    found = await spent(database, account_id)
    assert (found.day, found.month) == (Decimal(1), Decimal(today.day))
    with pytest.raises(BudgetSpent):
        await reserve(database, account_id, BudgetLimits(month=Decimal(today.day)), "0.000001")


async def receipt_in(session: AsyncSession, account_id: UUID) -> UUID:
    row = ReceiptRow(
        id=new_id(), account_id=account_id, purpose="test", prompt_version="1", state="asking", text_sha256="0" * 64, masked={},
        hops=[],
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row.id


async def test_four_fifths_are_told_once(database: Database, account_id: UUID) -> None:
    told = []
    for _ in range(10):
        reservation = await reserve(database, account_id, DAY, "0.01")
        async with database.write() as session:
            told.append(await budget.settle(session, reservation, DAY, Decimal("0.01")))
    assert [len(warnings) for warnings in told] == [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    assert told[7] == [budget.Warned(period="day", spent=Decimal("0.08"), limit=Decimal("0.10"))]


async def test_fifty_promises_at_once_fill_the_budget_and_no_more(database: Database, account_id: UUID) -> None:
    promised = await asyncio.gather(*(reserve(database, account_id, DAY, "0.007") for _ in range(50)), return_exceptions=True)
    assert sum(isinstance(one, UUID) for one in promised) == 14
    assert sum(isinstance(one, BudgetSpent) for one in promised) == 36
    assert (await spent(database, account_id)).day == Decimal("0.098")


async def test_fifty_calls_at_once_cannot_pass_the_budget(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    """Each may cost 0.03 USD at most and costs 0.02; the budget has room for less than half of them."""
    llms.delay = 0.05
    only = provider(llms, "openai", model={"price": PRICE})
    async with routing(settings, database, only) as router:
        account = asking(account_id, day="0.40")
        results: Sequence[Answer[Page] | BaseException] = await asyncio.gather(
            *(router.ask(question(f"Walk {number}.", deadline=60.0), account=account) for number in range(50)),
            return_exceptions=True,
        )
    answered = [one for one in results if isinstance(one, Answer)]
    refused = [one for one in results if isinstance(one, NoModelAnswered)]
    assert len(answered) + len(refused) == 50
    assert len(llms.asked()) == len(answered)
    assert Decimal("0.20") < (await spent(database, account_id)).day <= Decimal("0.40")
    assert all("USD are left" in str(error) for error in refused)


async def test_fifty_calls_at_once_cannot_pass_the_budget_through_several_routers_and_providers_that_fail(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    """Failover, repairs, answers that may have been billed: what is counted fills the budget to the last cent, and no further.

    Words that go in are free here, so that each call costs what it may cost at most, and a promise too many shows in the end.
    """
    llms.delay = 0.02
    llms.script("anthropic", *[Fault.NO_JSON, Fault.HUNG_UP, Fault.NONE, Fault.LENGTH] * 10)
    llms.script("openai", *[Fault.NONE, Fault.BROKEN, Fault.WRONG_SCHEMA] * 10)
    providers = [provider(llms, kind, model={"price": {"input": "0", "output": "50"}}) for kind in ("anthropic", "openai")]
    limit, patient = Decimal("0.30"), {"failures": 100}
    async with (
        routing(settings, database, *providers, breaker=patient) as one_router,
        routing(settings, database, *providers, breaker=patient) as other_router,
    ):
        account, routers = asking(account_id, day=str(limit)), (one_router, other_router)
        questions = [question(f"Walk {number}.", deadline=60.0, max_output_tokens=200) for number in range(50)]
        asked = (routers[place % 2].ask(one, account=account) for place, one in enumerate(questions))
        results: Sequence[Answer[Page] | BaseException] = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(one, Answer | NoModelAnswered) for one in results)
    async with database.read() as session:
        receipts = (await session.scalars(select(ReceiptRow))).all()
        reserved = (await session.scalars(select(ReservationRow))).all()
    paid = sum(Decimal(hop["cost_usd"]) + Decimal(hop["may_have_cost_usd"]) for row in receipts for hop in row.hops)
    assert (await spent(database, account_id)).day == paid == limit
    assert all(row.settled_at is not None for row in reserved)
    assert len(reserved) == len(llms.asked()) == sum(len(row.hops) for row in receipts)


async def test_an_account_without_money_falls_to_a_cheaper_model(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    dear = provider(llms, "anthropic", model={"price": {"input": "1000", "output": "5000"}, "quality": 90})
    cheap = provider(llms, "openai", model={"price": {"input": "1", "output": "1"}})
    async with routing(settings, database, dear, cheap) as router:
        answer = await router.ask(question(), account=asking(account_id, day="0.01"))
    assert (answer.provider, len(llms.asked("anthropic"))) == ("openai", 0)


@pytest.mark.sqlite_only
async def test_what_may_have_been_billed_stays_spent(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.always["openai"] = Fault.HUNG_UP
    only = provider(llms, "openai", model={"price": PRICE})
    async with routing(settings, database, only, tries=1) as router:
        with pytest.raises(NoModelAnswered) as caught:
            await router.ask(question(), account=asking(account_id, day="1"))
    (hop,) = caught.value.hops
    assert hop.may_have_cost_usd > 0
    assert (await spent(database, account_id)).day == hop.may_have_cost_usd


@pytest.mark.sqlite_only
async def test_a_call_whose_process_ends_stays_on_its_receipt_and_on_the_budget(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.always["openai"] = Fault.SLOW
    async with routing(settings, database, provider(llms, "openai", model={"price": PRICE})) as router:
        task = asyncio.create_task(router.ask(question(), account=asking(account_id, day="1")))
        while not llms.asked():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with database.read() as session:
        (row,) = await session.scalars(select(ReceiptRow))
    assert (row.state, [hop["outcome"] for hop in row.hops]) == ("asking", ["asked"])
    assert (await spent(database, account_id)).day > 0


@pytest.mark.sqlite_only
async def test_who_listens_is_told_before_the_money_is_gone(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    only = provider(llms, "openai", model={"price": PRICE})
    async with open_bus("memory:budget") as bus, bus.subscribe() as events:
        async with routing(settings, database, only, events=bus) as router:
            for number in range(5):
                await router.ask(question(f"Walk {number}."), account=asking(account_id, day="0.12"))
        event = await asyncio.wait_for(anext(events), 5.0)
    assert isinstance(event, Event)
    assert (event.kind, event.account_id, event.data) == (
        EventKind.BUDGET_NEARLY_SPENT, account_id, {"period": "day", "spent_usd": 0.1, "limit_usd": 0.12}
    )  # fmt: skip
