"""Who may do what: one table from roles to permissions, which are the scopes of keys as well."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class Permission(StrEnum):
    """What somebody may do in an account."""

    READ = "read"
    """See and hear everything: recordings, transcripts, entries, jobs, receipts."""
    ADD = "add"
    """Give recordings, and follow one's own uploads; what is there already is not shown for it."""
    EDIT = "edit"
    """Change, retry, cancel and delete."""
    MANAGE = "manage"
    """Keys, users and settings of the account."""
    OWN = "own"
    """Make and unmake owners."""


class Role(StrEnum):
    """What a person is in an account."""

    VIEWER = "viewer"
    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"


PERMISSIONS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.VIEWER: frozenset({Permission.READ}),
        Role.MEMBER: frozenset({Permission.READ, Permission.ADD, Permission.EDIT}),
        Role.ADMIN: frozenset({Permission.READ, Permission.ADD, Permission.EDIT, Permission.MANAGE}),
        Role.OWNER: frozenset(Permission),
    }
)
"""What each role may; a later one may all that an earlier one may."""
SCOPES = frozenset(Permission) - {Permission.OWN}
"""What a key may be for; owners are made by people."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: somebody with a key, somebody who has signed in, or whoever sits at this machine."""

    account_id: UUID
    permissions: AbstractSet[Permission]
    key_id: UUID | None = None
    user_id: UUID | None = None
    """Who has signed in, or made the key."""

    @property
    def at_this_machine(self) -> bool:
        """Whether nothing was shown at the door."""
        return self.key_id is None and self.user_id is None
