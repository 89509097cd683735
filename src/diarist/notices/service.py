"""What an account should know now: from its own receipts, from the breakers that all share, from its budget and its webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from diarist.accounts.llm_terms import asker
from diarist.database.base import utc_now
from diarist.llm.asking import Asker
from diarist.llm.budget import WARN_AT, spent_by
from diarist.llm.candidates import Choice
from diarist.notices import notice, repository
from diarist.notices.notice import Notice
from diarist.runtime import Runtime

RECENT = timedelta(hours=1)
"""For how long what a model did is looked at."""
_IN, _OUT = 6000, 2000
"""Tokens of a usual question."""


async def notices(runtime: Runtime, account_id: UUID) -> Sequence[Notice]:
    """Of one account; empty when all is well. A process without language models of its own knows what receipts say."""
    now = utc_now()
    async with runtime.database.read() as session:
        who = await asker(session, account_id, runtime.settings)
        questions = await repository.questions_since(session, account_id, now - RECENT)
        spent = await spent_by(session, account_id, now.date())
        paused = await repository.unwillingly_paused(session, account_id)
    choice = await _choice(runtime, who)
    left_alone = {one.card.name: one.reason for one in choice.rejected if one.code == "breaker"}
    first = choice.ranked[0].standing.card.name if choice.ranked else None
    found = notice.failing_models(questions, left_alone, first)
    if left_alone and not choice.ranked:
        found.append(notice.without_model())
    budgets = (
        notice.budget("day", who.budget.day, spent.day, WARN_AT),
        notice.budget("month", who.budget.month, spent.month, WARN_AT),
    )
    found += [one for one in budgets if one is not None]
    found += [
        notice.webhooks_paused(str(row.id), row.url, row.pause_reason or "", row.paused_at) for row in paused
    ]  # fmt: skip
    return found


async def _choice(runtime: Runtime, who: Asker) -> Choice:
    if not runtime.router.configured:
        return Choice(ranked=(), rejected=())
    return await runtime.router.explain(who, input_tokens=_IN, output_tokens=_OUT)
