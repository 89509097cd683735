"""The port of those who find in text what identifies people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from diarist.domain.masking import Kind


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of a text that identifies somebody: `text[start:end]`."""

    start: int
    end: int
    kind: Kind


class Detector(Protocol):
    """Finds some kinds; called off the event loop, by one thread at a time. What it raises becomes `MaskingFailed`."""

    @property
    def name(self) -> str:
        """What receipts call it."""
        ...

    @property
    def knows_names(self) -> bool:
        """Whether it is an analyser for names, rather than patterns."""
        ...

    def reads(self, language: str | None) -> bool:
        """Whether it is made for text in this language (ISO 639-1; None: unknown)."""
        ...

    def find(self, text: str) -> Iterable[Finding]:
        """All that it finds; findings may overlap, and need no order."""
        ...
