"""Looks at recordings and plans them in a child process: the parent loads neither numpy nor FFmpeg, and may kill at any time."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from diarist.audio.progress import Planned, PlanProgress
from diarist.child.process import ChildProcess
from diarist.domain.archive import ArchiveFormat, Copied, Kept
from diarist.domain.audio import AudioInfo, Notice, PlannedChunk, PlanSummary, Span
from diarist.errors import ChildDied
from diarist.telemetry.metrics.children import ChildWatch

__all__ = ["AudioProcess", "PlanProgress", "Planned"]


_INSPECT_PATIENCE = 60.0
_PLAN_PATIENCE = 300.0
"""Seconds without a message after which the child is taken for hung; a busy machine needs a hundredth of it."""


class AudioProcess:
    """One child, started when it is first needed; one call at a time."""

    def __init__(self, watch: ChildWatch | None = None) -> None:
        self._child = ChildProcess("diarist.audio.child:open_audio", {}, name="the audio process", watch=watch)

    @property
    def installed(self) -> bool:
        """Whether sound can be looked at here at all; an image that only answers requests has nothing that decodes it."""
        return find_spec("av") is not None

    async def inspect(self, path: Path) -> AudioInfo:
        """See `probe.probe`; also raises `ChildDied`."""
        async with aclosing(self._child.call("inspect", {"path": str(path)}, patience=_INSPECT_PATIENCE)) as answer:
            infos = [_info(message.body) async for message in answer]
        return infos[0]

    async def plan(
        self,
        path: Path,
        *,
        target: float,
        resume_from: tuple[int, float] | None = None,
        longest: float | None = None,
        filter_name: str = "",
    ) -> AsyncGenerator[Planned, None]:
        """See `plan.plan`; also raises `ChildDied`. Leaving early kills the child."""
        params = {
            "path": str(path), "target": target, "resume_from": resume_from, "longest": longest, "filter_name": filter_name,
        }  # fmt: skip
        async with aclosing(self._child.call("plan", params, patience=_PLAN_PATIENCE)) as answer:
            async for message in answer:
                match message.body:
                    case {"chunk": chunk}:
                        yield _chunk(chunk), message.payload
                    case {"progress": progress}:
                        yield PlanProgress(**progress)
                    case {"summary": summary}:
                        yield PlanSummary(**{**summary, "warnings": tuple(Notice(**notice) for notice in summary["warnings"])})

    async def copy(self, path: Path, target: Path, kind: ArchiveFormat, expected: float) -> Copied | Kept:
        """See `copying.copy`; also raises `ChildDied`."""
        params = {"path": str(path), "target": str(target), "kind": kind.value, "expected": expected}
        async with aclosing(self._child.call("copy", params, patience=_PLAN_PATIENCE)) as answer:
            async for message in answer:
                match message.body:
                    case {"copied": copied}:
                        return Copied(**copied)
                    case {"kept": kept}:
                        return Kept(**kept)
        raise ChildDied("the audio process ended without an answer")

    async def close(self) -> None:
        """End the child."""
        await self._child.close()


def _info(body: dict[str, Any]) -> AudioInfo:
    recorded_at = body["recorded_at"]
    return AudioInfo(**{**body, "recorded_at": datetime.fromisoformat(recorded_at) if recorded_at else None})


def _chunk(body: dict[str, Any]) -> PlannedChunk:
    channels = tuple(_spans(channel) for channel in body["channels"])
    return PlannedChunk(**{**body, "speech": _spans(body["speech"]), "levels": tuple(body["levels"]), "channels": channels})


def _spans(body: list[dict[str, float]]) -> tuple[Span, ...]:
    return tuple(Span(**span) for span in body)
