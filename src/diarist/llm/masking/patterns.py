"""Detectors that are made of patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from diarist.llm.masking.detector import Finding


@dataclass(frozen=True, slots=True)
class Patterns:
    """A function that finds, as a `Detector`."""

    find: Callable[[str], Iterable[Finding]]
    english_only: bool = False
    """Whether its words are English, so that they are sought only in text that is English or may be."""

    name: ClassVar = "patterns"
    knows_names: ClassVar = False

    def reads(self, language: str | None) -> bool:
        """See `Detector`."""
        return not self.english_only or language in {None, "en"}
