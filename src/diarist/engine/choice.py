"""Which engine `auto` stands for on this machine: found by measuring once, and kept in the cache for all to see."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from diarist.engine.fingerprint import fingerprint, processor
from diarist.storage.whole_files import write_whole

AUTO, FASTER_WHISPER, WHISPER_OPENVINO = "auto", "faster-whisper", "whisper-openvino"
_RULE = "2"
"""Another number whenever another engine could be chosen by the same measurements."""
_LIBRARIES = ("ctranslate2", "faster-whisper", "openvino")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An engine, and why."""

    engine: str
    reason: str
    seconds: dict[str, float] = field(default_factory=dict)
    """What each engine's encoder takes for a window of 30 s, by the engine's name; empty when nothing was measured."""


class Choices:
    """The choice for one model with one setting of the engine, on this machine with these libraries."""

    def __init__(self, cache_dir: Path, model: str, compute_type: str, threads: int) -> None:
        """`model`: its folder. Raises `OSError` when it holds no weights."""
        parts = (
            _RULE,
            fingerprint(Path(model) / "model.bin"),
            processor(),
            compute_type,
            str(threads),
            *map(_version, _LIBRARIES),
        )
        name = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
        self._file = cache_dir / "engine-choices" / f"{name}.json"

    def recall(self) -> Choice | None:
        """What was chosen; None when nothing was, or what is there cannot be read."""
        try:
            found = json.loads(self._file.read_text())
            seconds = {str(name): float(taken) for name, taken in found["seconds"].items()}
            return Choice(engine=str(found["engine"]), reason=str(found["reason"]), seconds=seconds)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def remember(self, choice: Choice) -> None:
        """Keep it, all or nothing; where that is not possible, it is measured again."""
        with suppress(OSError):
            write_whole(self._file, json.dumps(asdict(choice)).encode())


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
