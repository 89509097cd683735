"""`diarist errors`: what went wrong in this installation, counted by what is alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from diarist.cli.options import AsJson
from diarist.cli.reporting import reporting

if TYPE_CHECKING:
    from diarist.failures.models import FailureRow

app = typer.Typer(
    help="Show what went wrong, those errors that are alike as one.", invoke_without_command=True, rich_markup_mode=None
)

Which = Annotated[str, typer.Argument(metavar="FINGERPRINT", help="An error's fingerprint, or the beginning of one.")]
All = Annotated[bool, typer.Option("--all", help="Those that are resolved, too.")]
Number = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="How many, those that were seen last first.")]


@app.callback()
@reporting
def errors(context: typer.Context, *, resolved_too: All = False, limit: Number = 50, as_json: AsJson = False) -> None:
    """Show what went wrong, those errors that are alike as one."""
    if context.invoked_subcommand is None:
        _list(resolved_too=resolved_too, limit=limit, as_json=as_json)


@app.command("list")
@reporting
def list_errors(*, resolved_too: All = False, limit: Number = 50, as_json: AsJson = False) -> None:
    """List errors that nobody has said to be mended, those that were seen last first."""
    _list(resolved_too=resolved_too, limit=limit, as_json=as_json)


@app.command()
@reporting
def show(fingerprint: Which, *, as_json: AsJson = False) -> None:
    """Show an error: where in the code it comes from, and one example by which the log and traces know it."""
    from diarist.cli.error_pages import error_to_json, print_error
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import print_json
    from diarist.failures.repository import find_failure

    async def read() -> tuple[FailureRow, int]:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            return await find_failure(session, fingerprint)

    row, accounts = run(read())
    if as_json:
        print_json({"error": error_to_json(row) | {"accounts": accounts}})
    else:
        print_error(row, accounts)


@app.command()
@reporting
def resolve(fingerprint: Which, *, as_json: AsJson = False) -> None:
    """Say that an error is mended; it is open again when a newer version of Diarist has it."""
    from diarist.cli.error_pages import error_to_json
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import messages, print_json
    from diarist.failures.repository import find_failure, resolve_failure

    async def write() -> FailureRow:
        async with opened(settings_in_force()) as here, here.runtime.database.write() as session:
            row, _ = await find_failure(session, fingerprint)
            await resolve_failure(session, row)
            return row

    row = run(write())
    if as_json:
        print_json({"error": error_to_json(row)})
    else:
        messages().print(f"{row.fingerprint} is resolved; a version after {row.resolved_in} that has it opens it again.")


def _list(*, resolved_too: bool, limit: int, as_json: bool) -> None:
    from diarist.cli.error_pages import error_to_json, print_errors
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import print_json
    from diarist.database.ordering import Place
    from diarist.failures.repository import LAST_SEEN, list_failures

    async def read() -> list[FailureRow]:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            resolved = None if resolved_too else False
            return [*await list_failures(session, None, limit, Place(by=LAST_SEEN), resolved=resolved)]

    rows = run(read())
    if as_json:
        print_json({"errors": [error_to_json(row) for row in rows]})
    else:
        print_errors(rows)
