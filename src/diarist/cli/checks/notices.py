"""What the owner of the account of this machine should know; see `notices.service`."""

from __future__ import annotations

from diarist.accounts.service import account_id
from diarist.cli.checks.check import Check, Status
from diarist.notices import service
from diarist.settings import Settings
from diarist.wiring import open_runtime


async def notices(settings: Settings) -> list[Check]:
    """One check for each; to be asked only where the database can be read."""
    async with open_runtime(settings, None) as runtime:
        async with runtime.database.read() as session:
            owner = await account_id(session)
        found = await service.notices(runtime, owner)
    return [Check("notice", Status.WARN, one.message, one.advice) for one in found]
