from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from diarist.accounts.llm_terms import LlmTerms, asker, change_llm_terms, own_terms
from diarist.database.session import Database
from diarist.domain.budget import BudgetLimits
from diarist.domain.masking import Kind, MaskingPolicy, Where
from diarist.domain.privacy import Privacy
from diarist.errors import NotFound
from diarist.settings import MaskingSettings, Settings
from diarist.settings.llm import LlmSettings

OWN = LlmTerms(privacy=Privacy.EU, day_usd=Decimal("0.5"), preset="cheap", where=frozenset())


async def test_what_an_account_says_itself_comes_before_the_settings_and_the_rest_is_theirs(
    settings: Settings, database: Database, account_id: UUID
) -> None:
    llm = LlmSettings(day_usd=Decimal(1), month_usd=Decimal(9), privacy=Privacy.NOBODY)
    masking = MaskingSettings(kinds=frozenset({Kind.EMAIL}), where=frozenset({Where.BEFORE_ANY_PROVIDER}))
    settings = settings.model_copy(update={"llm": llm, "masking": masking})
    async with database.write() as session:
        await change_llm_terms(session, "local", lambda _: OWN)
    async with database.read() as session:
        found = await asker(session, account_id, settings)
    assert (found.privacy, found.preset) == (Privacy.EU, "cheap")
    assert found.budget == BudgetLimits(day=Decimal("0.5"), month=Decimal(9))
    assert found.masking == MaskingPolicy(kinds=frozenset({Kind.EMAIL}), where=frozenset())


async def test_terms_are_changed_one_by_one_and_taken_back(database: Database) -> None:
    async with database.write() as session:
        await change_llm_terms(session, "local", lambda _: OWN)
    async with database.write() as session:
        account = await change_llm_terms(session, "local", lambda own: replace(own, day_usd=None, kinds=frozenset({Kind.IP})))
        assert own_terms(account) == replace(OWN, day_usd=None, kinds=frozenset({Kind.IP}))
    async with database.write() as session:
        account = await change_llm_terms(session, "local", lambda _: LlmTerms())
    assert (account.llm_budget, account.masking_policy, account.privacy_class, account.llm_preset) == (None, None, None, None)


async def test_nobody_s_terms_are_not_found(database: Database) -> None:
    async with database.write() as session:
        with pytest.raises(NotFound):
            await change_llm_terms(session, "nobody", lambda own: own)
