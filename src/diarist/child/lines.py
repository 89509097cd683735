"""The lines that a child writes to its stderr, as events of ours.

What it logs by our rules goes on as it is. What anything else in it writes may be anything, such as what a library of somebody's
engine prints of what it hears: it is told only at the level `debug`, except for what Python says of a crash.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import structlog

_CRASH = re.compile(
    r'Fatal Python error|Current thread|Thread 0x|  File "|Extension modules|  <no Python frame>|terminate called'
)
_OF_ITS_OWN = ("timestamp", "level")

log = structlog.get_logger(__name__)


def tell(name: str, pid: int, line: str) -> None:
    """Log one line; `name` and `pid`: the child's."""
    about: dict[str, Any] = {"child": name, "child_pid": pid}
    event = _event(line)
    if event is not None:
        level = logging.getLevelNamesMapping().get(str(event.get("level")).upper(), logging.INFO)
        told = {f"child_{key}" if key == "logger" else key: one for key, one in event.items() if key not in _OF_ITS_OWN}
        log.log(level, told.pop("event"), **{**told, **about})
    elif _CRASH.match(line):
        log.error("child.crashed", line=line, **about)
    else:
        log.debug("child.wrote", line=line, **about)


def _event(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None
