"""Tags of what is answered, and `If-Match`: whoever changes something that has been changed meanwhile is refused.

A tag has two halves: the first is of what somebody edits, the second of everything. A reader who asks whether anything is new
compares both; a writer is only refused when the first is another one, not because work went on or a key was used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header
from pydantic import BaseModel

from diarist.http.errors import PreconditionFailed

_DESCRIPTION = "The `ETag` of what was read, or `*`; if somebody has edited it since, nothing is changed and the answer is 412."
_HALF = 20
"""Characters of a digest."""


def tag_of(resource: BaseModel) -> str:
    """The tag with which a GET answers that gives this; a strong one (RFC 9110, 8.8.3)."""
    return tag_of_json(resource.model_dump_json(by_alias=True).encode(), unedited(type(resource)))


def tag_of_json(body: bytes, by_itself: AbstractSet[str] = frozenset()) -> str:
    """The same of an answer as it is sent; `by_itself`: fields that nobody edits."""
    edited = everything = _digest(body)
    if by_itself:
        kept = {name: value for name, value in json.loads(body).items() if name not in by_itself}
        edited = _digest(json.dumps(kept, separators=(",", ":")).encode())
    return f'"{edited}-{everything}"'


def unedited(model: Any) -> frozenset[str]:
    """The fields of an answer that change without anybody's edit: the model names them in `CHANGES_BY_ITSELF`."""
    found: frozenset[str] = getattr(model, "CHANGES_BY_ITSELF", frozenset())
    return found


@dataclass(frozen=True, slots=True)
class Precondition:
    """What a request says that it has seen."""

    if_match: str | None = None
    """The header; None where nothing is said, and anything may be changed."""

    def require(self, current: BaseModel) -> None:
        """Go on only if that is it; within the transaction that changes it, with its row locked. Raises `PreconditionFailed`."""
        if self.if_match is None:
            return
        # Weak tags match nothing here (RFC 9110, 13.1.1), and neither does what is no tag.
        seen = {tag.strip() for tag in self.if_match.split(",")}
        if "*" not in seen and _edited(tag_of(current)) not in {_edited(tag) for tag in seen}:
            raise PreconditionFailed


def _edited(tag: str) -> str:
    return tag.partition("-")[0]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HALF]


async def _precondition(
    if_match: Annotated[str | None, Header(alias="If-Match", description=_DESCRIPTION)] = None,
) -> Precondition:
    return Precondition(if_match)


IfMatch = Annotated[Precondition, Depends(_precondition)]
