"""A thousand questions while three providers fail in turns: none is lost, and no valid answer is asked for twice."""

import asyncio
import random
from collections import Counter
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import func, select

from asking_models import MODELS, Page, asking, provider, question, routing
from diarist.database.session import Database
from diarist.llm.asking import Answer
from diarist.llm.models import ReceiptRow, ReservationRow
from diarist.llm.router import Router
from diarist.settings import Settings
from llm_servers import Fault, Llms

QUESTIONS = 1000
AT_ONCE = 10
TURN = 25
"""Questions after which another provider fails, in another way."""
RESTART = 250
"""Questions after which the process starts anew, and its last questions are asked once more, as their tasks were not settled."""
PROVIDERS = ("openai", "anthropic", "mistral")
FAULTS = [fault for fault in Fault if fault not in {Fault.NONE, Fault.SLOW, Fault.TOO_MANY_LONG}]


@pytest.mark.slow
@pytest.mark.sqlite_only
async def test_a_thousand_questions(settings: Settings, database: Database, account_id: UUID, llms: Llms) -> None:
    chance = random.Random(5)
    providers = [
        provider(llms, kind, model={"price": {"input": "1", "output": "5"}, "quality": 60 - place})
        for place, kind in enumerate(PROVIDERS)
    ]
    answers: list[Answer[Page]] = []
    account = asking(account_id, day="1000")

    async def ask(router: Router, number: int) -> None:
        answers.append(await router.ask(question(f"Walk number {number}.", deadline=60.0), account=account))

    for start in range(0, QUESTIONS, RESTART):
        async with routing(settings, database, *providers, breaker={"cooldown": 0.05, "longest": 0.1}) as router:
            for again in range(max(0, start - AT_ONCE), start):
                await ask(router, again)
            for turn in range(start, start + RESTART, TURN):
                llms.always = {PROVIDERS[turn // TURN % 3]: chance.choice(FAULTS)}
                for batch in range(turn, turn + TURN, AT_ONCE):
                    await asyncio.gather(*(ask(router, number) for number in range(batch, min(batch + AT_ONCE, turn + TURN))))
    valid = [request for request in llms.asked() if request.fault is Fault.NONE]
    good = Counter(request.text.partition("Walk number ")[2].partition(".")[0] for request in valid)
    again = AT_ONCE * (QUESTIONS // RESTART - 1)
    assert len(answers) == QUESTIONS + again
    assert sum(answer.cached for answer in answers) == again
    assert (len(good), set(good.values())) == (QUESTIONS, {1})
    async with database.read() as session:
        receipts = (await session.scalars(select(ReceiptRow))).all()
        open_reservations = await session.scalar(select(func.count()).where(ReservationRow.spent.is_(None)))
        reserved = await session.scalar(select(func.count(ReservationRow.id)))
    hops = [hop for receipt in receipts for hop in receipt.hops]
    assert {receipt.state for receipt in receipts} == {"answered"}
    assert (len(hops), open_reservations, reserved) == (len(llms.asked()), 0, len(hops))
    assert sum(Decimal(hop["cost_usd"]) for hop in hops) == sum((answer.cost_usd for answer in answers), Decimal(0))
    assert {hop["model"] for hop in hops} == {MODELS[kind] for kind in PROVIDERS}
