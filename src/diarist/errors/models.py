"""What language models, and the masking before them, can do wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from diarist.errors.base import DiaristError
from diarist.errors.state import Conflict


class ProviderFailed(DiaristError):
    """The provider of a language model failed."""

    code = "provider_failed"
    retryable = True
    advice = "Try again later; `diarist llm status` shows how the providers are."


class NoModelAnswered(ProviderFailed):
    """No language model gave a usable answer."""

    code = "no_model_answered"
    advice = "The diary is written without a model. `diarist llm explain` shows which may be asked, and why others may not."

    def __init__(
        self,
        message: str | None = None,
        *,
        advice: str | None = None,
        hops: Sequence[Any] = (),
        rejected: Mapping[str, str] | None = None,
        receipt_id: UUID | None = None,
    ) -> None:
        super().__init__(message, advice=advice)
        self.hops = tuple(hops)
        """`llm.asking.Hop`: the calls that were made."""
        self.rejected = dict(rejected or {})
        """Why each `provider/model` that was not called was not."""
        self.receipt_id = receipt_id
        """Where all of it is written down; None where no model is configured."""


class ModelNotUsable(Conflict):
    """The language model that was asked for may not be asked, or gave no entry."""

    code = "model_not_usable"
    advice = "`diarist llm explain` shows which may be asked; leave the choice out to have the best of them."


class MaskingFailed(DiaristError):
    """The text could not be masked, so it did not leave."""

    code = "masking_failed"
    advice = "Nothing was sent. The diary is written without a model meanwhile; please report this, with the log lines around it."


class UnknownPlaceholder(MaskingFailed):
    """The answer of a model names somebody who was never masked, so it is not used."""

    code = "unknown_placeholder"
    retryable = True
    advice = "Another try, or another model, may do better."
