"""Tells models and machines apart, so that what was measured or compiled for one is not used for another."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path

_PIECES = 64
_PIECE = 2**16
"""Bytes."""


def fingerprint(weights: Path) -> str:
    """Of a model's file: its size and samples of its content, since gigabytes would take seconds to read. Raises `OSError`."""
    size = weights.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with weights.open("rb") as file:
        for piece in range(_PIECES):
            file.seek(piece * max(0, size - _PIECE) // (_PIECES - 1))
            digest.update(file.read(_PIECE))
    return digest.hexdigest()


def processor() -> str:
    """The processor's name and abilities, as far as the system tells them."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    wanted = ("model name", "flags", "CPU implementer", "CPU part", "Features")
    told = {line.partition(":")[0].strip(): line.partition(":")[2].strip() for line in reversed(lines) if ":" in line}
    return " ".join([platform.machine(), platform.processor(), *(told.get(name, "") for name in wanted)]).strip()
