import threading
import time

from diarist.errors import BrokerUnavailable
from diarist.queue.ringing import MOST_DUE, Ringer


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


def test_a_bell_is_sent() -> None:
    line = Line()
    ringer = Ringer(line.send)
    ringer.start()
    ringer.ring("audio")
    assert line.heard.wait(5)
    ringer.stop()
    assert line.sent == [("audio", 1)]


def test_whoever_rings_never_waits_and_bells_do_not_pile_up() -> None:
    line = Line()
    line.open.clear()
    ringer = Ringer(line.send)
    ringer.start()
    ringer.ring("audio")
    assert line.tried.wait(5)
    begun = time.monotonic()
    for _ in range(10_000):
        ringer.ring("audio")
    assert time.monotonic() - begun < 2
    line.open.set()
    ringer.stop()
    assert line.sent == [("audio", 1), ("audio", MOST_DUE)]


def test_bells_are_kept_while_redis_is_away_and_sent_when_it_is_back() -> None:
    line = Line()
    line.away.set()
    ringer = Ringer(line.send)
    ringer.start()
    ringer.ring("audio")
    assert line.tried.wait(5)
    ringer.ring("llm")
    line.away.clear()
    deadline = time.monotonic() + 10
    while len(line.sent) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    ringer.stop()
    assert sorted(line.sent) == [("audio", 1), ("llm", 1)]


def test_it_stops_when_redis_is_away() -> None:
    line = Line()
    line.away.set()
    ringer = Ringer(line.send)
    ringer.start()
    ringer.ring("audio")
    assert line.tried.wait(5)
    ringer.stop()
    assert line.sent == []
    assert line.tries <= 10
    assert not ringer._thread.is_alive()
