"""People on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from diarist.accounts.users.models import UserRow
from diarist.accounts.users.service import EMAIL
from diarist.domain.access import Permission, Role

_EXAMPLE: JsonDict = {
    "id": "019a0c5e-1b41-7a02-9d15-1f5a2b1f7c44",
    "email": "anna@example.org",
    "name": "Anna Berg",
    "role": "member",
    "created_at": "2026-11-03T19:24:02.113Z",
    "signed_in_at": "2026-11-04T07:02:41.020Z",
}


class Invitation(BaseModel):
    """Who is to be let in, and as what."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    email: Annotated[str, Field(min_length=3, max_length=254, pattern=EMAIL, examples=["anna@example.org"])]
    """The address that the person signs in with; nothing is sent there."""
    role: Role


class RoleChange(BaseModel):
    """What somebody is to be."""

    model_config = ConfigDict(extra="forbid")

    role: Role


class User(BaseModel):
    """A person in this account."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_extra={"examples": [_EXAMPLE]})
    CHANGES_BY_ITSELF: ClassVar = frozenset({"name", "signed_in_at"})

    id: UUID
    email: str
    name: str | None
    """Known from the first sign-in on."""
    role: Role
    created_at: datetime
    signed_in_at: datetime | None
    """The last time; null for who has not followed the invitation yet."""


class Session(BaseModel):
    """Who asks."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    account_id: UUID
    permissions: list[Permission]
    user: User | None
    """Who has signed in, or made the key; null where that is nobody who signed in."""
    csrf_token: str | None
    """For `X-CSRF-Token`, where the request came with the cookie of a session."""


def user_from_row(row: UserRow) -> User:
    """A person as they go over the wire."""
    return User.model_validate({name: getattr(row, name) for name in User.model_fields})
