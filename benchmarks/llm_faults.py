"""What each fault of a provider comes to when there is another one: a table by fault, from the real SDKs over real sockets.

The servers speak the format of each provider.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# The servers, and the question, are those of the tests.
sys.path[:0] = [str(ROOT), str(ROOT.parent / "tests")]

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from asking_models import asking, provider, question, routing  # noqa: E402
from diarist.accounts.service import account_id  # noqa: E402
from diarist.database.session import Database  # noqa: E402
from diarist.llm.receipts import get_receipt  # noqa: E402
from diarist.settings import Settings  # noqa: E402
from diarist.wiring import migrate  # noqa: E402
from llm_servers import Fault, Llms, llm_servers  # noqa: E402
from postgres_server import free_port  # noqa: E402

KINDS = ("openai", "anthropic", "mistral", "openai_compatible")
PRICE = {"input": "1", "output": "5"}
GOOD = Decimal("0.002")
"""USD for the 1000 tokens in and 200 out that each answer says it took."""
PATIENCE = 1.0
"""Seconds for an answer; a slow server takes three."""
GONE = "connection refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one question."""

    outcomes: tuple[str, ...]
    """Of each call to the provider with the fault."""
    paid: Decimal
    """USD for its answers that were not used."""
    maybe: Decimal
    """USD that it may have billed for answers that never came; on the budget, too."""
    seconds: float
    """Of the whole question, the other provider included."""

    @property
    def alike(self) -> tuple[tuple[str, ...], Decimal, bool]:
        """What providers are put together by."""
        return self.outcomes, self.paid, self.maybe > 0


async def measured() -> dict[str, dict[str, Outcome]]:
    """By fault and kind of provider."""
    with tempfile.TemporaryDirectory() as folder, llm_servers() as llms:
        settings = Settings(data_dir=Path(folder) / "data", cache_dir=Path(folder) / "cache")
        await migrate(settings)
        database = Database.open(settings.database_url, settings.database)
        try:
            for kind in KINDS:  # importing an SDK takes a second, and is none of the fault's
                await _asked(settings, database, llms, kind, Fault.NONE.value)
            faults = [*(fault.value for fault in Fault if fault is not Fault.NONE), GONE]
            return {fault: {kind: await _asked(settings, database, llms, kind, fault) for kind in KINDS} for fault in faults}
        finally:
            await database.close()


async def _asked(settings: Settings, database: Database, llms: Llms, kind: str, fault: str) -> Outcome:
    address = {"url": f"http://127.0.0.1:{free_port()}/v1"} if fault == GONE else {}
    if fault != GONE:
        llms.always["bad"] = Fault(fault)
    bad = provider(llms, kind, "bad", model={"price": PRICE}, timeout=PATIENCE, **address)
    good = provider(llms, "openai", "good", model={"price": PRICE, "quality": 40})
    async with database.read() as session:
        account = asking(await account_id(session))
    # What was measured of the provider with the fault must not put it behind the other.
    async with routing(settings, database, bad, good, cache_days=0, quality_counts_as=1e9) as router:
        answer = await router.ask(question(), account=account)
    async with database.read() as session:
        receipt = await get_receipt(session, account.id, answer.receipt_id)
    hops = [hop for hop in receipt.hops if hop["provider"] == "bad"]
    return Outcome(
        outcomes=tuple(hop["outcome"] for hop in hops),
        paid=sum((Decimal(hop["cost_usd"]) for hop in hops), Decimal(0)),
        maybe=sum((Decimal(hop["may_have_cost_usd"]) for hop in hops), Decimal(0)),
        seconds=receipt.seconds,
    )


def rows(found: dict[str, dict[str, Outcome]]) -> list[Sequence[str]]:
    """A row for each fault; more where providers differ."""
    lines: list[Sequence[str]] = []
    for fault, by_kind in found.items():
        ordered = sorted(by_kind.items(), key=lambda item: str(item[1].alike))
        for _, group in groupby(ordered, key=lambda item: item[1].alike):
            alike = dict(group)
            one = next(iter(alike.values()))
            seconds = [found.seconds for found in alike.values()]
            lines.append((
                fault,
                "all" if len(alike) == len(KINDS) else ", ".join(sorted(alike)),
                ", ".join(dict.fromkeys(one.outcomes)),
                str(len(one.outcomes)),
                f"{one.paid:f}",
                f"{max(found.maybe for found in alike.values()):.6f}" if one.maybe else "0",
                f"{min(seconds):.2f} to {max(seconds):.2f}",
            ))  # fmt: skip
    return lines


HEADINGS = ("fault", "provider", "outcome", "calls", "paid for it, USD", "may be billed, USD", "seconds until answered")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true", help="print it as docs/explanation has it")
    arguments = parser.parse_args()
    lines = rows(asyncio.run(measured()))
    if arguments.markdown:
        for line in (HEADINGS, ["---"] * len(HEADINGS), *lines):
            print(f"| {' | '.join(line)} |")
        return 0
    table = Table(title=f"Another provider answers each question, for {GOOD} USD")
    for heading in HEADINGS:
        table.add_column(heading)
    for line in lines:
        table.add_row(*line)
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
