"""Waits for what another process or thread does; bounded, and says why when it did not come true."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 30.0
"""Seconds that anything may take on a slow machine."""


def until(
    condition: Callable[[], Any],
    *,
    patience: float = PATIENCE,
    pause: float = 0.05,
    process: subprocess.Popen[Any] | None = None,
    why: Callable[[], str] = lambda: "it did not come true in time",
) -> Any:
    """What the condition gives, once it gives something; `process` has to live until then."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert process is None or process.poll() is None, f"the process has ended: {why()}"
        assert time.monotonic() < deadline, why()
        time.sleep(pause)
    return found


def listens(port: int) -> bool:
    """Whether somebody takes connections at a port of this machine."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
