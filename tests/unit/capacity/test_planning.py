"""A plan is arithmetic: it grows with the load, names its numbers, and adds up."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.capacity.demand import Demand, Prices
from diarist.capacity.measured import ENGINES, EngineFigures
from diarist.capacity.planning import Graphics, plan
from diarist.errors import InvalidInput

ENGINE = EngineFigures(name="made up", core_seconds=100.0, memory_mb=1000.0, seen_by="nobody")
LOADS = st.floats(0.1, 1e6)


def test_the_cores_are_those_of_the_arithmetic() -> None:
    # 3600 h/h x (100 s + 0.35 s) / 3600 s = 100.35 cores; half busy 200.7; 51 workers of four cores.
    found = plan(Demand(hours_per_hour=3600, use=0.5, worker_cores=4), Prices(), ENGINE)
    assert found.value("transcription workers") == 51
    assert found.value("cores for transcription") == 204
    assert found.value("memory for transcription") == pytest.approx(51.0)


def test_what_is_kept_is_what_comes_on_average() -> None:
    found = plan(Demand(hours_per_hour=100, busy_share=0.5, kept_months=2), Prices(storage_gb_month=1.0), ENGINE)
    hours = 100 * 0.5 * 730 * 2
    assert found.value("objects kept") == pytest.approx(hours * (57.6 + 60) / 1000)
    assert found.monthly_by_part()["object store"] == pytest.approx(found.value("objects kept"))


def test_cards_take_the_place_of_the_engines_cores() -> None:
    demand = Demand(hours_per_hour=12_000)
    found = plan(demand, Prices(), ENGINE, graphics=Graphics(speed=300))
    assert found.value("graphics cards") == math.ceil(12_000 / 300 / 0.7)
    assert found.value("cores for transcription") < plan(demand, Prices(), ENGINE).value("cores for transcription")


@given(LOADS)
def test_the_whole_costs_what_its_parts_cost(load: float) -> None:
    found = plan(Demand(hours_per_hour=load), Prices(), ENGINE)
    assert found.monthly == pytest.approx(sum(found.monthly_by_part().values()))
    assert all(line.because for line in found.lines)


@given(LOADS, st.floats(1.0, 10.0), st.sampled_from(sorted(ENGINES)))
def test_more_load_never_takes_less_of_anything(load: float, times: float, engine: str) -> None:
    less = Demand(hours_per_hour=load)
    few, many = (plan(one, Prices(), ENGINES[engine]) for one in (less, replace(less, hours_per_hour=load * times)))
    assert all(some.value <= more.value * (1 + 1e-9) for some, more in zip(few.lines, many.lines, strict=True))


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_a_demand_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(InvalidInput, match="hours-per-hour"):
        Demand(hours_per_hour=value)
    with pytest.raises(InvalidInput, match="gpu-speed"):
        Graphics(speed=value)


def test_a_price_below_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput, match="core-hour"):
        Prices(core_hour=-0.01)
