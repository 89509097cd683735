"""Answers as OpenAI's clients read them (openai-python, types/audio); times are seconds from the start of the recording."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

_DOCUMENTED = ConfigDict(use_attribute_docstrings=True)


class Usage(BaseModel):
    """What the answer took."""

    type: Literal["duration"] = "duration"
    seconds: int


class Language(BaseModel):
    """A language that is spoken."""

    code: str


class Logprob(BaseModel):
    """How sure the engine is of a word."""

    model_config = _DOCUMENTED

    token: str
    """The word, with the space before it; engines here tell of words, not of tokens."""
    bytes: list[int]
    logprob: float


class Transcription(BaseModel):
    """The text."""

    model_config = _DOCUMENTED

    text: str
    logprobs: list[Logprob] | None = None
    """With `include[]=logprobs`."""
    languages: list[Language] | None = None
    """What is spoken, the most of it first; not of a translation."""
    usage: Usage | None = None
    """Not of a translation."""
    warnings: list[str] | None = None
    """Our own addition: what is missing, such as a part that could not be heard."""


class Segment(BaseModel):
    """A phrase."""

    model_config = _DOCUMENTED

    id: int
    seek: int
    """Hundredths of a second at which it begins."""
    start: float
    end: float
    text: str
    tokens: list[int]
    """Always empty: they are not kept."""
    temperature: float
    avg_logprob: float
    compression_ratio: float
    no_speech_prob: float


class Word(BaseModel):
    """A word."""

    word: str
    start: float
    end: float


class Verbose(BaseModel):
    """The text with its times."""

    model_config = _DOCUMENTED

    task: Literal["transcribe", "translate"]
    language: str
    """In English words: of most of the speech, or of the translation; `unknown` where nothing tells it."""
    duration: float
    """Seconds."""
    text: str
    segments: list[Segment] | None = None
    words: list[Word] | None = None
    usage: Usage | None = None
    warnings: list[str] | None = None
    """As of a `Transcription`."""


class DiarizedSegment(BaseModel):
    """What one speaker said."""

    model_config = _DOCUMENTED

    type: Literal["transcript.text.segment"] = "transcript.text.segment"
    id: str
    start: float
    end: float
    speaker: str
    """`A` for the left channel, `B` for the right one."""
    text: str


class Diarized(BaseModel):
    """The text by speakers, each of whom has a channel."""

    model_config = _DOCUMENTED

    task: Literal["transcribe"] = "transcribe"
    duration: float
    """Seconds."""
    text: str
    segments: list[DiarizedSegment]
    """In order of their start; those of two speakers may overlap."""
    usage: Usage | None = None
    warnings: list[str] | None = None
    """As of a `Transcription`."""
