"""How much of everything an account may have."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Quotas:
    """Bounds; None for as much as there is."""

    audio_hours: float | None = None
    """Of the recordings that were given in a calendar month of UTC and are still there."""
    stored_bytes: int | None = None
    """Of recordings as they are kept."""
    jobs: int | None = None
    """That have not ended."""

    def or_else(self, others: Quotas) -> Quotas:
        """These, and where one is None that of the others."""
        return Quotas(*(getattr(others if getattr(self, one.name) is None else self, one.name) for one in fields(self)))

    def __bool__(self) -> bool:
        return self != Quotas()
