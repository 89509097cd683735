"""API keys on the wire."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from diarist.accounts.keys.models import ApiKeyRow
from diarist.accounts.keys.service import LONGEST_NAME, NAME
from diarist.domain.access import Permission

_EXAMPLE: JsonDict = {
    "id": "019a0c5e-1b41-7a02-9d15-1f5a2b1f7c40",
    "name": "phone in the kitchen",
    "beginning": "diarist_k3Qx9a",
    "scopes": ["add"],
    "created_at": "2026-11-03T19:24:02.113Z",
    "expires_at": "2027-11-03T19:24:02.113Z",
    "last_used_at": None,
    "revoked_at": None,
}
_SECRET = "diarist_k3Qx9aBv0mT4yUeWc7LrZ2NsHj5gPdF8oXi1qRnKtVw"  # noqa: S105 - an example; nobody's key
Scope = Annotated[Permission, Field(json_schema_extra={"enum": ["read", "add", "edit", "manage"]})]


class NewKey(BaseModel):
    """What a key is to be for."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NAME, examples=["phone in the kitchen"])]
    """For people."""
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=4, examples=[["add"]])]
    """What it may do; nobody can give more than they have."""
    expires_in_days: Annotated[int | None, Field(ge=1, le=3650)] = None
    """Left out, it never expires."""

    @property
    def lasts(self) -> timedelta | None:
        """Until it expires."""
        return None if self.expires_in_days is None else timedelta(days=self.expires_in_days)


class KeyChange(BaseModel):
    """What a key is to be called."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NAME, examples=["phone in the hall"])]


class Key(BaseModel):
    """A key as it is shown ever after."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})
    CHANGES_BY_ITSELF: ClassVar = frozenset({"last_used_at"})

    id: UUID
    name: str
    beginning: str
    """The first characters of the key, to tell it from others."""
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    """To the minute."""
    revoked_at: datetime | None


class CreatedKey(Key):
    """A key with its secret, as it is shown once."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [{**_EXAMPLE, "key": _SECRET}]})

    key: str
    """The key itself. Keep it: nobody can tell it again, for only its hash is stored."""


def key_from_row(row: ApiKeyRow) -> Key:
    """A key as it goes over the wire."""
    return Key.model_validate({name: getattr(row, name) for name in Key.model_fields})


def created_key(row: ApiKeyRow, secret: str) -> CreatedKey:
    """A key that was just made."""
    return CreatedKey(**key_from_row(row).model_dump(), key=secret)
