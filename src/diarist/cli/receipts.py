"""`diarist receipts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diarist.cli.options import AsJson, Limit

if TYPE_CHECKING:
    from diarist.receipts.schemas import Receipt


def receipts(*, limit: Limit = 20, as_json: AsJson = False) -> None:
    """List what language models were asked, what left for it, and what it cost."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import print_json
    from diarist.llm.receipts import list_receipts
    from diarist.receipts.schemas import receipt_from_row

    async def read() -> list[Receipt]:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            return [receipt_from_row(row) for row in await list_receipts(session, here.account_id, limit)]

    found = run(read())
    if as_json:
        print_json({"receipts": [receipt.model_dump(mode="json") for receipt in found]})
    else:
        _print(found)


def _print(found: list[Receipt]) -> None:
    from diarist.cli.clock import moment
    from diarist.cli.tables import print_table

    rows = [
        (
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
    headings = ("when", "for", "by", "where", "masked", "tokens", "USD", "took", "calls")
    print_table(headings, rows, empty="No language model was asked yet.")
