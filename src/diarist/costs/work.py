"""What tasks took of processors, and language models of money, as the rows of tasks and receipts tell it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.costs.cells import Amounts, Cell, Part, asked, computed
from diarist.costs.scope import EPOCH, Scope
from diarist.database.epoch_day import epoch_day
from diarist.database.utc_day import utc_day
from diarist.llm.models import ReceiptRow
from diarist.llm.money import to_usd
from diarist.queue.models import TaskRow
from diarist.queue.past_work import PastWorkRow
from diarist.settings.costs import CostSettings

UNKNOWN_MODEL = "unknown"


async def compute_cells(session: AsyncSession, scope: Scope, prices: CostSettings, today: date) -> AsyncIterator[Cell]:
    """By account, day on which tasks ended, and stage; tasks that have not ended count on `today`."""
    for table in (TaskRow, PastWorkRow):
        for account_id, day, stage, cpu, gpu in await session.execute(_ended(table, scope)):
            yield _computed(account_id, EPOCH + timedelta(day), stage, cpu, gpu, prices)
    if scope.first <= today <= scope.last:
        for account_id, stage, cpu, gpu in await session.execute(_open(scope)):
            yield _computed(account_id, today, stage, cpu, gpu, prices)


def _computed(account_id: Any, day: date, stage: str, cpu: float, gpu: float, prices: CostSettings) -> Cell:
    amounts = Amounts(cpu_seconds=float(cpu), gpu_seconds=float(gpu))
    cost = computed(prices, amounts)
    return Cell(account_id=account_id, day=day, part=Part.COMPUTE, of=stage, amounts=amounts, cost=cost)


def _ended(table: Any, scope: Scope) -> Any:
    day = epoch_day(table.finished_at)
    within = table.finished_at >= scope.start.timestamp(), table.finished_at < scope.end.timestamp()
    return (
        select(table.account_id, day, table.stage, func.sum(table.cpu_seconds), func.sum(table.gpu_seconds))
        .where(scope.whose(table), scope.of_jobs(table.job_id), *within, _took(table))
        .group_by(table.account_id, day, table.stage)
    )


def _open(scope: Scope) -> Any:
    return (
        select(TaskRow.account_id, TaskRow.stage, func.sum(TaskRow.cpu_seconds), func.sum(TaskRow.gpu_seconds))
        .where(scope.whose(TaskRow), scope.of_jobs(TaskRow.job_id), TaskRow.finished_at.is_(None), _took(TaskRow))
        .group_by(TaskRow.account_id, TaskRow.stage)
    )


def _took(table: Any) -> Any:
    return or_(table.cpu_seconds > 0, table.gpu_seconds > 0)


async def llm_cells(session: AsyncSession, scope: Scope, prices: CostSettings) -> AsyncIterator[Cell]:
    """By account, day of the question, what was asked for, and model that was paid for it."""
    day = utc_day(ReceiptRow.created_at)
    calls = func.json_array_length(ReceiptRow.hops)
    one_model = and_(calls == 1, ReceiptRow.model.is_not(None))
    within = (
        scope.whose(ReceiptRow), scope.of_jobs(ReceiptRow.job_id), ReceiptRow.created_at >= scope.start,
        ReceiptRow.created_at < scope.end, calls > 0,
    )  # fmt: skip
    who = ReceiptRow.account_id, day, ReceiptRow.purpose, ReceiptRow.provider, ReceiptRow.model
    sums = func.sum(ReceiptRow.input_tokens), func.sum(ReceiptRow.output_tokens), func.sum(ReceiptRow.cost)
    plain = select(*who, *sums).where(*within, one_model).group_by(*who)
    for account_id, on, purpose, provider, model, read, written, cost in await session.execute(plain):
        usd = to_usd(int(cost))
        yield _asked(account_id, on, purpose, f"{provider}/{model}", int(read), int(written), usd, prices)
    columns = ReceiptRow.account_id, day, ReceiptRow.purpose, ReceiptRow.hops, ReceiptRow.cost
    for account_id, on, purpose, hops, cost in await session.execute(select(*columns).where(*within, ~one_model)):
        rest = to_usd(int(cost))
        for hop in hops:
            usd = Decimal(hop["cost_usd"])
            rest -= usd
            name = f"{hop['provider']}/{hop['model']}"
            yield _asked(account_id, on, purpose, name, hop["input_tokens"], hop["output_tokens"], usd, prices)
        if rest:  # a receipt rounds up to whole billionths
            yield _asked(account_id, on, purpose, UNKNOWN_MODEL, 0, 0, rest, prices)


def _asked(
    account_id: Any, on: str, purpose: str, model: str, read: int, written: int, usd: Decimal, prices: CostSettings
) -> Cell:  # fmt: skip
    return Cell(
        account_id=account_id, day=date.fromisoformat(on), part=Part.LLM, of=purpose, model=model,
        amounts=Amounts(input_tokens=read, output_tokens=written), cost=asked(prices, usd),
    )  # fmt: skip
