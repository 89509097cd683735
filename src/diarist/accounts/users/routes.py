"""People over HTTP."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from diarist.accounts.current import CurrentAccount, CurrentCaller, CurrentRuntime
from diarist.accounts.users import repository, service
from diarist.accounts.users.schemas import Invitation, RoleChange, User, user_from_row
from diarist.domain.events import access_changed
from diarist.errors import Conflict, InvalidInput, NotFound
from diarist.http.errors import MalformedRequest, PreconditionFailed
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Limit, Page, cut
from diarist.http.preconditions import IfMatch
from diarist.http.resources import ResourceRoute
from diarist.http.sorting import ByCreation, next_cursor

router = APIRouter(prefix="/v1/users", tags=["users"], route_class=ResourceRoute)


@router.post("", status_code=201, responses=problems(MalformedRequest, InvalidInput, Conflict, service.RoleTooHigh))
async def invite_user(invitation: Invitation, runtime: CurrentRuntime, caller: CurrentCaller) -> User:
    """Let somebody in who signs in with a verified address of theirs."""
    async with runtime.database.write() as session:
        row = await service.invite_user(session, caller.account_id, invitation.email, invitation.role, granted=caller.permissions)
    return user_from_row(row)


@router.get("", responses=problems())
async def list_users(
    runtime: CurrentRuntime, account_id: CurrentAccount, place: ByCreation, limit: Limit = DEFAULT_LIMIT
) -> Page[User]:
    """Who is in this account."""
    async with runtime.database.read() as session:
        rows, more = cut(await repository.list_users(session, account_id, limit + 1, place), limit)
    return Page(items=[user_from_row(row) for row in rows], next_cursor=next_cursor(place, rows[-1].id) if more else None)


@router.get("/{user_id}", responses=problems(NotFound))
async def get_user(user_id: UUID, runtime: CurrentRuntime, account_id: CurrentAccount) -> User:
    """One person."""
    async with runtime.database.read() as session:
        return user_from_row(await repository.get_user(session, account_id, user_id))


@router.patch(
    "/{user_id}", responses=problems(MalformedRequest, NotFound, PreconditionFailed, service.LastOwner, service.RoleTooHigh)
)
async def change_role(user_id: UUID, change: RoleChange, runtime: CurrentRuntime, caller: CurrentCaller, seen: IfMatch) -> User:
    """Give somebody another role; it holds within 5 seconds."""
    async with runtime.database.write() as session:
        seen.require(user_from_row(await repository.get_user(session, caller.account_id, user_id, lock=True)))
        row = await service.change_role(session, caller.account_id, user_id, change.role, granted=caller.permissions)
        runtime.event_log.hint(session, access_changed(caller.account_id, user_id=user_id))
    return user_from_row(row)


@router.delete(
    "/{user_id}", status_code=204, responses=problems(NotFound, PreconditionFailed, service.LastOwner, service.RoleTooHigh)
)
async def remove_user(user_id: UUID, runtime: CurrentRuntime, caller: CurrentCaller, seen: IfMatch) -> None:
    """Let somebody in no more: within 5 seconds their sessions are over, and the keys that they made are revoked."""
    async with runtime.database.write() as session:
        seen.require(user_from_row(await repository.get_user(session, caller.account_id, user_id, lock=True)))
        await service.remove_user(session, caller.account_id, user_id, granted=caller.permissions)
        runtime.event_log.hint(session, access_changed(caller.account_id, user_id=user_id))
