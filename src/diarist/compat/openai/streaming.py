"""The text as server-sent events, chunk by chunk as it is heard (openai-python, types/audio/transcription_stream_event.py)."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import structlog

from diarist.compat.asking import Asked, heard, progress
from diarist.compat.openai.answers import whole
from diarist.compat.openai.form import Wanted
from diarist.compat.openai.shape import SHAPE
from diarist.errors import DiaristError
from diarist.failures.failure import Context, FailureKind
from diarist.http.problem import told
from diarist.runtime import Runtime
from diarist.telemetry.faults import is_fault
from diarist.transcription.service import read_further

_QUIET = 15.0
"""Seconds after which a comment shows proxies that somebody is still there."""

log = structlog.get_logger(__name__)


async def events(runtime: Runtime, asked: Asked, wanted: Wanted) -> AsyncGenerator[str, None]:
    """Deltas, which together are the text, and then all of it; an error as an event, for the status has been sent by then."""
    try:
        async with aclosing(_events(runtime, asked, wanted)) as found:
            async for event in found:
                yield event
    except DiaristError as error:
        log.warning("stream.failed", error=error.code)
        if is_fault(error):
            runtime.failures.note(error, FailureKind.REQUEST, Context(place="transcription stream"))
        _, answer = SHAPE.translate(told(error))
        yield _event(answer)


async def _events(runtime: Runtime, asked: Asked, wanted: Wanted) -> AsyncGenerator[str, None]:
    said, chunks, spoken_at = "", 0, time.monotonic()
    async with aclosing(progress(runtime, asked)) as seen:
        async for _ in seen:
            more, chunks = await read_further(runtime, asked.account_id, asked.recording_id, asked.manner_key, chunks)
            if more:
                delta = f" {more}" if said else more
                said += delta
                yield _event({"type": "transcript.text.delta", "delta": delta})
            elif time.monotonic() - spoken_at < _QUIET:
                continue
            else:
                yield ": still at work\n\n"
            spoken_at = time.monotonic()
    transcript = await heard(runtime, asked)
    # A part that was heard once more since may read otherwise; then only the whole is right, and comes last.
    if transcript.text.startswith(said) and len(transcript.text) > len(said):
        yield _event({"type": "transcript.text.delta", "delta": transcript.text[len(said) :]})
    done = whole(transcript, wanted).model_dump(exclude_none=True)
    yield _event({"type": "transcript.text.done", **done})


def _event(data: Mapping[str, Any]) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
