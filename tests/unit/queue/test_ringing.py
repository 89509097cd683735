import threading
import time

import pytest

from diarist.errors import BrokerUnavailable
from diarist.queue.ringing import MOST_DUE, Ringer
from waiting import until


class Line:
    """Where a ringer sends to; it may be away, and it may be slow."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int]] = []
        self.tries = 0
        self.heard = threading.Event()
        self.away = threading.Event()
        self.tried = threading.Event()
        self.open = threading.Event()
        self.open.set()

    def send(self, queue: str, times: int) -> None:
        self.tries += 1
        self.tried.set()
        self.open.wait(10)
        if self.away.is_set():
            raise BrokerUnavailable
        self.sent.append((queue, times))
        self.heard.set()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def ringer(line: Line) -> Ringer:
    """Started; each test stops it."""
    ringer = Ringer(line.send)
    ringer.start()
    return ringer


def test_a_bell_is_sent(line: Line, ringer: Ringer) -> None:
    ringer.ring("audio")
    assert line.heard.wait(5)
    ringer.stop()
    assert line.sent == [("audio", 1)]


def test_whoever_rings_never_waits_and_bells_do_not_pile_up(line: Line, ringer: Ringer) -> None:
    line.open.clear()
    ringer.ring("audio")
    assert line.tried.wait(5)
    begun = time.monotonic()
    for _ in range(10_000):
        ringer.ring("audio")
    assert time.monotonic() - begun < 2
    line.open.set()
    ringer.stop()
    assert line.sent == [("audio", 1), ("audio", MOST_DUE)]


def test_bells_are_kept_while_redis_is_away_and_sent_when_it_is_back(line: Line, ringer: Ringer) -> None:
    line.away.set()
    ringer.ring("audio")
    assert line.tried.wait(5)
    ringer.ring("llm")
    line.away.clear()
    until(lambda: len(line.sent) >= 2, patience=10, pause=0.01)
    ringer.stop()
    assert sorted(line.sent) == [("audio", 1), ("llm", 1)]


def test_it_stops_when_redis_is_away(line: Line, ringer: Ringer) -> None:
    line.away.set()
    ringer.ring("audio")
    assert line.tried.wait(5)
    ringer.stop()
    assert line.sent == []
    assert line.tries <= 10
    assert not ringer._thread.is_alive()
