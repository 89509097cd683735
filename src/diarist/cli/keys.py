"""`diarist keys`: what programs show to be let in."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from diarist.cli.options import Account, AsJson
from diarist.cli.reporting import reporting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from diarist.accounts.keys.models import ApiKeyRow
    from diarist.accounts.keys.schemas import CreatedKey

app = typer.Typer(
    help="Make keys for programs that use the API, and take them back.", no_args_is_help=True, rich_markup_mode=None
)


class KeyScope(StrEnum):
    """What a key may be for."""

    READ = "read"
    ADD = "add"
    EDIT = "edit"
    MANAGE = "manage"


_USUAL = [KeyScope.READ, KeyScope.ADD, KeyScope.EDIT]


@app.command()
@reporting
def create(
    name: Annotated[str, typer.Argument(help="What the key is for, such as `phone`.")],
    *,
    account: Account = "local",
    scope: Annotated[
        list[KeyScope],
        typer.Option(help="read: see and hear all; add: give recordings; edit: change, retry, delete; manage: keys and users."),
    ] = _USUAL,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Until it expires; left out: never.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, this once: only its hash is stored."""
    from datetime import timedelta

    from diarist.accounts.keys import service
    from diarist.accounts.keys.schemas import created_key
    from diarist.accounts.service import account_id
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import messages, print_json, results
    from diarist.domain.access import Permission

    async def write() -> CreatedKey:
        scopes = frozenset(map(Permission, scope))
        lasts = None if days is None else timedelta(days=days)
        async with opened(settings_in_force()) as here, here.runtime.database.write() as session:
            owner = await account_id(session, account)
            return created_key(*await service.create_key(session, owner, name, scopes, lasts=lasts))

    created = run(write())
    if as_json:
        print_json({"key": created.model_dump(mode="json")})
        return
    results().print(created.key)
    messages().print("Keep it now: it cannot be shown again. Programs send it as `Authorization: Bearer …`.")


@app.command("list")
@reporting
def list_keys(*, account: Account = "local", as_json: AsJson = False) -> None:
    """List the keys of an account, the newest first; those that were revoked or have expired too."""
    from diarist.accounts.keys import repository
    from diarist.accounts.service import account_id
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force

    async def read() -> Sequence[ApiKeyRow]:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            return await repository.list_keys(session, await account_id(session, account), 10_000)

    _print(run(read()), as_json=as_json)


@app.command()
@reporting
def revoke(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The key's id, or its beginning as `diarist keys list` shows it.")],
    *,
    account: Account = "local",
    as_json: AsJson = False,
) -> None:
    """Take a key back, for good. Servers let nobody in by it any more after 5 seconds at most."""
    from diarist.accounts.keys import repository, service
    from diarist.accounts.service import account_id
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import print_json, results
    from diarist.domain.events import access_changed

    async def write() -> ApiKeyRow:
        async with opened(settings_in_force()) as here, here.runtime.database.write() as session:
            owner = await account_id(session, account)
            meant = _meant(await repository.list_keys(session, owner, 10_000), key)
            here.runtime.event_log.hint(session, access_changed(owner, key_id=meant))
            return await service.revoke_key(session, owner, meant)

    revoked = run(write())
    if as_json:
        print_json({"key": _to_json(revoked)})
    else:
        results().print(f"Revoked {revoked.beginning}…, {revoked.name}.")


def _meant(keys: Sequence[ApiKeyRow], typed: str) -> UUID:
    from diarist.errors import NotFound

    found = [row.id for row in keys if typed in {str(row.id), row.beginning}]
    if len(found) != 1:
        raise NotFound(f"no key, or more than one, is {typed!r}", advice="Give the id that `diarist keys list --json` shows.")
    return found[0]


def _print(keys: Sequence[ApiKeyRow], *, as_json: bool) -> None:
    from diarist.accounts.keys.service import is_valid
    from diarist.cli.clock import moment
    from diarist.cli.tables import print_table
    from diarist.cli.terminal import print_json
    from diarist.database.base import utc_now

    if as_json:
        print_json({"keys": [_to_json(row) for row in keys]})
        return
    now = utc_now()
    rows = [
        (
            row.beginning,
            row.name,
            ", ".join(row.scopes),
            moment(row.created_at),
            moment(row.last_used_at) if row.last_used_at else "never",
            "revoked" if row.revoked_at else moment(row.expires_at) if row.expires_at else "never",
            "yes" if is_valid(row, now) else "no",
        )
        for row in keys
    ]
    print_table(("key", "name", "scopes", "made", "used", "expires", "valid"), rows, empty="No keys.")


def _to_json(row: ApiKeyRow) -> dict[str, Any]:
    from diarist.accounts.keys.schemas import key_from_row

    return key_from_row(row).model_dump(mode="json")
