"""A child tells what it is doing while it does it: it samples itself, and writes what it saw to a file that its parent names."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog

from diarist.telemetry.sampling import sample

log = structlog.get_logger(__name__)


def begin_profile(asked: Mapping[str, Any]) -> None:
    """Begin, in a thread of its own; `asked`: `seconds`, `waiting`, and `path`, where the stacks are to be."""
    threading.Thread(target=_profile, args=(asked,), name="profile", daemon=True).start()


def _profile(asked: Mapping[str, Any]) -> None:
    stacks = sample(asked["seconds"], waiting=asked["waiting"])
    path = Path(asked["path"])
    part = path.with_suffix(".part")
    try:
        part.write_text(json.dumps(stacks), encoding="utf-8")
        part.rename(path)
    except OSError as error:
        # Whoever asked waits no longer, and has taken the folder away.
        log.info("profile.not_wanted", reason=error.strerror)
