"""Serves `process.py` from a child process: FFmpeg meets strangers' files there, and numpy and FFmpeg stay out of the parent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from diarist.audio.copying import copy
from diarist.audio.plan import plan
from diarist.audio.probe import probe
from diarist.audio.progress import PlanProgress
from diarist.child.serve import Handler
from diarist.child.wire import Message
from diarist.domain.archive import ArchiveFormat
from diarist.domain.audio import PlanSummary


def open_audio(_options: Mapping[str, Any]) -> Handler:
    """The handler of the methods `inspect`, `plan` and `copy`."""
    return _answer


def _answer(method: str, params: Mapping[str, Any], _payload: bytes) -> Iterator[Message]:
    path = Path(params["path"])
    if method == "inspect":
        info = probe(path)
        yield Message({**asdict(info), "recorded_at": info.recorded_at and info.recorded_at.isoformat()})
        return
    if method == "copy":
        for step in copy(path, Path(params["target"]), ArchiveFormat(params["kind"]), params["expected"]):
            yield Message({"progress": step} if isinstance(step, float) else {type(step).__name__.lower(): asdict(step)})
        return
    index, start = params["resume_from"] or (0, 0.0)
    given = {name: params[name] for name in ("target", "longest", "filter_name")}
    for item in plan(path, resume_from=(index, start), **given):
        match item:
            case PlanProgress():
                yield Message({"progress": asdict(item)})
            case PlanSummary():
                yield Message({"summary": asdict(item)})
            case chunk, flac:
                yield Message({"chunk": asdict(chunk)}, flac)
