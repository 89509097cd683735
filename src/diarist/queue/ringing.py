"""Rings the bells of other processes from a thread of its own, so that nobody ever waits for Redis to say that there is work."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import structlog

from diarist.errors import BrokerUnavailable

MOST_DUE = 16
"""Bells of one queue that wait to be sent; more would wake nobody who is not awake by then."""
_BACKOFF = (0.1, 5.0)
"""Seconds from one try to the next while Redis is away: the first wait and the longest."""
_LAST_TRY = 2.0
"""Seconds that the end of the process waits for what is still to be sent."""

Send = Callable[[str, int], None]
"""Rings for a queue so many times; may take long, raises `BrokerUnavailable`."""

log = structlog.get_logger(__name__)


class Ringer:
    """A bounded outbox of bells and the thread that sends them."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._due: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._ending = False
        self._thread = threading.Thread(target=self._run, name="ringer", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def ring(self, queue: str) -> None:
        """Note that a queue has work, and return at once; from any thread."""
        with self._changed:
            self._due[queue] = min(MOST_DUE, self._due[queue] + 1)
            self._changed.notify()

    def stop(self) -> bool:
        """Send what is due, if Redis is there; what is not sent is rung for again by a sweeper. Returns whether it has ended."""
        with self._changed:
            self._ending = True
            self._changed.notify()
        self._thread.join(_LAST_TRY)
        return not self._thread.is_alive()

    def _run(self) -> None:
        wait, last = 0.0, False
        while not last:
            with self._changed:
                if wait:
                    self._changed.wait_for(lambda: self._ending, timeout=wait)
                self._changed.wait_for(lambda: self._due or self._ending)
                due, self._due = self._due, Counter()
                last = self._ending
            error = self._deliver(due)
            if error is not None and not wait:
                log.warning("bells.held_back", error=error.message)
            if error is None and wait:
                log.info("bells.ring_again")
            wait = 0.0 if error is None else min(_BACKOFF[1], wait * 2) or _BACKOFF[0]

    def _deliver(self, due: Counter[str]) -> BrokerUnavailable | None:
        """Send all of it, or note what is left for the next try and return why."""
        try:
            while due:
                queue, times = due.most_common(1)[0]
                self._send(queue, times)
                del due[queue]
        except BrokerUnavailable as error:
            with self._changed:
                for queue, times in due.items():
                    self._due[queue] = min(MOST_DUE, self._due[queue] + times)
            return error
        return None
