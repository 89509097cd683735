"""Where commands work: on this machine's own data, or, with DIARIST_API_URL, on a server that they speak HTTP with."""

from __future__ import annotations

import os
import sys

from diarist.errors import Misconfigured

ADDRESS, KEY = "DIARIST_API_URL", "DIARIST_API_KEY"
"""Read by commands and by the Python client; no settings of what a server does."""
SPEAK_HTTP = frozenset({"add", "list", "show", "transcript", "entry", "delete", "jobs", "tasks", "follow", "retry", "cancel"})
_NEITHER = frozenset({"evaluate", "model", "plugins", "capacity", "debug"})
"""Commands that look at no recordings."""


def at_a_server() -> bool:
    """Whether what is asked for is on a server."""
    return bool(os.environ.get(ADDRESS))


def heed_server(command: str, *, operates: bool) -> None:
    """Before a command that does not speak HTTP: tell operators that theirs works here, and keep all others from doing so.

    Raises `Misconfigured`: whoever means the server must not change what lies on this machine.
    """
    if not at_a_server() or command in SPEAK_HTTP | _NEITHER:
        return
    if not operates:
        raise Misconfigured(
            f"`diarist {command}` cannot do this at the server that {ADDRESS} names",
            advice=f"Run it where that server runs, or unset {ADDRESS} to work on this machine's own data.",
        )
    sys.stderr.write(f"`diarist {command}` works on the database of this machine, not at the server that {ADDRESS} names.\n")
