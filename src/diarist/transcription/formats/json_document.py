"""A transcript as JSON; `transcription.schemas` describes it."""

from __future__ import annotations

from typing import Any

import msgspec

from diarist.domain.coverage import Coverage
from diarist.domain.transcript import Segment, Transcript, Withdrawn

SCHEMA_VERSION = 1
"""Rises when a key is renamed, goes or changes its meaning; keys are added without."""


def json_file(transcript: Transcript) -> str:
    """The transcript as a file for programs."""
    # With an indent the standard library writes in Python: some fifteen times as long.
    return msgspec.json.format(msgspec.json.encode(transcript_to_json(transcript)), indent=2).decode() + "\n"


def transcript_to_json(transcript: Transcript) -> dict[str, Any]:
    """The transcript as JSON values; a segment's `id` is its place, the one that citations name."""
    return {
        "schema_version": SCHEMA_VERSION,
        "duration": transcript.duration,
        "language": transcript.language,
        "language_probability": transcript.language_probability,
        "languages": transcript.languages,
        "engine": transcript.engine,
        "model": transcript.model,
        "sound_filter": transcript.sound_filter or None,
        "partial": transcript.partial,
        "text": transcript.text,
        "segments": [{"id": place, **_told(segment)} for place, segment in enumerate(transcript.segments)],
        "withdrawn": [_told(withdrawn) for withdrawn in transcript.withdrawn],
        "gaps": [
            {"start": gap.span.start, "end": gap.span.end, "code": gap.code, "message": gap.message} for gap in transcript.gaps
        ],
        "coverage": coverage_to_json(transcript.coverage) if transcript.coverage else None,
        "trust": transcript.trust,
    }


def _told(said: Segment | Withdrawn) -> dict[str, Any]:
    """With the channel only where channels tell voices apart, and then with that of the words, too."""
    values: dict[str, Any] = msgspec.to_builtins(said)
    if said.channel is None:
        del values["channel"]
        return values
    for word in values.get("words", ()):
        word["channel"] = said.channel
    return values


def coverage_to_json(coverage: Coverage) -> dict[str, Any]:
    """Seconds by label, and every stretch of time."""
    return {"totals": dict(coverage.totals), "spans": [msgspec.to_builtins(span) for span in coverage.spans]}
