"""How large a run over diaries is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Everything that a run is made of; the default is `make chaos-diary`."""

    seed: int = 7
    entries: int = 1000
    workers: int = 5
    turn: float = 4.0
    """Seconds after which other providers fail, in other ways."""
    kill: float = 20.0
    """Seconds between two ends of a worker: killed, told to end, or standing still."""
    cancel: float = 4.0
    """Seconds between two jobs that are cancelled while they run, and begun again."""
    tight_usd: str = "0.60"
    """Budget of the account that has a fifth of the entries; too little for them."""
    patience: float = 460.0
    """Seconds until all work is done, at most."""


SHORT = Shape(entries=16, workers=2, turn=1.0, kill=8.0, cancel=2.0, tight_usd="0.04", patience=420.0)
"""A run for every day: the same proof, smaller."""
