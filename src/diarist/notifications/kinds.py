"""What can be subscribed to."""

from __future__ import annotations

from typing import Final

from diarist.domain.events import DURABLE

KINDS: Final = tuple(sorted(kind.value for kind in DURABLE))
"""The kinds of events that are written down in the transaction that causes them: only those can be told at least once."""
TEST = "subscription.test"
"""Sent when somebody asks for it, to one subscription, whatever it is subscribed to."""
