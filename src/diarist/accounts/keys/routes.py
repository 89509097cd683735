"""API keys over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from diarist.accounts.current import CurrentAccount, CurrentCaller, CurrentRuntime
from diarist.accounts.keys import repository, service
from diarist.accounts.keys.schemas import CreatedKey, Key, KeyChange, NewKey, created_key, key_from_row
from diarist.domain.events import access_changed
from diarist.errors import InvalidInput, NotFound
from diarist.http.errors import MalformedRequest, PreconditionFailed
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Limit, Page, cut
from diarist.http.preconditions import IfMatch
from diarist.http.resources import TaggedRoute
from diarist.http.sorting import ByCreation, next_cursor

# No `Idempotency-Key` here: an answer that is kept for asking again would be a secret that is kept.
router = APIRouter(prefix="/v1/keys", tags=["keys"], route_class=TaggedRoute)


@router.post("", status_code=201, responses=problems(MalformedRequest, InvalidInput, service.ScopeTooWide))
async def create_key(wanted: NewKey, runtime: CurrentRuntime, caller: CurrentCaller) -> CreatedKey:
    """Make a key for this account. The answer holds its secret, which is shown this once."""
    async with runtime.database.write() as session:
        row, secret = await service.create_key(
            session, caller.account_id, wanted.name, frozenset(wanted.scopes),
            lasts=wanted.lasts, granted=caller.permissions, maker_id=caller.user_id,
        )  # fmt: skip
    return created_key(row, secret)


@router.get("", responses=problems())
async def list_keys(
    runtime: CurrentRuntime, account_id: CurrentAccount, place: ByCreation, limit: Limit = DEFAULT_LIMIT
) -> Page[Key]:
    """The keys of this account; revoked and expired ones too."""
    async with runtime.database.read() as session:
        rows, more = cut(await repository.list_keys(session, account_id, limit + 1, place), limit)
    return Page(items=[key_from_row(row) for row in rows], next_cursor=next_cursor(place, rows[-1].id) if more else None)


@router.get("/{key_id}", responses=problems(NotFound))
async def get_key(key_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Key:
    """One key."""
    async with runtime.database.read() as session:
        return key_from_row(await repository.get_key(session, account_id, key_id))


@router.patch("/{key_id}", responses=problems(MalformedRequest, NotFound, InvalidInput, PreconditionFailed))
async def rename_key(key_id: UUID, change: KeyChange, runtime: CurrentRuntime, account_id: CurrentAccount, seen: IfMatch) -> Key:
    """Call a key something else; what it may do stays as it was made."""
    async with runtime.database.write() as session:
        row = await repository.get_key(session, account_id, key_id, lock=True)
        seen.require(key_from_row(row))
        service.rename_key(row, change.name)
    return key_from_row(row)


@router.delete("/{key_id}", status_code=204, responses=problems(NotFound, PreconditionFailed))
async def revoke_key(key_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount, seen: IfMatch) -> None:
    """Take a key back, for good. Within 5 seconds nobody is let in by it any more, and streams that it has opened end."""
    async with runtime.database.write() as session:
        seen.require(key_from_row(await repository.get_key(session, account_id, key_id, lock=True)))
        await service.revoke_key(session, account_id, key_id)
        runtime.event_log.hint(session, access_changed(account_id, key_id=key_id))
