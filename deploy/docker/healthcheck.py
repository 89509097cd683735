# ruff: noqa: INP001, T201 - a script by itself, whose words Docker keeps
"""Asks the role that runs in this container whether it is ready; exits 0 when it is, 1 when it is not, as Docker wants to know.

It is started every few seconds, so it imports next to nothing and runs by `python3 -I -S`. Kubernetes asks the same port itself.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

PRIVATE_PORTS = {
    "ingestion-api": 9100,
    "job-status-api": 9103,
    "transcription-worker": 9101,
    "llm-worker": 9102,
    "standalone": 9100,
}
"""As in diarist/services/roles.py, whose import would take longer than the question."""
EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104 - compared, not listened on
TIMEOUT = 6.0
"""Seconds; a check of ours may take five."""


def private_address(command: Sequence[str], environment: Mapping[str, str]) -> tuple[str, int] | None:
    """Where the role of a command line answers; None when it starts none."""
    words = " ".join(command).split()
    role = next((after for word, after in pairwise(words) if word == "serve" and after in PRIVATE_PORTS), None)
    if role is None:
        return None
    host = environment.get("DIARIST_HTTP__HOST", "")
    port = int(environment.get("DIARIST_HTTP__PRIVATE_PORT") or PRIVATE_PORTS[role])
    return ("localhost" if host in EVERYWHERE else host), port


def readiness(address: tuple[str, int]) -> tuple[bool, str]:
    """Whether it is ready, and its words; raises `OSError` when nobody answers."""
    with socket.create_connection(address, TIMEOUT) as connection:
        connection.sendall(b"GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode(errors="replace")
    head, _, body = answer.partition("\r\n\r\n")
    return head.split()[1:2] == ["200"], body


def main() -> int:
    """The exit status."""
    command = Path("/proc/1/cmdline").read_bytes().decode(errors="replace").split("\0")
    address = private_address(command, os.environ)
    if address is None:
        print("no role of Diarist runs here, so nobody has to be ready")
        return 0
    try:
        ready, words = readiness(address)
    except OSError as error:
        ready, words = False, f"{address[0]}:{address[1]} does not answer: {error}"
    print(words)
    return 0 if ready else 1


if __name__ == "__main__":
    sys.exit(main())
