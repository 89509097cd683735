"""What goes wrong, whatever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from diarist.telemetry.metrics.catalogue import Catalogue, Counters


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureMetrics:
    """By codes, of which there is a fixed list."""

    seen: Counters
    dropped: Counters

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        return cls(
            seen=catalogue.counters(
                "diarist_errors_total",
                "Errors, by code and by where they are met: request, task, webhook, chore, child. `diarist errors` shows them.",
                ("code", "kind"),
            ),
            dropped=catalogue.counters(
                "diarist_errors_dropped_total",
                "Errors that `diarist errors` does not count: too many different ones came at once (full), the process ended "
                "while the database was away (ended), or they could not be written (unwritable); `account`: those only "
                "`GET /v1/errors` does not count.",
                ("reason",),
            ),
        )
