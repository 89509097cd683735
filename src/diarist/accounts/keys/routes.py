"""API keys over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from diarist.accounts.current import CurrentAccount, CurrentCaller, CurrentRuntime
from diarist.accounts.keys import repository, service
from diarist.accounts.keys.schemas import CreatedKey, Key, NewKey, created_key, key_from_row
from diarist.errors import InvalidInput, NotFound
from diarist.http.errors import MalformedRequest
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, cut, decode_cursor, encode_cursor

# No `Idempotency-Key` here: an answer that is kept for asking again would be a secret that is kept.
router = APIRouter(prefix="/v1/keys", tags=["keys"])


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
    runtime: CurrentRuntime, account_id: CurrentAccount, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[Key]:
    """The keys of this account, the newest first; revoked and expired ones too."""
    async with runtime.database.read() as session:
        rows, more = cut(await repository.list_keys(session, account_id, limit + 1, decode_cursor(cursor)), limit)
    return Page(items=[key_from_row(row) for row in rows], next_cursor=encode_cursor(rows[-1].id) if more else None)


@router.get("/{key_id}", responses=problems(NotFound))
async def get_key(key_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> Key:
    """One key."""
    async with runtime.database.read() as session:
        return key_from_row(await repository.get_key(session, account_id, key_id))


@router.delete("/{key_id}", status_code=204, responses=problems(NotFound))
async def revoke_key(key_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> None:
    """Take a key back, for good. Within 5 seconds nobody is let in by it any more."""
    async with runtime.database.write() as session:
        await service.revoke_key(session, account_id, key_id)
