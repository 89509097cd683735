"""Writes down what was asked and what it cost, and reads it back; every question names the account that asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.llm.asking import Hop
from diarist.llm.models import ReceiptRow
from diarist.llm.money import to_billionths


async def write_receipt(
    session: AsyncSession,
    receipt_id: UUID,
    account_id: UUID,
    *,
    purpose: str,
    prompt_version: str,
    state: str,
    text_sha256: str,
    masked: Mapping[str, int],
    hops: Sequence[Hop],
    seconds: float,
    answered_by: Hop | None = None,
    cached: bool = False,
) -> None:
    """Write a receipt, or bring it up to date; `answered_by` names whose answer is used."""
    row = await session.get(ReceiptRow, receipt_id)
    if row is None:
        row = ReceiptRow(id=receipt_id, account_id=account_id, purpose=purpose, prompt_version=prompt_version)
        session.add(row)
    row.state, row.text_sha256, row.masked, row.seconds, row.cached = state, text_sha256, dict(masked), seconds, cached
    row.hops = [hop_to_json(hop) for hop in hops]
    row.input_tokens = sum(hop.input_tokens for hop in hops)
    row.output_tokens = sum(hop.output_tokens for hop in hops)
    row.cost = to_billionths(sum((hop.cost_usd for hop in hops), Decimal(0)))
    if answered_by is not None:
        row.provider, row.model, row.region = answered_by.provider, answered_by.model, answered_by.region.value


async def list_receipts(session: AsyncSession, account_id: UUID, limit: int, before: UUID | None = None) -> Sequence[ReceiptRow]:
    """The newest first; `before` goes on where a page ended."""
    statement = select(ReceiptRow).where(ReceiptRow.account_id == account_id).order_by(ReceiptRow.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(ReceiptRow.id < before)
    return (await session.scalars(statement)).all()


def hop_to_json(hop: Hop) -> dict[str, Any]:
    """A call as it stands on a receipt; money as text, for JSON's numbers are not exact."""
    return {
        "provider": hop.provider,
        "model": hop.model,
        "region": hop.region.value,
        "outcome": hop.outcome.value,
        "repair": hop.repair,
        "status": hop.status,
        "seconds": round(hop.seconds, 3),
        "input_tokens": hop.input_tokens,
        "output_tokens": hop.output_tokens,
        "cost_usd": f"{hop.cost_usd:f}",
        "may_have_cost_usd": f"{hop.may_have_cost_usd:f}",
    }
