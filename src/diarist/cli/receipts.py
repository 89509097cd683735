"""`diarist receipts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from diarist.cli.options import AsJson, Limit
from diarist.cli.reporting import reporting

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from diarist.receipts.schemas import Receipt

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

ReceiptId = Annotated[
    str, typer.Argument(metavar="ID", help="An id, its last 4 digits or more, or `last` for the newest receipt.")
]


@app.callback()
@reporting
def receipts(context: typer.Context, *, limit: Limit = 20, as_json: AsJson = False) -> None:
    """List what language models were asked, what left for it, and what it cost."""
    if context.invoked_subcommand is not None:
        return
    from diarist.cli.terminal import print_json
    from diarist.llm.receipts import list_receipts
    from diarist.receipts.schemas import receipt_from_row

    async def read(session: AsyncSession, account_id: UUID) -> list[Receipt]:
        return [receipt_from_row(row) for row in await list_receipts(session, account_id, limit)]

    found = _reading(read)
    if as_json:
        print_json({"receipts": [receipt.model_dump(mode="json") for receipt in found]})
    else:
        _print(found)


@app.command()
@reporting
def show(ident: ReceiptId = "last", *, as_json: AsJson = False) -> None:
    """Show one of them: every call that was made, and of every model why it was asked or not."""
    from diarist.cli.terminal import print_json
    from diarist.llm.receipts import get_receipt
    from diarist.receipts.schemas import receipt_from_row

    async def read(session: AsyncSession, account_id: UUID) -> Receipt:
        return receipt_from_row(await get_receipt(session, account_id, await _meant(session, account_id, ident)))

    receipt = _reading(read)
    if as_json:
        print_json({"receipt": receipt.model_dump(mode="json")})
    else:
        from diarist.cli.receipt_page import print_receipt

        print_receipt(receipt)


def _reading(read: Any) -> Any:
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force

    async def found() -> Any:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            return await read(session, here.account_id)

    return run(found())


async def _meant(session: AsyncSession, account_id: UUID, typed: str) -> UUID:
    """The receipt that an id, the end of one, or `last` means; raises `NotFound` or `AmbiguousId`."""
    from diarist.cli.finding import LAST, AmbiguousId, end_of_id
    from diarist.errors import NotFound
    from diarist.llm.receipts import receipt_ids

    ids = await receipt_ids(session, account_id)
    digits = end_of_id(typed)
    meant = ids[-1:] if typed == LAST else [one for one in ids if digits and one.hex.endswith(digits)]
    if not meant:
        raise NotFound(f"there is no receipt {typed!r}", advice="`diarist receipts` lists them; give 4 digits of the id or more.")
    if len(meant) > 1:
        raise AmbiguousId(f"{typed} is the end of {len(meant)} ids of receipts")
    return meant[0]


def _print(found: list[Receipt]) -> None:
    from diarist.cli.clock import moment
    from diarist.cli.finding import short
    from diarist.cli.tables import print_table

    rows = [
        (
            short(receipt.id),
            moment(receipt.created_at),
            receipt.purpose,
            f"{receipt.provider}/{receipt.model}" if receipt.provider else receipt.state,
            receipt.region.value if receipt.region else "",
            ", ".join(f"{count} {kind}" for kind, count in sorted(receipt.masked.items())),
            "cached" if receipt.cached else f"{receipt.input_tokens} + {receipt.output_tokens}",
            receipt.cost_usd,
            f"{receipt.seconds:.1f} s",
            " > ".join(hop.outcome.value for hop in receipt.hops),
        )
        for receipt in found
    ]
    headings = ("id", "when", "for", "by", "where", "masked", "tokens", "USD", "took", "calls")
    print_table(headings, rows, empty="No language model was asked yet.")
