"""Notices of an account, from what all processes know together."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from asking_models import asking, provider, question, with_llms
from diarist.accounts.llm_terms import LlmTerms, change_llm_terms
from diarist.database.base import new_id, utc_now
from diarist.database.session import Database
from diarist.errors import NoModelAnswered
from diarist.llm.models import ReceiptRow, ReservationRow
from diarist.llm.money import to_billionths
from diarist.notices.notice import NoticeKind
from diarist.notices.service import notices
from diarist.notifications.models import PauseReason, SubscriptionRow
from diarist.settings import Settings
from diarist.wiring import open_runtime
from llm_servers import Fault, llm_servers

PATIENT = {"timeout": 60.0, "breaker": {"cooldown": 600.0}}
"""However busy the machine is, nobody fails who is well, and who fails is left alone until the test is over."""


async def test_a_provider_is_down_and_another_is_used(settings: Settings, database: Database, account_id: UUID) -> None:
    with llm_servers() as llms:
        llms.always["openai"] = Fault.BROKEN
        providers = provider(llms, "openai", model={"quality": 90}), provider(llms, "mistral")
        chosen = with_llms(settings, *providers, tries=1, **PATIENT)
        async with open_runtime(chosen, None) as runtime:
            assert await notices(runtime, account_id) == []
            for number in range(3):
                await runtime.router.ask(question(f"Walk {number}."), account=asking(account_id))
            [found] = await notices(runtime, account_id)
    assert found.kind is NoticeKind.MODEL_FAILING
    assert found.about == {"model": "openai/gpt-4o-mini", "instead": "mistral/mistral-small-latest"}
    assert "left alone for" in found.message


async def test_nobody_answers(settings: Settings, database: Database, account_id: UUID) -> None:
    with llm_servers() as llms:
        llms.always["openai"] = Fault.NO_KEY
        async with open_runtime(with_llms(settings, provider(llms, "openai"), tries=1, **PATIENT), None) as runtime:
            with pytest.raises(NoModelAnswered):
                await runtime.router.ask(question("Walk."), account=asking(account_id))
            found = await notices(runtime, account_id)
    assert [one.kind for one in found] == [NoticeKind.MODEL_FAILING, NoticeKind.NO_MODEL]


async def test_budgets_and_webhooks_of_this_account_and_no_other(
    settings: Settings, database: Database, account_id: UUID
) -> None:
    async with database.write() as session:
        await change_llm_terms(session, "local", lambda _: LlmTerms(day_usd=Decimal(10), month_usd=Decimal(10)))
        receipt = ReceiptRow(
            id=new_id(), account_id=account_id, purpose="test", prompt_version="1", state="answered", text_sha256="", masked={},
            hops=[],
        )  # fmt: skip
        session.add(receipt)
        await session.flush()
        session.add(
            ReservationRow(
                account_id=account_id, receipt_id=receipt.id, day=utc_now().date(), reserved=0, spent=to_billionths(Decimal(9)),
            )
        )  # fmt: skip
        session.add(
            SubscriptionRow(
                account_id=account_id, url="https://example.org/hook", label="", events=[], secret="x",  # noqa: S106 - of nobody
                paused_at=utc_now(), pause_reason=PauseReason.GONE,
            )
        )  # fmt: skip
    async with open_runtime(settings, None) as runtime:
        found = await notices(runtime, account_id)
    assert [one.kind for one in found] == [
        NoticeKind.BUDGET_NEARLY_SPENT, NoticeKind.BUDGET_NEARLY_SPENT, NoticeKind.WEBHOOKS_PAUSED
    ]  # fmt: skip
    assert "9.00 of 10.00 USD" in found[0].message
