"""The text of a question as each model may get it: as it is, or masked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from diarist.domain.privacy import Region
from diarist.errors import MaskingFailed
from diarist.llm.asking import Ask, Asker
from diarist.llm.candidates import ModelCard

if TYPE_CHECKING:
    from diarist.llm.masking.vault import Vault


log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What may leave."""

    text: str
    vault: Vault | None = None
    """What masked it, and unmasks answers to it; None where nothing is masked."""
    counts: Mapping[str, int] = field(default_factory=dict, hash=False)
    """How many different people, places and so on are masked in it."""

    @property
    def sha256(self) -> str:
        """Of its UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Both forms of one question, as far as they are needed; fails closed."""

    account: Asker
    plain: Text
    masked: Text | None
    """None when no model needs it, or when it could not be made."""

    def of(self, card: ModelCard) -> Text | None:
        """What this model may get; None when that would have to be masked and is not."""
        return self.masked if needs_masking(card, self.account) else self.plain


def needs_masking(card: ModelCard, account: Asker) -> bool:
    """Whether the account wants its text masked before this model gets it."""
    return account.masking.applies(self_hosted=card.region is Region.SELF_HOSTED)


async def texts_of(ask: Ask[Any], account: Asker, vault: Vault | None, cards: Sequence[ModelCard]) -> Texts:
    """Mask the text if one of the models needs it."""
    masked = None
    if vault is not None and any(needs_masking(card, account) for card in cards):
        try:
            made = await vault.mask(ask.prompt)
        except MaskingFailed as error:
            log.warning("llm.not_masked", reason=error.message)
        else:
            masked = Text(text=made.text, vault=vault, counts={kind.value: count for kind, count in made.counts.items()})
    return Texts(account=account, plain=Text(text=ask.prompt), masked=masked)


def cache_key(ask: Ask[Any], account: Asker, text: Text, model_class: Sequence[str], schema: Mapping[str, Any]) -> str:
    """The same for the same question of the same account.

    `model_class`: the models that may be asked, whichever of them can be now; so an answer that one of them gave is found again
    after it fails. How good each is changes with what is measured, so that what is needed is in the key instead.
    """
    asked = [ask.prompt_version, ask.system, text.text, text.vault is not None, schema, ask.max_output_tokens, ask.quality]
    parts = [str(account.id), sorted(model_class), asked]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
