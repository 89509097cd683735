import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from diarist.llm.breaker import Circuit, Rules, admitted, after, closed_in
from diarist.llm.circuits import Circuits, LocalCircuits, SharedCircuits
from diarist.ports.language_model import Outcome

RULES = Rules(failures=3, cooldown=30.0, longest=900.0, probe=125.0)


def failed(times: int, outcome: Outcome = Outcome.SERVER_FAILED, now: float = 100.0) -> Circuit:
    circuit = Circuit()
    for _ in range(times):
        circuit = after(circuit, outcome, now, RULES)
    return circuit


@pytest.mark.parametrize(
    "outcome", [Outcome.RATE_LIMITED, Outcome.SERVER_FAILED, Outcome.TIMED_OUT, Outcome.UNREACHABLE, Outcome.CUT]
)
def test_failures_in_a_row_open_it(outcome: Outcome) -> None:
    assert closed_in(failed(2, outcome), 100.0) == 0.0
    assert closed_in(failed(3, outcome), 100.0) == 30.0


@pytest.mark.parametrize(
    "outcome",
    [Outcome.REJECTED, Outcome.CONTEXT_TOO_LONG, Outcome.REFUSED, Outcome.INVALID, Outcome.UNFINISHED, Outcome.ANSWERED],
)
def test_what_is_rejected_never_opens_it_and_ends_a_row(outcome: Outcome) -> None:
    assert failed(50, outcome) == Circuit()
    assert after(failed(2), outcome, 100.0, RULES) == Circuit()


@pytest.mark.parametrize("outcome", [Outcome.NOT_ALLOWED, Outcome.OUT_OF_CREDIT])
def test_a_wrong_key_or_an_empty_account_opens_it_at_once_and_for_long(outcome: Outcome) -> None:
    assert closed_in(failed(1, outcome), 100.0) == 450.0


def test_a_provider_that_asks_to_wait_for_long_is_left_alone_so_long() -> None:
    assert closed_in(after(Circuit(), Outcome.RATE_LIMITED, 100.0, RULES, retry_after=120.0), 100.0) == 120.0
    assert closed_in(after(Circuit(), Outcome.RATE_LIMITED, 100.0, RULES, retry_after=1.0), 100.0) == 0.0
    assert closed_in(after(Circuit(), Outcome.RATE_LIMITED, 100.0, RULES, retry_after=1e9), 100.0) == 900.0


def test_half_open_lets_one_through() -> None:
    circuit = failed(3)
    assert admitted(circuit, 129.0, RULES) == (circuit, False)
    probing, first = admitted(circuit, 131.0, RULES)
    _, second = admitted(probing, 132.0, RULES)
    assert (first, second) == (True, False)
    assert admitted(probing, 131.0 + RULES.probe + 1, RULES)[1], "a question that was lost must not close it for ever"


def test_a_failed_probe_doubles_the_wait_up_to_a_limit() -> None:
    circuit, waits, now = failed(3), [], 100.0
    for _ in range(7):
        now += closed_in(circuit, now)
        circuit, let = admitted(circuit, now, RULES)
        assert let
        circuit = after(circuit, Outcome.TIMED_OUT, now, RULES)
        waits.append(closed_in(circuit, now))
    assert waits == [60.0, 120.0, 240.0, 480.0, 900.0, 900.0, 900.0]


def test_an_answered_probe_closes_it_and_a_cancelled_one_lets_the_next_through() -> None:
    probing, _ = admitted(failed(3), 131.0, RULES)
    assert after(probing, Outcome.ANSWERED, 132.0, RULES) == Circuit()
    assert admitted(after(probing, Outcome.ASKED, 132.0, RULES), 132.0, RULES)[1]


@pytest.fixture(params=["local", "redis"])
def make_circuits(request: pytest.FixtureRequest) -> Callable[[], Circuits]:
    if request.param == "local":
        return LocalCircuits
    url: str = request.getfixturevalue("redis_url")
    return lambda: SharedCircuits(url)


async def test_of_many_at_once_one_is_let_through(make_circuits: Callable[[], Circuits]) -> None:
    circuits = make_circuits()
    await circuits.change("p/many", lambda _: (failed(3), None))
    let = await asyncio.gather(*(circuits.change("p/many", lambda one: admitted(one, 200.0, RULES)) for _ in range(20)))
    assert sum(let) == 1
    assert (await circuits.get("p/many")).probed_until == 200.0 + RULES.probe
    assert await circuits.get("p/other") == Circuit()
    await circuits.close()


async def test_two_workers_know_of_each_other(redis_url: str) -> None:
    one, other = SharedCircuits(redis_url), SharedCircuits(redis_url)
    opened = replace(failed(3), cooldown=30.0)
    await one.change("p/shared", lambda _: (opened, None))
    assert await other.get("p/shared") == opened
    await one.close()
    await other.close()


async def test_without_its_redis_a_worker_keeps_its_own() -> None:
    circuits = SharedCircuits("redis://127.0.0.1:1/0")
    await circuits.change("p/alone", lambda _: (failed(3), None))
    assert (await circuits.get("p/alone")).failures == 3
    await circuits.close()
