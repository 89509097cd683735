"""How clients of other tools are answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, field_validator
from pydantic_settings import NoDecode

from diarist.domain.hints import listed
from diarist.settings.llm import Seconds


class CompatSettings(BaseModel):
    """How clients of OpenAI's and of other APIs are answered."""

    store: bool = True
    """Whether what such a client gives stays one of the account's recordings; else it is deleted once it has been answered."""
    answer_seconds: Seconds = 600.0
    """Longest time until an answer; the work goes on after it, and who sends the same recording again gets its result."""
    model_names: Annotated[tuple[str, ...], NoDecode] = ("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe")
    """Names of models that such clients insist on; each stands for whichever engine hears such a recording."""

    @field_validator("model_names", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(listed(value)) if isinstance(value, str) else value
