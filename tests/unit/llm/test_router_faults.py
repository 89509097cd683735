"""What each fault of a provider comes to, by the real SDKs over real sockets: outcome, calls, cost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest

from asking_models import asking, provider, question, routing
from diarist.database.session import Database
from diarist.errors import NoModelAnswered
from diarist.llm.receipts import list_receipts
from diarist.ports.language_model import Outcome
from diarist.settings import Settings
from llm_servers import Fault, Llms
from postgres_server import free_port

PRICE = {"input": "1", "output": "5"}
ONE_ANSWER = Decimal("0.002")
"""USD for 1000 tokens in and 200 out at that price."""


@dataclass(frozen=True)
class Row:
    """What a fault comes to when there is another provider."""

    fault: Fault
    outcome: Outcome
    calls: int = 1
    """To the provider that has the fault, each time it is asked."""
    paid: int = 0
    """Answers of it that were billed."""
    maybe: bool = False
    """Whether it may have been billed."""


ROWS = [
    Row(Fault.TOO_MANY, Outcome.RATE_LIMITED),
    Row(Fault.TOO_MANY_LONG, Outcome.RATE_LIMITED),
    Row(Fault.BROKEN, Outcome.SERVER_FAILED, calls=2),
    Row(Fault.OVERLOADED, Outcome.SERVER_FAILED, calls=2),
    Row(Fault.NOT_HTTP, Outcome.SERVER_FAILED, calls=2),
    Row(Fault.SLOW, Outcome.TIMED_OUT, maybe=True),
    Row(Fault.CUT_SHORT, Outcome.CUT, maybe=True),
    Row(Fault.HUNG_UP, Outcome.CUT, maybe=True),
    Row(Fault.LENGTH, Outcome.UNFINISHED, paid=1),
    Row(Fault.NO_JSON, Outcome.INVALID, calls=2, paid=2),
    Row(Fault.WRONG_SCHEMA, Outcome.INVALID, calls=2, paid=2),
    Row(Fault.REFUSAL, Outcome.REFUSED, paid=1),
    Row(Fault.TOO_LONG, Outcome.CONTEXT_TOO_LONG),
    Row(Fault.BAD_REQUEST, Outcome.REJECTED),
    Row(Fault.NO_MODEL, Outcome.REJECTED),
    Row(Fault.NO_KEY, Outcome.NOT_ALLOWED),
    Row(Fault.NO_CREDIT, Outcome.OUT_OF_CREDIT),
]
KINDS = ["openai", "anthropic", "mistral", "openai_compatible"]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.fault.name.lower())
async def test_a_fault_leads_to_the_next_provider(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, row: Row, kind: str
) -> None:
    llms.always["bad"], llms.slow = row.fault, 3.0
    bad = provider(llms, kind, "bad", model={"price": PRICE}, timeout=1.0)
    good = provider(llms, "openai", "good", model={"price": PRICE, "quality": 40})
    async with routing(settings, database, bad, good) as router:
        answer = await router.ask(question(), account=asking(account_id))
    async with database.read() as session:
        (receipt,) = await list_receipts(session, account_id, 5)
    if (kind, row.fault) == ("mistral", Fault.REFUSAL):
        # Its format has no word for it: the answer is empty, and asked for once more.
        row = Row(Fault.REFUSAL, Outcome.INVALID, calls=2, paid=2)
    failed = receipt.hops[:-1]
    assert (answer.provider, answer.value.title, answer.cached) == ("good", "A long day", False)
    assert len(llms.asked("bad")) == row.calls
    assert [hop["outcome"] for hop in failed] == [row.outcome.value] * row.calls
    assert answer.cost_usd == ONE_ANSWER * (1 + row.paid)
    assert [Decimal(hop["may_have_cost_usd"]) > 0 for hop in failed] == [row.maybe] * row.calls
    assert (receipt.state, receipt.provider, receipt.cost) == ("answered", "good", int(answer.cost_usd * 10**9))


@pytest.mark.sqlite_only
@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_there_leads_to_the_next_provider(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, kind: str
) -> None:
    gone = provider(llms, kind, "gone", url=f"http://127.0.0.1:{free_port()}/v1", model={"price": PRICE})
    good = provider(llms, "anthropic", "good", model={"price": PRICE, "quality": 40})
    async with routing(settings, database, gone, good) as router:
        answer = await router.ask(question(), account=asking(account_id))
    async with database.read() as session:
        (receipt,) = await list_receipts(session, account_id, 5)
    assert [hop["outcome"] for hop in receipt.hops] == ["unreachable", "unreachable", "answered"]
    assert answer.cost_usd == ONE_ANSWER


@pytest.mark.sqlite_only
async def test_when_all_fail_the_error_names_every_call(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.always |= {"openai": Fault.NO_KEY, "anthropic": Fault.REFUSAL, "mistral": Fault.WRONG_SCHEMA}
    providers = [provider(llms, kind) for kind in ("openai", "anthropic", "mistral")]
    async with routing(settings, database, *providers) as router:
        with pytest.raises(NoModelAnswered) as caught:
            await router.ask(question("Ada rang me."), account=asking(account_id))
    assert [(hop.provider, hop.outcome.value) for hop in caught.value.hops] == [
        ("openai", "not_allowed"), ("anthropic", "refused"), ("mistral", "invalid"), ("mistral", "invalid")
    ]  # fmt: skip
    assert "Ada" not in str(caught.value)
    async with database.read() as session:
        (receipt,) = await list_receipts(session, account_id, 5)
    assert (receipt.state, receipt.provider) == ("failed", None)
