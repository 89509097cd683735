"""Which language models may be asked, how one is chosen, and what it may cost."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, JsonValue, SecretStr, model_validator

from diarist.domain.budget import BudgetLimits
from diarist.domain.privacy import Privacy, Region

Usd = Annotated[Decimal, Field(ge=0, le=1_000_000)]
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0)]
Name = Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]


_ELSEWHERE = frozenset({"openai", "anthropic", "mistral", "openai_compatible"})
"""Kinds that are asked over the network."""


class PriceSettings(BaseModel, extra="forbid"):
    """What a model costs, in USD for a million tokens."""

    input: Usd
    output: Usd


class ModelSettings(BaseModel, extra="forbid"):
    """A model of a provider."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    path: Path | None = None
    """The GGUF file that holds it, for the kind `gguf`; the first of them, where it comes in several."""
    context_tokens: Annotated[int, Field(ge=512)] | None = None
    """Tokens of question and answer together; unset: what its file says, up to 12800; what genai-prices knows; else 8192."""
    quality: Annotated[int, Field(ge=0, le=100)] = 50
    """How good it is at this, by your own judgement, until the checks of what it says tell more; see `quality_counts_as`."""
    price: PriceSettings | None = None
    """Unset: what genai-prices knows of it; nothing, when the provider is self-hosted."""
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    """Unset: the model's own."""
    extra: dict[str, JsonValue] = {}
    """What else goes with each question, such as `{"top_k": 20, "repeat_penalty": 1.1}`; only who answers knows what it means."""


class ProviderSettings(BaseModel, extra="forbid"):
    """Somebody who answers for language models."""

    name: Name
    kind: Name
    """Entry point in the group `diarist.llm_providers`: `openai`, `anthropic`, `mistral`, `openai_compatible` or `gguf`."""
    base_url: str = ""
    """Empty for the provider's own."""
    api_key: SecretStr = SecretStr("")
    api_key_env: str = ""
    """Name of the variable that holds the key, instead of `api_key`."""
    region: Region = Region.ANYONE
    """`self_hosted`, `eu` or `anyone`: accounts of that privacy class, and wider ones, send it their text."""
    models: Annotated[list[ModelSettings], Field(min_length=1, max_length=50)]
    form: Literal["schema", "tool", "prompt"] | None = None
    """How it is made to answer in JSON; unset: what suits it best."""
    timeout: Seconds | None = None
    """Seconds for one answer; unset: `llm.timeout`, or 600 for a model in a file."""
    threads: int = Field(default=0, ge=0, le=256)
    """CPU threads of a model in a file; 0 means half of those that the process may use."""
    idle_seconds: Annotated[float, Field(ge=0)] = 300.0
    """Seconds without a question after which a model in a file leaves the memory; 0 means never."""
    memory_limit_mb: int = Field(default=0, ge=0)
    """Megabytes from which on a model in a file is loaded afresh after an answer, and at twice as many in one; 0: no limit."""

    @model_validator(mode="after")
    def _files_stay_here(self) -> Self:
        """What a model in a file is asked does not leave the machine; who says otherwise has meant something else."""
        in_files = [model.path is not None for model in self.models]
        if self.kind == "gguf" and not all(in_files):
            raise ValueError("each model of the kind gguf needs the path of its file")
        if not any(in_files):
            return self
        if not all(in_files):
            raise ValueError("some of its models have a path and some have none; make two providers of them")
        if self.base_url or self.kind in _ELSEWHERE:
            raise ValueError("a model with a path is asked on this machine: its kind is gguf, and it has no base_url")
        if "region" in self.model_fields_set and self.region is not Region.SELF_HOSTED:
            raise ValueError("a model with a path is asked on this machine, and its region is self_hosted")
        self.region = Region.SELF_HOSTED
        return self


class WeightSettings(BaseModel, extra="forbid"):
    """What counts in the choice of a model, where a preset does not say it."""

    cost: Share = 0.0
    latency: Share = 0.0
    quality: Share = 0.0
    privacy: Share = 0.0


class BreakerSettings(BaseModel):
    """When a model that fails is left alone."""

    failures: int = Field(default=3, ge=1, le=100)
    """Failures in a row after which it is not asked for a while; a wrong key or an empty account takes one."""
    cooldown: Seconds = 30.0
    """Seconds of that while; then one question is let through, and each failure doubles it."""
    longest: Seconds = 900.0


Preset = Literal["cheap", "balanced", "best", "private"]


class LlmSettings(BaseModel):
    """Language models; nothing is asked, and no text leaves, unless `enabled` is true."""

    enabled: bool = False
    """Whether language models may be asked at all. `OPENAI_API_KEY`, `ANTHROPIC_API_KEY` and `MISTRAL_API_KEY` count then too."""
    providers: list[ProviderSettings] = []
    """`[{"name": "home", "kind": "openai_compatible", "base_url": "http://localhost:11434/v1", "region": "self_hosted",
    "models": [{"name": "llama3.3", "context_tokens": 32768}]}]`; empty: those whose keys are in the environment."""
    preset: Preset = "balanced"
    """What counts most when several models may be asked; an account may have one of its own."""
    weights: WeightSettings | None = None
    """Instead of the preset: `{"cost": 0.5, "latency": 0.2, "quality": 0.3}`."""
    privacy: Privacy = Privacy.ANYONE
    """Who may get the text of accounts that say nothing of it: `nobody`, `self_hosted`, `eu` or `anyone`."""
    day_usd: Usd | None = None
    """What an account may spend in a day of UTC; unset: no limit. An account may have a budget of its own."""
    month_usd: Usd | None = None
    """The same for a month."""
    timeout: Seconds = 120.0
    """Seconds that one answer may take."""
    tries: int = Field(default=2, ge=1, le=10)
    """Times that a model is asked which is busy or broken, before the next one is."""
    quality_counts_as: float = Field(default=40.0, gt=0, le=1e9)
    """Checked statements of a model whose result counts as much as its `quality` here; the higher, the more that holds."""
    breaker: BreakerSettings = BreakerSettings()
    strict: bool = True
    """Whether an entry holds nothing but the speaker's words: what a model words otherwise stands as it was spoken. False: its
    words are judged one by one, which lets more pass, false ones included."""
    cache_days: float = Field(default=30.0, ge=0, le=3650)
    """Days for which an answer is kept, so that the same question is not paid for twice; 0 keeps none."""

    @property
    def budget(self) -> BudgetLimits:
        """What holds for accounts without one of their own."""
        return BudgetLimits(day=self.day_usd, month=self.month_usd)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [provider.name for provider in self.providers]
        if len(names) != len(set(names)):
            raise ValueError("two providers have the same name")
        return self
