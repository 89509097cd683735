"""`diarist llm`: which language models there are, how they are, and which would be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from diarist.cli.options import AsJson
from diarist.cli.reporting import reporting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from decimal import Decimal

    from diarist.llm.asking import Asker
    from diarist.llm.candidates import Ranked, Standing
    from diarist.llm.router import Router

app = typer.Typer(help="Look at language models, and which would be asked.", no_args_is_help=True, rich_markup_mode=None)

Account = Annotated[str, typer.Option("--account", help="Whose text, privacy class and budget.")]
_NONE = (
    "No language model is configured. Set DIARIST_LLM__ENABLED=true and DIARIST_LLM__PROVIDERS, "
    "or OPENAI_API_KEY, ANTHROPIC_API_KEY or MISTRAL_API_KEY."
)


@app.command()
@reporting
def explain(
    *,
    account: Account = "local",
    input_tokens: Annotated[int, typer.Option("--input", min=1, max=10_000_000, help="Tokens of the question.")] = 6000,
    output_tokens: Annotated[int, typer.Option("--output", min=1, max=1_000_000, help="Most tokens of the answer.")] = 2000,
    quality: Annotated[int, typer.Option(min=0, max=100, help="The least quality that is needed.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Say which models would be asked now, in which order, and why not the others."""
    from diarist.cli.tables import print_table
    from diarist.cli.terminal import print_json

    async def read(router: Router, asker: Asker) -> Any:
        return await router.explain(asker, input_tokens=input_tokens, output_tokens=output_tokens, quality=quality)

    choice = _with_router(account, read)
    if as_json:
        ranked = [
            {
                **_shape(one.standing),
                "score": round(one.score, 4),
                "parts": {name: round(part, 4) for name, part in one.parts.items()},
            }
            for one in choice.ranked
        ]
        rejected = [{"model": one.card.name, "code": one.code, "reason": one.reason} for one in choice.rejected]
        print_json({"ranked": ranked, "rejected": rejected})
        return
    rows = [(str(place), one.standing.card.name, f"{one.score:.3f}", _parts(one)) for place, one in enumerate(choice.ranked, 1)]
    rows += [("-", one.card.name, one.code, one.reason) for one in choice.rejected]
    print_table(("", "model", "score", "why"), rows, empty=_NONE)


@app.command()
@reporting
def status(*, account: Account = "local", as_json: AsJson = False) -> None:
    """Show every model, how it is, and what the account has spent.

    How models are that other processes left alone is known where there is a Redis.
    """
    from diarist.cli.tables import print_table
    from diarist.cli.terminal import messages, print_json

    async def read(router: Router, asker: Asker) -> Any:
        return await router.standings(), await router.spent(asker), asker

    standings, spent, asker = _with_router(account, read)
    limits = asker.budget
    if as_json:
        budget = {
            "day_usd": _usd(spent.day), "day_limit_usd": _usd(limits.day),
            "month_usd": _usd(spent.month), "month_limit_usd": _usd(limits.month),
        }  # fmt: skip
        print_json({"models": [_shape(one) for one in standings], "privacy": asker.privacy.value, "spent": budget})
        return
    rows = [_row(one) for one in standings]
    headings = ("model", "where", "quality", "proven", "takes", "context", "USD for 1000 + 1000", "state")
    print_table(headings, rows, empty=_NONE)
    of_day, of_month = (f" of {limit:f}" if limit is not None else "" for limit in (limits.day, limits.month))
    messages().print(f"Spent: {spent.day:f}{of_day} USD today, {spent.month:f}{of_month} USD this month (UTC).")


def _parts(one: Ranked) -> str:
    return "  ".join(f"{name} {part:.3f}" for name, part in one.parts.items() if part)


def _row(one: Standing) -> tuple[str, ...]:
    card, measured = one.card, one.measured
    state = card.unusable or (f"left alone for {one.closed_in:.0f} s" if one.closed_in else "ok")
    quality = f"{one.quality:.0f}" if one.quality == card.quality else f"{one.quality:.0f} (set to {card.quality})"
    proven = f"{measured.share:.0%} of {measured.judged}" if measured.judged else "not judged yet"
    takes = "" if measured.seconds is None else f"{measured.seconds:.1f} s"
    price = _usd(one.most_cost) or "unknown"
    return card.name, card.region.value, quality, proven, takes, str(card.context_tokens), price, state


def _shape(one: Standing) -> dict[str, Any]:
    return {
        "model": one.card.name,
        "region": one.card.region.value,
        "quality": {
            "in_force": round(one.quality, 1),
            "configured": one.card.quality,
            "measured": round(100 * one.measured.share, 1) if one.measured.judged else None,
            "statements": one.measured.judged,
        },
        "context_tokens": one.card.context_tokens,
        "unusable": one.card.unusable,
        "expected_cost_usd": _usd(one.expected_cost),
        "most_cost_usd": _usd(one.most_cost),
        "seconds": None if one.measured.seconds is None else round(one.measured.seconds, 3),
        "left_alone_for": round(one.closed_in, 1),
    }


def _usd(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _with_router(account: str, read: Callable[[Router, Asker], Awaitable[Any]]) -> Any:
    from diarist.accounts.llm_terms import asker
    from diarist.accounts.service import account_id
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force

    settings = settings_in_force()

    async def found() -> Any:
        async with opened(settings) as here:
            async with here.runtime.database.read() as session:
                who = await asker(session, await account_id(session, account), settings)
            return await read(here.runtime.router, who)

    return run(found())
