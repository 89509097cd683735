"""A receipt as a page for reading: what left, who was asked, and why that one."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from diarist.cli.clock import moment
from diarist.cli.tables import print_rows, print_table
from diarist.cli.terminal import results
from diarist.llm.considered import Decision
from diarist.receipts.schemas import Candidate, Hop, Receipt

_STYLES = {Decision.ANSWERED: "green", Decision.FAILED: "red", Decision.REJECTED: "yellow"}


def print_receipt(receipt: Receipt) -> None:
    """Print it to stdout."""
    print_rows(_facts(receipt))
    if receipt.hops:
        results().print(Text("\nCalls", style="bold"))
        rows = [(str(place), *_call(hop)) for place, hop in enumerate(receipt.hops, start=1)]
        print_table(("", "model", "where", "came to", "took", "tokens", "USD"), rows, empty="")
    if receipt.candidates:
        results().print(Text("\nWhy this model, and why not the others", style="bold"))
        print_table(
            ("model", "", "score", "why", "score made of"),
            [_candidate(one) for one in receipt.candidates],
            empty="",
            styles={decision.value: style for decision, style in _STYLES.items()},
        )


def _facts(receipt: Receipt) -> Iterator[tuple[str, str]]:
    yield "receipt", str(receipt.id)
    yield "when", f"{moment(receipt.created_at)}, took {receipt.seconds:.1f} s"
    yield "for", f"{receipt.purpose}, prompt {receipt.prompt_version}"
    by = f" by {receipt.provider}/{receipt.model}, {receipt.region}" if receipt.provider else ""
    yield "state", receipt.state + by
    if receipt.cached:
        yield "", "an earlier answer to the same question was used: nothing left, and nothing was paid"
    elif not receipt.hops:
        yield "left", "nothing"
    else:
        masked = ", ".join(f"{count} {kind}" for kind, count in sorted(receipt.masked.items()))
        yield "left", f"text with SHA-256 {receipt.text_sha256}"
        yield "masked", masked or "nothing"
        yield "tokens", f"{receipt.input_tokens} in, {receipt.output_tokens} out"
        yield "cost", f"{receipt.cost_usd} USD"


def _call(hop: Hop) -> tuple[str, ...]:
    status, mend = f" ({hop.status})" if hop.status else "", ", asked to mend its answer" if hop.repair else ""
    maybe = f", and up to {hop.may_have_cost_usd} if it was billed" if float(hop.may_have_cost_usd) else ""
    return (
        f"{hop.provider}/{hop.model}", hop.region.value, hop.outcome.value + status + mend, f"{hop.seconds:.2f} s",
        f"{hop.input_tokens} + {hop.output_tokens}", hop.cost_usd + maybe,
    )  # fmt: skip


def _candidate(one: Candidate) -> tuple[str, ...]:
    parts = ", ".join(f"{name} {part:.3f}" for name, part in one.parts.items() if part)
    score = "" if one.score is None else f"{one.score:.3f}"
    return f"{one.provider}/{one.model}", one.decision.value, score, one.reason, parts
