"""People over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from diarist.accounts.current import CurrentAccount, CurrentCaller, CurrentRuntime
from diarist.accounts.users import repository, service
from diarist.accounts.users.schemas import Invitation, RoleChange, User, user_from_row
from diarist.errors import Conflict, InvalidInput, NotFound
from diarist.http.errors import MalformedRequest
from diarist.http.idempotency import IdempotentRoute
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Cursor, Limit, Page, cut, decode_cursor, encode_cursor

router = APIRouter(prefix="/v1/users", tags=["users"], route_class=IdempotentRoute)


@router.post("", status_code=201, responses=problems(MalformedRequest, InvalidInput, Conflict, service.RoleTooHigh))
async def invite_user(invitation: Invitation, runtime: CurrentRuntime, caller: CurrentCaller) -> User:
    """Let somebody in who signs in with a verified address of theirs."""
    async with runtime.database.write() as session:
        row = await service.invite_user(session, caller.account_id, invitation.email, invitation.role, granted=caller.permissions)
    return user_from_row(row)


@router.get("", responses=problems())
async def list_users(
    runtime: CurrentRuntime, account_id: CurrentAccount, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Page[User]:
    """Who is in this account; who was invited last comes first."""
    async with runtime.database.read() as session:
        rows, more = cut(await repository.list_users(session, account_id, limit + 1, decode_cursor(cursor)), limit)
    return Page(items=[user_from_row(row) for row in rows], next_cursor=encode_cursor(rows[-1].id) if more else None)


@router.get("/{user_id}", responses=problems(NotFound))
async def get_user(user_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> User:
    """One person."""
    async with runtime.database.read() as session:
        return user_from_row(await repository.get_user(session, account_id, user_id))


@router.patch("/{user_id}", responses=problems(MalformedRequest, NotFound, service.LastOwner, service.RoleTooHigh))
async def change_role(user_id: UUID, change: RoleChange, runtime: CurrentRuntime, caller: CurrentCaller) -> User:
    """Give somebody another role; it holds within 5 seconds."""
    async with runtime.database.write() as session:
        row = await service.change_role(session, caller.account_id, user_id, change.role, granted=caller.permissions)
    return user_from_row(row)


@router.delete("/{user_id}", status_code=204, responses=problems(NotFound, service.LastOwner, service.RoleTooHigh))
async def remove_user(user_id: UUID, runtime: CurrentRuntime, caller: CurrentCaller) -> None:
    """Let somebody in no more: within 5 seconds their sessions are over, and the keys that they made are revoked."""
    async with runtime.database.write() as session:
        await service.remove_user(session, caller.account_id, user_id, granted=caller.permissions)
