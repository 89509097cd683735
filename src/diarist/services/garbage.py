"""How often a role looks for garbage: an hour of transcript is ten thousand objects, none of which is in a cycle."""

from __future__ import annotations

import gc

_THRESHOLDS = (50_000, 20, 50)
"""New objects before the youngest are looked through, and how many such looks before the older are."""


def collect_seldom() -> None:
    """Leave alone what is there by now, such as modules, and look through what comes less often than Python does by itself."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
