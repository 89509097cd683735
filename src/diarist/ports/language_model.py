"""The contract of whoever answers for language models.

Entry-point group `diarist.llm_providers`, by the kind that settings name: each value is an `OpenProvider`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Outcome(StrEnum):
    """What one call to a provider came to; stable names, also on receipts."""

    ANSWERED = "answered"
    ASKED = "asked"
    """Not known: the process ended before the answer came."""
    RATE_LIMITED = "rate_limited"
    OUT_OF_CREDIT = "out_of_credit"
    NOT_ALLOWED = "not_allowed"
    """The key is wrong, or may not do this."""
    SERVER_FAILED = "server_failed"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    CUT = "cut"
    """The connection broke before the answer was whole."""
    UNFINISHED = "unfinished"
    """The model used up the tokens that the answer may have."""
    INVALID = "invalid"
    """The answer is not what was asked for."""
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    """The answer names somebody who was never masked."""
    REFUSED = "refused"
    """The model does not want to answer this."""
    CONTEXT_TOO_LONG = "context_too_long"
    REJECTED = "rejected"
    """The provider does not take the request."""


class Form(StrEnum):
    """How a model is made to answer as a JSON schema says."""

    SCHEMA = "schema"
    """By a grammar or a strict mode of the provider."""
    TOOL = "tool"
    """As if it called a tool."""
    PROMPT = "prompt"
    """By words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInFile:
    """A model that a provider loads by itself."""

    path: str
    context_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """What models that a provider loads by itself may take of this machine."""

    threads: int = 0
    """0 for what suits it best."""
    idle_seconds: float = 0.0
    """Without a question, after which a model leaves the memory; 0 for never."""
    memory_limit: int = 0
    """Bytes; 0 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderOptions:
    """How a provider is reached."""

    name: str
    base_url: str
    """Empty for the provider's own."""
    api_key: str
    form: Form | None
    """None for what suits the provider best."""
    files: Mapping[str, ModelInFile] = field(default_factory=dict)
    """Models that it loads by itself, by name."""
    upkeep: Upkeep = Upkeep()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An answer that cannot be used, and what is wrong with it."""

    answer: str
    complaint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One call."""

    model: str
    system: str
    prompt: str
    schema: Mapping[str, Any]
    """JSON schema of the answer, an object."""
    max_output_tokens: int
    timeout: float
    """Seconds until the last byte; waiting for a model on this machine that is asked by others, or loaded, counts apart."""
    temperature: float | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further parameters of the request, as the provider names them."""
    correction: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back; whoever asked judges it."""

    text: str
    """JSON, if the model did what it was told."""
    outcome: Outcome
    """`ANSWERED`, `REFUSED` or `UNFINISHED`."""
    input_tokens: int
    """All of them, those that the provider had cached included."""
    output_tokens: int
    cached_tokens: int = 0
    """Of the input, read from the provider's own cache."""


class CallFailed(Exception):
    """A call that gave no answer; its message is ours, for a provider's may repeat what it was asked."""

    def __init__(self, outcome: Outcome, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome
        self.status = status
        """Of HTTP."""
        self.retry_after = retry_after
        """Seconds that the provider asks to wait."""


class Provider(Protocol):
    """Used by one event loop; imports what it needs when it is opened. Asks once: whoever calls it decides about retries."""

    async def ask(self, question: Question) -> Reply:
        """Raises `CallFailed`."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


OpenProvider = Callable[[ProviderOptions], Provider]
"""Raises `Misconfigured`, also when an extra is not installed; connects at first use."""
