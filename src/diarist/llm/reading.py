"""Reads an answer: JSON, unmasked, and valid as what was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from diarist.errors import UnknownPlaceholder
from diarist.llm.asking import T
from diarist.ports.language_model import Outcome

if TYPE_CHECKING:
    from diarist.llm.masking.vault import Vault

_MOST_PROBLEMS = 8
_DEEPEST = 60


class Unusable(Exception):
    """An answer that cannot be used; the complaint is for the model, and may hold what it made up."""

    def __init__(self, outcome: Outcome, complaint: str) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome
        self.complaint = complaint


def read_answer(text: str, kind: type[T], vault: Vault | None) -> T:
    """The answer as a value, unmasked by what masked the question; raises `Unusable`."""
    try:
        found = json.loads(_object(text))
    except (ValueError, RecursionError) as error:
        raise Unusable(Outcome.INVALID, "That is no JSON. Answer again, with the JSON object alone.") from error
    if not isinstance(found, dict):
        raise Unusable(Outcome.INVALID, "That is no JSON object. Answer again, with the JSON object alone.")
    try:
        return kind.model_validate(found if vault is None else _unmasked(found, vault.unmask))
    except UnknownPlaceholder as error:
        complaint = "You named something in brackets that is not in the text. Answer again; use only those that are in it."
        raise Unusable(Outcome.UNKNOWN_PLACEHOLDER, complaint) from error
    except ValidationError as error:
        raise Unusable(Outcome.INVALID, _complaint(error)) from error


def _object(text: str) -> str:
    """The text without what models put around JSON: fences, and a word before it."""
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text


def _unmasked(value: Any, unmask: Callable[[str], str], depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise Unusable(Outcome.INVALID, "That is nested too deeply. Answer again.")
    match value:
        case str():
            return unmask(value)
        case list():
            return [_unmasked(item, unmask, depth + 1) for item in value]
        case dict():
            return {unmask(key): _unmasked(item, unmask, depth + 1) for key, item in value.items()}
        case _:
            return value


def _complaint(error: ValidationError) -> str:
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    told = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'the object'}: {one['msg']}" for one in problems[:_MOST_PROBLEMS])
    return f"That is not valid: {told}. Answer again, with the whole corrected JSON object alone."
