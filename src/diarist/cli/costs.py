"""`diarist costs`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

from diarist.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from uuid import UUID

    from diarist.cli.opening import Here
    from diarist.costs import service
    from diarist.costs.schemas import WhatIf

T = TypeVar("T")

Whose = Annotated[str | None, typer.Option("--account", help="The account's name; left out, all accounts.")]
Month = Annotated[str | None, typer.Option(metavar="YYYY-MM", help="A month of UTC; left out, this one.")]
Recording = Annotated[
    str | None, typer.Option(metavar="ID", help="One recording instead: its id, its last 4 digits or more, or `last`.")
]
By = Annotated[Literal["day", "stage", "model", "account"], typer.Option(help="What each line stands for.")]
Other = Annotated[
    str | None, typer.Option("--what-if", metavar="PROVIDER/MODEL", help="What its questions would have cost with this model.")
]
InsteadOf = Annotated[
    str | None, typer.Option(metavar="PROVIDER/MODEL", help="With --what-if: only what this model was asked; left out, all.")
]


def costs(
    *, account: Whose = None, month: Month = None, recording: Recording = None, by: By = "stage", what_if: Other = None,
    instead_of: InsteadOf = None, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Tell what a month or a recording has cost: processors, language models, storage, network; and how the month will end.

    By the prices in DIARIST_COSTS__CORE_HOUR, __GPU_HOUR, __GB_MONTH, __GB_IN and __GB_OUT.
    """
    from diarist.errors import InvalidInput

    if recording is not None and (month or what_if or account):
        raise InvalidInput("--recording stands alone", advice="Leave --month, --account and --what-if out.")
    if instead_of is not None and what_if is None:
        raise InvalidInput("--instead-of needs --what-if", advice="Name the other model.")
    if what_if is not None:
        _what_if(account, month, what_if, instead_of, as_json=as_json)
    elif recording is not None:
        _recording(recording, by, as_json=as_json)
    else:
        _month(account, month, by, as_json=as_json)


def _month(account: str | None, month: str | None, by: str, *, as_json: bool) -> None:
    from diarist.cli.costs_page import print_month
    from diarist.cli.terminal import print_json
    from diarist.costs.schemas import month_to_wire
    from diarist.costs.service import accounts_named, costs_of_month, month_named

    async def read(here: Here) -> tuple[service.Month, Mapping[UUID, str]]:
        found = await costs_of_month(here.runtime, await _whose(here, account), month_named(month))
        return found, await accounts_named(here.runtime, found.costs) if by == "account" else {}

    found, names = _read(read)
    if as_json:
        print_json(month_to_wire(found).model_dump(mode="json"))
    else:
        print_month(found, by, names)


def _recording(typed: str, by: str, *, as_json: bool) -> None:
    from diarist.cli.costs_page import print_costs
    from diarist.cli.finding import find
    from diarist.cli.terminal import print_json
    from diarist.costs.schemas import costs_to_wire
    from diarist.costs.service import costs_of_recording

    async def read(here: Here) -> service.Costs:
        found = await find(here, typed)
        return await costs_of_recording(here.runtime, here.account_id, found.recording_id)

    found = _read(read)
    if as_json:
        print_json(costs_to_wire(found).model_dump(mode="json"))
    else:
        print_costs(found, by)


def _what_if(account: str | None, month: str | None, model: str, instead_of: str | None, *, as_json: bool) -> None:
    from diarist.cli.costs_page import print_what_if
    from diarist.cli.terminal import print_json
    from diarist.costs.schemas import what_if_to_wire
    from diarist.costs.service import month_named
    from diarist.costs.what_if import what_if

    async def read(here: Here) -> WhatIf:
        found = await what_if(here.runtime, await _whose(here, account), month_named(month), model, instead_of)
        return what_if_to_wire(found, here.runtime.settings.costs)

    told = _read(read)
    if as_json:
        print_json(told.model_dump(mode="json"))
    else:
        print_what_if(told)


async def _whose(here: Here, account: str | None) -> UUID | None:
    from diarist.accounts.service import account_id

    if account is None:
        return None
    async with here.runtime.database.read() as session:
        return await account_id(session, account)


def _read(read: Callable[[Here], Awaitable[T]]) -> T:
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force

    async def found() -> T:
        async with opened(settings_in_force()) as here:
            return await read(here)

    return run(found())
