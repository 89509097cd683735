"""Remembers what secrets stand for, for some seconds and within bounds, so that not every request asks the database."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from diarist.database.base import utc_now
from diarist.domain.access import Caller

REMEMBERED = 5.0
"""Seconds; what is taken back opens doors for so long at most."""
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """Whom a secret stands for, and until when."""

    caller: Caller
    expires_at: datetime | None


class Remembered:
    """Those of a process, by the digests of their secrets; only what is valid is put in, so that guesses fill nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = _MOST) -> None:
        """`clock`: seconds that only grow. `most`: how many are remembered; beyond, those that came first are forgotten."""
        self._clock, self._most = clock, most
        self._known: OrderedDict[str, tuple[Known, float]] = OrderedDict()

    def get(self, digest: str) -> Caller | None:
        """Whom it stands for, while that is remembered and has not expired."""
        known, until = self._known.get(digest, (None, 0.0))
        if known is None or until < self._clock() or (known.expires_at is not None and known.expires_at <= utc_now()):
            return None
        return known.caller

    def put(self, digest: str, known: Known) -> None:
        """Remember it from now on."""
        self._known.pop(digest, None)
        self._known[digest] = known, self._clock() + REMEMBERED
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def forget(self, digest: str) -> None:
        """Ask again."""
        self._known.pop(digest, None)
