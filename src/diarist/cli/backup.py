"""`diarist backup`: copies of everything in another place, encrypted, and the way back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from diarist.cli.options import AsJson
from diarist.cli.reporting import reporting

if TYPE_CHECKING:
    from diarist.backup.snapshot import System

app = typer.Typer(help="Back everything up, look at backups, and restore them.", no_args_is_help=True, rich_markup_mode=None)


class Only(StrEnum):
    """What is restored."""

    ALL = "all"
    DATABASE = "database"
    BLOBS = "blobs"


Which = Annotated[str, typer.Argument(metavar="BACKUP", help="A backup's id, the end of one, or `last` for the newest.")]
KeyFile = Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="Where the new key goes; nothing is written over.")]
Keep = Annotated[bool, typer.Option("--keep-all", help="Clear nothing away afterwards.")]
Quick = Annotated[bool, typer.Option("--quick", help="Of blobs only see whether they are there, and how large they are.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Only say what would be cleared away.")]
Drop = Annotated[
    str | None, typer.Option("--drop", metavar="BACKUP", help="Clear this one away whatever it is, such as a damaged one.")
]
Replace = Annotated[
    bool, typer.Option("--replace", help="Restore though the database holds something; that is put aside, and not deleted.")
]
OnlyOption = Annotated[
    Only, typer.Option("--only", help="database: where the blobs have survived; blobs: those that the blob store has lost.")
]


@app.command()
@reporting
def create(*, keep_all: Keep = False, as_json: AsJson = False) -> None:
    """Back everything up, while work goes on, and clear away what need not be kept.

    Blobs that an earlier backup has are not copied again. Stopped, it goes on where it was when it is run again. It ends with
    status 35 when the backup is whole but the blob store had lost recordings before.
    """
    from diarist.backup.create import create_backup
    from diarist.backup.manifest import Manifest
    from diarist.backup.pruning import Pruned
    from diarist.backup.pruning import prune as clear_away
    from diarist.backup.store import BackupStore
    from diarist.backup.turn import taken_turn
    from diarist.cli.backup_pages import Bars, created_to_json, print_created
    from diarist.cli.exit_codes import status_of
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json
    from diarist.errors import BackupDamaged

    settings = settings_in_force()
    store = BackupStore.open(settings)

    async def make() -> tuple[Manifest, Pruned | BackupDamaged | None]:
        async with _opened() as system, taken_turn(system.database) as turn:
            with Bars() as bars:
                manifest = await create_backup(system, store, turn, bars.told)
            try:
                return manifest, None if keep_all else await clear_away(store, settings.backup, turn)
            except BackupDamaged as error:
                # An older one is: the new one is whole all the same.
                return manifest, error

    manifest, pruned = run(make())
    if as_json:
        print_json(created_to_json(manifest, pruned))
    else:
        print_created(manifest, pruned)
    if manifest.missing or manifest.damaged or isinstance(pruned, BackupDamaged):
        raise typer.Exit(status_of(BackupDamaged))


@app.command("list")
@reporting
def list_backups(*, as_json: AsJson = False) -> None:
    """List backups, newest first; those that were not finished are said to be, and cannot be restored."""
    from diarist.backup.finding import Listed, all_backups
    from diarist.backup.store import BackupStore
    from diarist.cli.backup_pages import listed_to_json, print_list
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json

    found: list[Listed] = run(all_backups(BackupStore.open(settings_in_force())))
    if as_json:
        print_json({"backups": [listed_to_json(one) for one in found]})
    else:
        print_list(found)


@app.command()
@reporting
def verify(backup: Which = "last", *, quick: Quick = False, as_json: AsJson = False) -> None:
    """Read a backup through to its last byte, and compare it with what was written.

    Ends with status 35 when anything of it is damaged, and says what that would cost.
    """
    from diarist.backup.finding import find_backup
    from diarist.backup.store import BackupStore
    from diarist.backup.verify import Verified
    from diarist.backup.verify import verify as read_through
    from diarist.cli.backup_pages import Bars, print_verified, verified_to_json
    from diarist.cli.exit_codes import status_of
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json
    from diarist.errors import BackupDamaged

    store = BackupStore.open(settings_in_force())

    async def read() -> Verified:
        manifest = await find_backup(store, backup)
        with Bars() as bars:
            return await read_through(store, manifest, bars.told, quick=quick)

    found = run(read())
    if as_json:
        print_json(verified_to_json(found, quick=quick))
    else:
        print_verified(found, quick=quick)
    if not found.good:
        raise typer.Exit(status_of(BackupDamaged))


@app.command()
@reporting
def restore(backup: Which = "last", *, only: OnlyOption = Only.ALL, replace: Replace = False, as_json: AsJson = False) -> None:
    """Bring a backup back into an empty installation.

    Stop `diarist up` or the roles before. Nothing that is stored is written over. Stopped, it can be begun again: blobs that are
    there already are compared, not copied. A backup of an older version is brought up to date afterwards.
    """
    from diarist.backup.restore import Restored
    from diarist.cli.backup_pages import print_restored, restored_to_json
    from diarist.cli.exit_codes import status_of
    from diarist.cli.interruption import run
    from diarist.cli.restoring import bring_back
    from diarist.cli.terminal import print_json
    from diarist.errors import BackupDamaged

    restored: Restored = run(bring_back(backup, only.value, replace=replace))
    if as_json:
        print_json(restored_to_json(restored))
    else:
        print_restored(restored)
    if restored.lost:
        raise typer.Exit(status_of(BackupDamaged))


@app.command()
@reporting
def prune(*, drop: Drop = None, dry_run: Dry = False, as_json: AsJson = False) -> None:
    """Clear away the backups that need not be kept, and the blobs that no other backup needs; `create` does so by itself."""
    from diarist.backup.finding import find_id
    from diarist.backup.pruning import Pruned
    from diarist.backup.pruning import prune as clear_away
    from diarist.backup.store import BackupStore
    from diarist.backup.turn import taken_turn
    from diarist.cli.backup_pages import print_pruned, pruned_to_json
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json

    settings = settings_in_force()
    store = BackupStore.open(settings)

    async def clear() -> Pruned:
        async with _opened() as system, taken_turn(system.database) as turn:
            dropped = await find_id(store, drop) if drop else None
            return await clear_away(store, settings.backup, turn, really=not dry_run, drop=dropped)

    pruned = run(clear())
    if as_json:
        print_json(pruned_to_json(pruned))
    else:
        print_pruned(pruned, really=not dry_run)


@app.command()
@reporting
def key(file: KeyFile) -> None:
    """Make the key that encrypts backups.

    Keep copies of the file where the backups are not: without it nobody can read them.
    """
    from diarist.backup.key import make_key
    from diarist.cli.terminal import messages, safe

    make_key(file)
    messages().print(f"Written to {safe(str(file))}; name it in DIARIST_BACKUP__KEY_FILE.")
    messages().print("Keep copies of it where the backups are not. Without it nobody can read a single backup, neither can we.")


@asynccontextmanager
async def _opened() -> AsyncIterator[System]:
    from diarist.backup.snapshot import opened_system
    from diarist.cli.opening import settings_in_force
    from diarist.database.compatibility import require_compatible
    from diarist.wiring import metadata, prepare

    settings = settings_in_force()
    metadata()
    await prepare(settings)
    async with opened_system(settings) as system:
        async with system.database.read() as session:
            await require_compatible(session)
        yield system
