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


@dataclass(slots=True)
class _Kept:
    known: Known
    until: float
    asked_at: float


class Remembered:
    """Those of a process, by the digests of their secrets; only what is valid is put in, so that guesses fill nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = _MOST) -> None:
        """`clock`: seconds that only grow. `most`: how many are remembered; beyond, those that came first are forgotten."""
        self.clock, self._most = clock, most
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def get(self, digest: str) -> Caller | None:
        """Whom it stands for, while that is remembered and has not expired."""
        kept, now = self._kept.get(digest), self.clock()
        if kept is None:
            return None
        kept.asked_at = now
        if kept.until < now or (kept.known.expires_at is not None and kept.known.expires_at <= utc_now()):
            return None
        return kept.known.caller

    def put(self, digest: str, known: Known) -> None:
        """Remember it from now on."""
        self._kept.pop(digest, None)
        now = self.clock()
        self._kept[digest] = _Kept(known, now + REMEMBERED, now)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def renew(self, digest: str, seen_at: float) -> None:
        """It was valid at that moment of the clock."""
        if kept := self._kept.get(digest):
            kept.until = max(kept.until, seen_at + REMEMBERED)

    def asked_since(self, moment: float) -> list[str]:
        """Those that were asked for since that moment of the clock."""
        return [digest for digest, kept in self._kept.items() if kept.asked_at >= moment]

    def forget(self, digest: str) -> None:
        """Ask again."""
        self._kept.pop(digest, None)
