"""`diarist storage`: how much room recordings take, and the rules by which a bucket tidies itself."""

from __future__ import annotations

from typing import Annotated

import typer

from diarist.cli.options import AsJson
from diarist.cli.reporting import reporting

app = typer.Typer(
    help="Show how much room recordings take.",
    invoke_without_command=True,
    rich_markup_mode=None,
)

Chunks = Annotated[
    int | None,
    typer.Option(min=1, max=36_500, metavar="DAYS", help="Expire chunks; a part can then no longer be repaired alone."),
]
Originals = Annotated[
    int | None, typer.Option(min=1, max=36_500, metavar="DAYS", help="Move originals to colder storage that is read at once.")
]


@app.callback()
def storage(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Show how much room recordings take."""
    if context.invoked_subcommand is None:
        _show(as_json=as_json)


@reporting
def _show(*, as_json: bool) -> None:
    from collections.abc import Sequence
    from dataclasses import asdict

    from diarist.cli.clock import size
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.tables import print_table
    from diarist.cli.terminal import print_json
    from diarist.recordings.space import Space, space_taken

    async def read() -> Sequence[Space]:
        async with opened(settings_in_force()) as here, here.runtime.database.read() as session:
            return await space_taken(session)

    accounts = run(read())
    if as_json:
        print_json({"accounts": [asdict(account) for account in accounts]})
        return
    rows = [
        (
            account.account, str(account.recordings), size(account.size_bytes),
            policy(account.archive_format, account.archive_after_days), str(account.archived), size(account.saved_bytes),
        )
        for account in accounts
    ]  # fmt: skip
    print_table(("account", "recordings", "size", "archive", "archived", "saved"), rows, empty="No accounts.")


def policy(archive_format: str, after_days: int) -> str:
    """An archive policy in few words."""
    return "keep" if archive_format == "keep" else f"{archive_format} after {after_days} d"


@app.command()
@reporting
def lifecycle(*, chunks_after: Chunks = None, originals_cold_after: Originals = None) -> None:
    """Print the lifecycle rules for an S3 bucket.

    `aws s3api put-bucket-lifecycle-configuration` takes them.
    """
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json
    from diarist.errors import NotSupported
    from diarist.storage.lifecycle import lifecycle_rules
    from diarist.storage.location import parse_location

    location = parse_location(settings_in_force().storage_url)
    if location.kind != "s3":
        raise NotSupported(
            f"there are no such rules for a store of the kind {location.kind}",
            advice="Set DIARIST_STORAGE__URL to s3://…; on other clouds make rules by the tag `diarist` in their own words.",
        )
    print_json(lifecycle_rules(location, chunk_days=chunks_after, cold_days=originals_cold_after))
