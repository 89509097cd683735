"""Costs as a table with bars, and what there is to say about them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from rich.console import Group
from rich.text import Text

from diarist.cli.tables import quiet_table
from diarist.cli.terminal import messages, print_block, results, safe
from diarist.costs.cells import Part, Sum, grouped
from diarist.costs.schemas import Notice, WhatIf, costs_to_wire, month_to_wire
from diarist.costs.service import Costs, Month

_WIDTH = 30
_COLOURS = {Part.COMPUTE: "cyan", Part.LLM: "magenta", Part.STORAGE: "green", Part.NETWORK: "yellow"}
_LETTERS = {Part.COMPUTE: "c", Part.LLM: "l", Part.STORAGE: "s", Part.NETWORK: "n"}


def print_month(found: Month, by: str, names: Mapping[UUID, str]) -> None:
    """A month, how it will end, and whether today is like other days."""
    _print(found.costs, by, names, month_to_wire(found).notices)
    currency, forecast, today = found.costs.prices.currency, found.forecast, found.today
    if forecast is not None:
        span = "" if forecast.high is None else f", {_money(forecast.low)} to {_money(forecast.high)} in nine of ten such months"
        way = "by weekdays" if forecast.by_weekday else "all days alike"
        messages().print(
            f"Forecast of the month: {_money(forecast.expected)} {currency}{span} ({forecast.share:.0%} of it is over, {way})."
        )
    if today is not None:
        messages().print(
            f"Today but for storage: {_money(today.cost)} {currency} so far, {_money(today.median)} on a usual day "
            f"(score {today.score:.1f})."
        )


def print_costs(found: Costs, by: str) -> None:
    """Some days of one account."""
    _print(found, by, {}, costs_to_wire(found).notices)


def _print(found: Costs, by: str, names: Mapping[UUID, str], notices: Sequence[Notice]) -> None:
    """Some days, by what is asked for; what is to be noticed goes to stderr."""
    ascii_only = results().options.ascii_only
    lines = sorted(grouped(found.cells, _key(by)).items(), key=lambda one: str(one[0]) if by == "day" else -one[1].cost)
    most = max((one.cost for _, one in lines), default=Decimal(0))
    table = quiet_table()
    for heading in (by, *Part, f"in all, {found.prices.currency}"):
        table.add_column(heading, justify="left" if heading == by else "right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for key, one in lines:
        parts = (_money(one.parts[part]) for part in Part)
        table.add_row(safe(_name(key, names)), *parts, _money(one.cost), _bar(one, most, ascii_only))
    whole = found.sum
    table.add_row("in all", *(_money(whole.parts[part]) for part in Part), _money(whole.cost), "", style="bold")
    print_block(Group(table, Text(), _used(found), _legend(ascii_only)))
    for notice in notices:
        messages().print(notice.message)


def print_what_if(told: WhatIf) -> None:
    """Both totals, and what they leave open."""
    paid, other = Decimal(told.paid), Decimal(told.would_have_cost)
    share = f", {float(other / paid):.0%} of it" if paid else ""
    print_block(
        Group(
            Text(f"{told.first} to {told.last}: {told.input_tokens:,} tokens in and {told.output_tokens:,} out."),
            Text(f"  paid, {told.instead_of or 'all models'}: {_money(paid)} {told.currency}"),
            Text(f"  with {told.model}: {_money(other)} {told.currency}{share}"),
            *(Text(f"  ? {one}", style="dim") for one in told.unknown),
        )
    )


def _key(by: str) -> Any:
    keys: dict[str, Any] = {
        "day": lambda cell: cell.day,
        "stage": lambda cell: cell.of,
        "model": lambda cell: cell.model or "no model",
        "account": lambda cell: cell.account_id,
    }
    return keys[by]


def _name(key: Hashable, names: Mapping[UUID, str]) -> str:
    match key:
        case UUID():
            return names.get(key, str(key))
        case date():
            return f"{key:%Y-%m-%d %a}"
        case _:
            return str(key)


def _money(amount: Decimal | float) -> str:
    """With two digits that say something, and never fewer than cents."""
    exact = Decimal(amount)
    return f"{exact:,.{min(9, max(2, 1 - exact.adjusted()))}f}" if exact else "0"


def _bar(one: Sum, most: Decimal, ascii_only: bool) -> Text:  # noqa: FBT001 - of its own page
    bar = Text()
    for part in Part:
        width = round(_WIDTH * one.parts[part] / most) if most else 0
        bar.append((_LETTERS[part] if ascii_only else "█") * width, style=_COLOURS[part])
    return bar


def _legend(ascii_only: bool) -> Text:  # noqa: FBT001 - of its own page
    return Text("  ").join(Text.assemble(((_LETTERS[part] if ascii_only else "█") + " ", _COLOURS[part]), part) for part in Part)


def _used(found: Costs) -> Text:
    amounts, hours, per_hour = found.sum.amounts, found.audio_seconds / 3600, found.per_audio_hour
    of_hour = f", {_money(per_hour)} {found.prices.currency} an hour" if per_hour is not None else ""
    return Text(
        f"{amounts.cpu_seconds / 3600:,.3f} core-hours, {amounts.gpu_seconds / 3600:,.3f} GPU-hours, "
        f"{amounts.input_tokens:,} + {amounts.output_tokens:,} tokens, {amounts.gb_months:,.4f} GB-months, "
        f"{amounts.bytes_in / 1e9:,.4f} GB in, {amounts.bytes_out / 1e9:,.4f} GB out; {hours:,.2f} hours of audio{of_hour}",
        style="dim",
    )
