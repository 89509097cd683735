"""Keys for those who use an API that wants one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from diarist.accounts.keys.service import create_key
from diarist.accounts.service import LOCAL, account_id, add_account
from diarist.database.session import Database
from diarist.domain.access import SCOPES, Permission
from diarist.errors import NotFound


def new_key(database_url: str, *scopes: Permission, account: str = LOCAL, lasts: timedelta | None = None) -> str:
    """A key for an account, which is made if it is not there; for everything, unless scopes are named. Not in an event loop."""
    return asyncio.run(_made(database_url, frozenset(scopes) or SCOPES, account, lasts))


def bearing(key: str) -> dict[str, str]:
    """The header that shows it."""
    return {"Authorization": f"Bearer {key}"}


async def _made(database_url: str, scopes: frozenset[Permission], account: str, lasts: timedelta | None) -> str:
    database = Database.open(database_url)
    try:
        async with database.write() as session:
            try:
                owner = await account_id(session, account)
            except NotFound:
                owner = (await add_account(session, account)).id
            return (await create_key(session, owner, "test", scopes, lasts=lasts))[1]
    finally:
        await database.close()
