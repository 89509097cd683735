"""Answers as Deepgram's client reads them (deepgram-sdk, types/listen_v1response*.py); times are seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from diarist.compat.problems import message_of, status_of
from diarist.http.shapes import Shape

_DOCUMENTED = ConfigDict(use_attribute_docstrings=True)


class Word(BaseModel):
    """A word."""

    model_config = _DOCUMENTED

    word: str
    """In small letters, bare."""
    start: float
    end: float
    confidence: float
    punctuated_word: str | None = None
    """As written, with `punctuate` or `smart_format`."""


class Alternative(BaseModel):
    """What was said; there is one."""

    transcript: str
    confidence: float
    words: list[Word]


class Channel(BaseModel):
    """All channels, mixed; or, with `multichannel`, one that holds a voice of its own."""

    model_config = _DOCUMENTED

    alternatives: list[Alternative]
    detected_language: str | None = None
    """With `detect_language`: ISO 639-1."""
    language_confidence: float | None = None


class Utterance(BaseModel):
    """What was said between two pauses."""

    model_config = _DOCUMENTED

    id: str
    start: float
    end: float
    confidence: float
    channel: int
    """From 0."""
    transcript: str
    words: list[Word]


class Results(BaseModel):
    """What was said."""

    model_config = _DOCUMENTED

    channels: list[Channel]
    utterances: list[Utterance] | None = None
    """With `utterances`."""


class ModelInfo(BaseModel):
    """Who heard it."""

    model_config = _DOCUMENTED

    name: str
    version: str
    """Always `local`."""
    arch: str
    """The engine."""


class Metadata(BaseModel):
    """About the recording and the answer."""

    model_config = _DOCUMENTED

    transaction_key: str
    """Always `deprecated`, as Deepgram has it."""
    request_id: str
    sha256: str
    created: str
    """When the recording was taken in, ISO 8601."""
    duration: float
    channels: int
    models: list[str]
    model_info: dict[str, ModelInfo]
    warnings: list[str] | None = None
    """Our own addition: what is missing, such as a part that could not be heard, or channels that could not be told apart."""


class Listened(BaseModel):
    """The whole answer."""

    metadata: Metadata
    results: Results


class DeepgramError(BaseModel):
    """An error in the shape that Deepgram's clients read."""

    err_code: str
    err_msg: str
    request_id: str


def _translate(problem: Mapping[str, Any]) -> tuple[int, Any]:
    status = status_of(problem)
    code = "INVALID_AUTH" if status == 401 else problem["code"].upper()  # noqa: PLR2004 - Unauthorized
    error = DeepgramError(err_code=code, err_msg=message_of(problem), request_id=problem["request_id"])
    return status, error.model_dump()


SHAPE = Shape(re.compile(r"/v1/listen"), _translate)
