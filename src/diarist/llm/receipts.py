"""Writes down what was asked and what it cost, and reads it back; every question names the account that asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.ordering import FIRST, Place, ordered
from diarist.errors import NotFound
from diarist.llm.asking import Hop
from diarist.llm.considered import candidates_to_json
from diarist.llm.models import ReceiptRow
from diarist.llm.money import to_billionths
from diarist.llm.trail import Trail


async def write_receipt(
    session: AsyncSession, trail: Trail[Any], state: str, *, answered_by: Hop | None = None, cached: bool = False
) -> None:
    """Write the receipt of a question, or bring it up to date; `answered_by` names whose answer is used."""
    row = await session.get(ReceiptRow, trail.receipt_id)
    if row is None:
        row = ReceiptRow(
            id=trail.receipt_id, account_id=trail.account.id, purpose=trail.ask.purpose, prompt_version=trail.ask.prompt_version,
            job_id=trail.account.job_id,
        )  # fmt: skip
        session.add(row)
    row.state, row.seconds, row.cached = state, trail.seconds, cached
    row.text_sha256, row.masked = trail.text.sha256, dict(trail.text.counts)
    row.hops = [hop_to_json(hop) for hop in trail.hops]
    row.candidates = candidates_to_json(trail)
    row.input_tokens, row.output_tokens, row.cost = trail.input_tokens, trail.output_tokens, to_billionths(trail.cost)
    if answered_by is not None:
        row.provider, row.model, row.region = answered_by.provider, answered_by.model, answered_by.region.value


async def list_receipts(session: AsyncSession, account_id: UUID, limit: int, place: Place = FIRST) -> Sequence[ReceiptRow]:
    """Some of the receipts, in the order of a place and behind it."""
    statement = select(ReceiptRow).where(ReceiptRow.account_id == account_id).limit(limit)
    return (await session.scalars(ordered(statement, place, ReceiptRow.id))).all()


async def get_receipt(session: AsyncSession, account_id: UUID, receipt_id: UUID) -> ReceiptRow:
    """One receipt; raises `NotFound`."""
    row = await session.scalar(select(ReceiptRow).where(ReceiptRow.account_id == account_id, ReceiptRow.id == receipt_id))
    if row is None:
        raise NotFound(f"there is no receipt {receipt_id}")
    return row


async def receipt_ids(session: AsyncSession, account_id: UUID) -> Sequence[UUID]:
    """Of all receipts of an account, the oldest first."""
    return (await session.scalars(select(ReceiptRow.id).where(ReceiptRow.account_id == account_id).order_by(ReceiptRow.id))).all()


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
