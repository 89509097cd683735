"""`diarist account`: who owns recordings."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from diarist.cli.account_llm import language_models, terms_to_json
from diarist.cli.hints import Language, Languages, Vocabulary, hints_from_options, in_words
from diarist.cli.options import AsJson
from diarist.cli.reporting import reporting
from diarist.domain.archive import ArchiveFormat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy.ext.asyncio import AsyncSession

    from diarist.accounts.models import AccountRow

app = typer.Typer(help="Look at the owners of recordings, and add one.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="Lower-case letters, digits, dots, dashes and underscores.")]


@app.command()
@reporting
def add(name: Name, *, as_json: AsJson = False) -> None:
    """Add an account."""
    from diarist.accounts.service import add_account
    from diarist.cli.opening import settings_in_force
    from diarist.settings.time_zone import FALLBACK, machine_zone

    zone = machine_zone() if settings_in_force().embedded else FALLBACK
    _change(lambda session: add_account(session, name, zone), lambda account: f"{account.id}  {account.name}", as_json=as_json)


@app.command()
@reporting
def archive(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    kind: Annotated[
        ArchiveFormat,
        typer.Option("--format", help="`opus` is small; `flac` loses nothing; `keep` leaves originals as they are."),
    ],
    after: Annotated[int, typer.Option(min=1, max=36_500, metavar="DAYS", help="Keep originals for so long in any case.")] = 30,
    *,
    as_json: AsJson = False,
) -> None:
    """Say how old recordings of an account are kept; originals are deleted once their copies are checked."""
    from diarist.accounts.service import set_archive_policy
    from diarist.cli.storage import policy

    def told(account: AccountRow) -> str:
        return f"{account.name}: {policy(account.archive_format, account.archive_after_days)}"

    _change(lambda session: set_archive_policy(session, name, kind, after), told, as_json=as_json)


@app.command()
@reporting
def days(
    name: Annotated[str, typer.Argument(help="The account's name.")] = "local",
    *,
    time_zone: Annotated[str | None, typer.Option("--time-zone", metavar="ZONE", help="Such as Europe/Berlin.")] = None,
    begins: Annotated[
        str | None, typer.Option("--begin", metavar="HH:MM", help="What is said earlier belongs to the day before.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show or say in which time zone an account's days are counted, and when they begin."""
    from diarist.accounts.service import set_days
    from diarist.domain.days import day_begin

    begin = day_begin(begins) if begins is not None else None

    def told(account: AccountRow) -> str:
        return f"{account.name}: days of {account.time_zone}, from {account.day_begins:%H:%M} on"

    _change(lambda session: set_days(session, name, time_zone=time_zone, begins=begin), told, as_json=as_json)


@app.command()
@reporting
def hints(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    *,
    language: Language = None,
    languages: Languages = None,
    vocabulary: Vocabulary = None,
    as_json: AsJson = False,
) -> None:
    """Say what is known of all recordings of an account; what is left out is forgotten. A recording's own hints come first."""
    from diarist.accounts.service import set_hints

    given = hints_from_options(language, languages, vocabulary)
    _change(
        lambda session: set_hints(session, name, given),
        lambda account: f"{account.name}: {in_words(account.hints)}",
        as_json=as_json,
    )


@app.command()
@reporting
def limit(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    running: Annotated[
        int | None, typer.Option("--running", min=1, max=1_000_000, help="Tasks of each queue; left out: what holds for all.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say how much of an account's work may run at once."""
    from diarist.accounts.service import set_limit

    def told(account: AccountRow) -> str:
        return f"{account.name}: " + (f"{running} tasks of each queue at once" if running else "what holds for all")

    _change(lambda session: set_limit(session, name, running), told, as_json=as_json)


@app.command()
@reporting
def quota(
    name: Annotated[str, typer.Argument(help="The account's name.")],
    *,
    hours: Annotated[
        float | None, typer.Option(min=0, help="Of audio in a month; left out: as for all, as the next two.")
    ] = None,
    stored: Annotated[int | None, typer.Option("--bytes", min=0, help="Of recordings as they are kept.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="That have not ended.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say how much an account may have; what is left out is as for all."""
    from diarist.accounts.service import set_quotas
    from diarist.domain.quotas import Quotas

    given = Quotas(audio_hours=hours, stored_bytes=stored, jobs=jobs)

    def told(account: AccountRow) -> str:
        bounds = {"hours a month": hours, "bytes": stored, "unfinished jobs": jobs}
        said = ", ".join(f"{bound:,g} {what}" for what, bound in bounds.items() if bound is not None)
        return f"{account.name}: {said or 'as much as all may have'}"

    _change(lambda session: set_quotas(session, name, given), told, as_json=as_json)


app.command("llm")(reporting(language_models))


@app.command("list")
@reporting
def list_accounts(*, as_json: AsJson = False) -> None:
    """List every account."""
    from collections.abc import Sequence

    from diarist.accounts import service
    from diarist.cli.clock import moment
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.storage import policy
    from diarist.cli.tables import print_table
    from diarist.cli.terminal import print_json

    async def read() -> Sequence[AccountRow]:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            return await service.list_accounts(session)

    accounts = run(read())
    if as_json:
        print_json({"accounts": [_to_json(account) for account in accounts]})
        return
    rows = [
        (
            account.name,
            str(account.id),
            f"{account.time_zone} {account.day_begins:%H:%M}",
            policy(account.archive_format, account.archive_after_days),
            moment(account.created_at),
        )
        for account in accounts
    ]
    print_table(("name", "id", "days", "archive", "since"), rows, empty="No accounts.")


def _change(change: Callable[[AsyncSession], Awaitable[AccountRow]], told: Callable[[AccountRow], str], *, as_json: bool) -> None:
    """Write to one account and print what it is then."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import print_json, results

    async def write() -> AccountRow:
        async with opened(settings_in_force()) as here, here.runtime.database.write() as session:
            return await change(session)

    account = run(write())
    if as_json:
        print_json({"account": _to_json(account)})
    else:
        results().print(told(account))


def _to_json(account: AccountRow) -> dict[str, Any]:
    from diarist.cli.opening import settings_in_force

    return {
        "id": str(account.id),
        "name": account.name,
        "time_zone": account.time_zone,
        "day_begins": f"{account.day_begins:%H:%M}",
        "max_running": account.max_running,
        "archive_format": account.archive_format,
        "archive_after_days": account.archive_after_days,
        "hints": asdict(account.hints) if account.hints else None,
        "quotas": asdict(account.quotas) if account.quotas else None,
        "language_models": terms_to_json(account, settings_in_force()),
        "created_at": account.created_at.isoformat().replace("+00:00", "Z"),
    }
