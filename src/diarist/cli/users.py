"""`diarist users`: people who sign in, and what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from diarist.cli.options import Account, AsJson
from diarist.cli.reporting import reporting
from diarist.domain.access import Role

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from diarist.accounts.users.models import UserRow

app = typer.Typer(help="Say who may sign in, and what they may do.", no_args_is_help=True, rich_markup_mode=None)


Email = Annotated[str, typer.Argument(help="The address that the person signs in with.")]
_ROLES = "viewer: sees all; member: adds and changes too; admin: keys and people too; owner: makes owners too."


@app.command()
@reporting
def invite(
    email: Email,
    *,
    role: Annotated[Role, typer.Option(help=_ROLES)] = Role.MEMBER,
    account: Account = "local",
    as_json: AsJson = False,
) -> None:
    """Let somebody in who signs in with this address, once the provider says that it is theirs. Nothing is sent."""
    from diarist.accounts.users.service import invite_user

    _change(account, lambda session, owner: invite_user(session, owner, email, role), "is invited as", as_json=as_json)


@app.command("role")
@reporting
def change(
    email: Email,
    role: Annotated[Role, typer.Argument(help=_ROLES)],
    *,
    account: Account = "local",
    as_json: AsJson = False,
) -> None:
    """Give somebody another role."""
    from diarist.accounts.users.service import change_role

    async def changed(session: AsyncSession, owner: UUID) -> UserRow:
        return await change_role(session, owner, (await _meant(session, owner, email)).id, role)

    _change(account, changed, "is now", as_json=as_json)


@app.command()
@reporting
def remove(email: Email, *, account: Account = "local", as_json: AsJson = False) -> None:
    """Let somebody in no more; their sessions end, and the keys that they made are revoked."""
    from diarist.accounts.users.service import remove_user

    async def removed(session: AsyncSession, owner: UUID) -> UserRow:
        user = await _meant(session, owner, email)
        await remove_user(session, owner, user.id)
        return user

    _change(account, removed, "is removed, and was", as_json=as_json)


@app.command("list")
@reporting
def list_users(*, account: Account = "local", as_json: AsJson = False) -> None:
    """List the people of an account, whoever was invited last first."""
    from diarist.accounts.service import account_id
    from diarist.accounts.users import repository
    from diarist.cli.clock import moment
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.tables import print_table
    from diarist.cli.terminal import print_json

    async def read() -> Sequence[UserRow]:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            return await repository.list_users(session, await account_id(session, account), 10_000)

    users = run(read())
    if as_json:
        print_json({"users": [_to_json(user) for user in users]})
        return
    rows = [
        (user.email, user.role.value, user.name or "", moment(user.signed_in_at) if user.signed_in_at else "never")
        for user in users
    ]
    print_table(("address", "role", "name", "signed in"), rows, empty="Nobody is invited.")


def _change(account: str, change: Callable[[AsyncSession, UUID], Awaitable[UserRow]], told: str, *, as_json: bool) -> None:
    from diarist.accounts.service import account_id
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import print_json, results, safe
    from diarist.domain.events import access_changed

    async def write() -> UserRow:
        async with opened(settings_in_force()) as here, here.runtime.database.write() as session:
            owner = await account_id(session, account)
            user = await change(session, owner)
            here.runtime.event_log.hint(session, access_changed(owner, user_id=user.id))
            return user

    user = run(write())
    if as_json:
        print_json({"user": _to_json(user)})
    else:
        results().print(safe(f"{user.email} {told} {user.role.value}."))


async def _meant(session: AsyncSession, account_id: UUID, email: str) -> UserRow:
    from diarist.accounts.users.repository import find_by_email
    from diarist.errors import NotFound

    user = await find_by_email(session, account_id, email.strip().lower())
    if user is None:
        raise NotFound(f"nobody is invited at {email}", advice="`diarist users list` shows who is.")
    return user


def _to_json(user: UserRow) -> dict[str, Any]:
    from diarist.accounts.users.schemas import user_from_row

    return user_from_row(user).model_dump(mode="json")
