"""`diarist notices`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diarist.cli.options import Account, AsJson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diarist.notices.notice import Notice


def notices(*, account: Account = "local", as_json: AsJson = False) -> None:
    """Say what the owner of an account should know now: models that do not answer, budgets, paused webhooks."""
    from diarist.accounts.service import account_id
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.notices import service
    from diarist.notices.schemas import notice_to_wire

    async def read() -> Sequence[Notice]:
        async with opened(settings_in_force()) as here:
            async with here.runtime.database.read() as session:
                owner = await account_id(session, account)
            return await service.notices(here.runtime, owner)

    found = run(read())
    if as_json:
        from diarist.cli.terminal import print_json

        print_json({"notices": [notice_to_wire(one).model_dump(mode="json") for one in found]})
        return
    from diarist.cli.clock import moment
    from diarist.cli.tables import print_table

    rows = [(one.message, moment(one.since) if one.since else "", one.advice) for one in found]
    print_table(("notice", "since", "what to do"), rows, empty="All is well.")
