"""Leaves a model alone that fails: its circuit opens, lets one question through after a while, and closes when it is answered.

Pure: every function makes a new `Circuit`, so that it can be kept anywhere; times are seconds since the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from diarist.ports.language_model import Outcome

FAILURES = frozenset({Outcome.RATE_LIMITED, Outcome.SERVER_FAILED, Outcome.TIMED_OUT, Outcome.UNREACHABLE, Outcome.CUT})
"""What counts against a model; a question that is rejected says nothing of how well it is."""
LOCKED = frozenset({Outcome.NOT_ALLOWED, Outcome.OUT_OF_CREDIT})
"""What waiting for seconds does not mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """See `settings.llm.BreakerSettings`."""

    failures: int
    cooldown: float
    longest: float
    probe: float
    """Seconds after which a question that was let through is given up, and the next one is let through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """How one model is; closed unless `open_until` is set."""

    failures: int = 0
    """In a row."""
    open_until: float | None = None
    cooldown: float = 0.0
    """Seconds for which it was opened last."""
    probed_until: float = 0.0
    """Until then somebody has the one question that is let through."""


def closed_in(circuit: Circuit, now: float) -> float:
    """Seconds until a question may be let through; 0 when one may be now."""
    if circuit.open_until is None:
        return 0.0
    return max(circuit.open_until, circuit.probed_until, now) - now


def admitted(circuit: Circuit, now: float, rules: Rules) -> tuple[Circuit, bool]:
    """Whether this question may be asked; of an open circuit whose time is over, one at a time."""
    if circuit.open_until is None:
        return circuit, True
    if closed_in(circuit, now) > 0:
        return circuit, False
    return replace(circuit, probed_until=now + rules.probe), True


def after(circuit: Circuit, outcome: Outcome, now: float, rules: Rules, retry_after: float | None = None) -> Circuit:
    """What a question that was admitted came to."""
    if outcome is Outcome.ASKED:
        return replace(circuit, probed_until=0.0)
    if outcome not in FAILURES | LOCKED:
        return Circuit()
    failures = circuit.failures + 1
    half_open = circuit.open_until is not None
    asked_to_wait = retry_after is not None and retry_after >= rules.cooldown
    if not (half_open or failures >= rules.failures or outcome in LOCKED or asked_to_wait):
        return replace(circuit, failures=failures)
    cooldown = circuit.cooldown * 2 if half_open else rules.longest / 2 if outcome in LOCKED else rules.cooldown
    cooldown = min(max(cooldown, retry_after or 0.0), rules.longest)
    return Circuit(failures=failures, open_until=now + cooldown, cooldown=cooldown)
