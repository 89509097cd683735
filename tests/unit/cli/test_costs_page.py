"""What `diarist costs` prints."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
import typer

from diarist.cli.costs import costs
from diarist.cli.costs_page import _money, print_month, print_what_if
from diarist.cli.reporting import reporting
from diarist.costs.cells import Amounts, Cell, Part
from diarist.costs.forecast import Forecast
from diarist.costs.schemas import what_if_to_wire
from diarist.costs.scope import Scope
from diarist.costs.service import Costs, Month
from diarist.costs.unusual import Standing
from diarist.costs.what_if import WhatIf
from diarist.settings.costs import CostSettings

NOVEMBER = Scope.month(date(2026, 11, 5))
ANNA = UUID(int=7)


def cell(day: int, part: Part, of: str, cost: str, *, cpu_seconds: float = 0.0, model: str | None = None) -> Cell:
    amounts = Amounts(cpu_seconds=cpu_seconds)
    return Cell(account_id=ANNA, day=date(2026, 11, day), part=part, of=of, model=model, amounts=amounts, cost=Decimal(cost))


CELLS = [
    cell(2, Part.COMPUTE, "transcribe", "8", cpu_seconds=7200),
    cell(3, Part.LLM, "diary.claims", "0.5", model="p/a"),
    cell(3, Part.STORAGE, "kept", "0.0012"),
]


def month(prices: CostSettings, cells: list[Cell]) -> Month:
    found = Costs(scope=NOVEMBER, prices=prices, cells=cells, audio_seconds=3600.0)
    forecast = Forecast(expected=30.0, low=20.0, high=40.0, share=0.25, by_weekday=False)
    return Month(costs=found, forecast=forecast, today=Standing(cost=9.0, median=1.0, score=12.0))


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("stage", ["transcribe", "diary.claims", "kept"]),
        ("day", ["2026-11-02 Mon", "2026-11-03 Tue"]),
        ("model", ["no model", "p/a"]),
        ("account", ["anna"]),
    ],
)
def test_every_view_ends_with_the_same_sum(capsys: pytest.CaptureFixture[str], by: str, names: list[str]) -> None:
    print_month(month(CostSettings(core_hour=Decimal(4)), CELLS), by, {ANNA: "anna"})
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert [name for line, name in zip(lines[1:], names, strict=False) if line.startswith(name)] == names
    assert lines[len(names) + 1].split() == ["in", "all", "8.00", "0.50", "0.0012", "0", "8.50"]
    assert "2.000 core-hours" in told.out
    assert "8.50 USD an hour" in told.out
    assert "30.00 USD, 20.00 to 40.00 in nine of ten" in told.err
    assert "a usual day 1.0000" in told.err


def test_without_prices_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_month(month(CostSettings(), []), "stage", {})
    assert "DIARIST_COSTS__CORE_HOUR" in capsys.readouterr().err


def test_another_model_stands_beside_what_was_paid(capsys: pytest.CaptureFixture[str]) -> None:
    found = WhatIf(
        scope=NOVEMBER, model="p/b", instead_of=None, amounts=Amounts(input_tokens=1000, output_tokens=10), paid=Decimal(4),
        would_have=Decimal(1),
    )  # fmt: skip
    print_what_if(what_if_to_wire(found, CostSettings()))
    told = capsys.readouterr().out
    assert "1,000 tokens in and 10 out" in told
    assert "with p/b: 1.00 USD, 25% of it" in told
    assert "cuts the same text" in told


@pytest.mark.parametrize(
    ("amount", "told"),
    [("0", "0"), ("1234.567", "1,234.57"), ("0.05", "0.050"), ("0.000012", "0.000012"), ("0.0000000014", "0.000000001")],
)
def test_money_has_two_digits_that_say_something(amount: str, told: str) -> None:
    assert _money(Decimal(amount)) == told


@pytest.mark.parametrize("options", [{"recording": "last", "month": "2026-11"}, {"instead_of": "p/a"}])
def test_options_that_do_not_fit_are_refused(options: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        reporting(costs)(**options)  # type: ignore[arg-type]
    assert "invalid_input" in capsys.readouterr().err
