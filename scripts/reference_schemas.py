"""The schema of exported transcripts, for programs that read them."""

from __future__ import annotations

import json
from typing import Any

from diarist.transcription.schemas import Transcript


def transcript_schema() -> str:
    """JSON Schema (2020-12) of `diarist transcript --format json`; keys may be added, so a reader must bear unknown ones."""
    schema = _open(Transcript.model_json_schema(mode="serialization"))
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, ensure_ascii=False, indent=2) + "\n"


def _open(part: Any) -> Any:
    """The same without what forbids further keys."""
    match part:
        case dict():
            return {key: _open(value) for key, value in part.items() if key != "additionalProperties"}
        case list():
            return [_open(value) for value in part]
    return part
