"""However costs are told, it is the same sum."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from diarist.costs.cells import Amounts, Cell, Part, Sum, asked, computed, grouped, kept, moved, summed
from diarist.costs.lying import lying
from diarist.settings.costs import CostSettings

FIRST = date(2026, 11, 1)
Used = list[tuple[tuple[int, str, Part, int], Amounts]]
prices = st.builds(
    lambda core, card, month, into, out: CostSettings(core_hour=core, gpu_hour=card, gb_month=month, gb_in=into, gb_out=out),
    *(st.decimals(0, 1000, places=4) for _ in range(5)),
)
amounts = st.builds(
    Amounts,
    cpu_seconds=st.floats(0, 1e7), gpu_seconds=st.floats(0, 1e7), byte_days=st.integers(0, 10**15),
    bytes_in=st.integers(0, 10**13), bytes_out=st.integers(0, 10**13),
)  # fmt: skip
places = st.tuples(st.integers(0, 29), st.sampled_from("abc"), st.sampled_from(Part), st.integers(1, 3))


def priced(by: CostSettings, part: Part, taken: Amounts) -> Decimal:
    match part:
        case Part.COMPUTE:
            return computed(by, taken)
        case Part.LLM:
            return asked(by, Decimal(taken.bytes_in) / 10**9)
        case Part.STORAGE:
            return kept(by, taken)
    return moved(by, taken)


@given(prices, st.lists(st.tuples(places, amounts), max_size=30))
def test_days_stages_parts_and_accounts_each_add_up_to_the_whole(by: CostSettings, used: Used) -> None:
    cells = [
        Cell(account_id=UUID(int=who), day=FIRST + timedelta(day), part=part, of=of, amounts=taken, cost=priced(by, part, taken))
        for (day, of, part, who), taken in used
    ]
    whole = summed(cells)
    assert whole.cost == sum((cell.cost for cell in cells), Decimal(0)) == sum(whole.parts.values(), Decimal(0))
    for key in ("day", "of", "part", "account_id", "model"):
        groups = grouped(cells, lambda cell, key=key: getattr(cell, key))  # type: ignore[misc]
        assert sum((one.cost for one in groups.values()), Decimal(0)) == whole.cost, key
        assert sum(one.amounts.bytes_in for one in groups.values()) == whole.amounts.bytes_in
        for part in Part:
            assert sum((one.parts[part] for one in groups.values()), Decimal(0)) == whole.parts[part]


def test_nothing_costs_nothing() -> None:
    assert summed([]).cost == Sum().cost == 0


def test_prices_are_of_hours_gigabytes_and_months() -> None:
    by = CostSettings(
        core_hour=Decimal("0.04"), gpu_hour=Decimal(2), gb_month=Decimal("0.023"), gb_in=Decimal(1), gb_out=Decimal("0.09")
    )
    assert computed(by, Amounts(cpu_seconds=7200, gpu_seconds=1800)) == Decimal("1.08")
    assert moved(by, Amounts(bytes_in=10**9, bytes_out=2 * 10**9)) == Decimal("1.18")
    year = sum((kept(by, Amounts(byte_days=10**12)) for _ in range(365)), Decimal(0))
    assert round(year, 4) == Decimal("276.0000")
    euros = CostSettings(currency="EUR", usd=Decimal("0.9"))
    assert asked(euros, Decimal("1.5")) == Decimal("1.35")


@given(st.dictionaries(st.integers(-50, 40), st.integers(-1000, 1000)), st.integers(0, 30), st.integers(0, 30))
def test_what_lies_there_is_what_came_less_what_went_however_the_days_are_cut(
    moves: dict[int, int], begin: int, length: int
) -> None:
    changes = {FIRST + timedelta(day): change for day, change in moves.items()}
    first, last = FIRST + timedelta(begin), FIRST + timedelta(begin + length)
    told = dict(lying(changes, first, last))
    assert list(told) == [first + timedelta(day) for day in range(length + 1)]
    for day, lies in told.items():
        assert lies == sum(change for on, change in changes.items() if on <= day)
    middle = first + timedelta(length // 2)
    assert told == dict(lying(changes, first, middle)) | dict(lying(changes, middle, last))
