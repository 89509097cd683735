"""What `diarist backup restore` does: see that nobody works, bring the backup back, and the database up to date."""

from __future__ import annotations

from contextlib import ExitStack

from diarist.backup.finding import find_backup
from diarist.backup.postgresql_target import PostgresqlTarget
from diarist.backup.restore import Restored, Scope, Target, refuse_newer, restore
from diarist.backup.snapshot import opened_system
from diarist.backup.sqlite_snapshot import file_of
from diarist.backup.sqlite_target import SqliteTarget
from diarist.backup.store import BackupStore
from diarist.cli.backup_pages import Bars
from diarist.cli.opening import settings_in_force
from diarist.errors import Conflict
from diarist.services.embedded_workers import AlreadyWorking, sole_worker
from diarist.settings import Settings
from diarist.wiring import make_data_dir, metadata, migrate


async def bring_back(backup: str, only: str, *, replace: bool) -> Restored:
    """Restore, and migrate what is older than this version; raises what `restore` raises."""
    settings, scope = settings_in_force(), Scope(only)
    store = BackupStore.open(settings)
    metadata()
    manifest = await find_backup(store, backup)
    refuse_newer(manifest)
    make_data_dir(settings)
    with ExitStack() as stack:
        target: Target | None = None
        async with opened_system(settings) as system:
            if scope is not Scope.BLOBS and settings.embedded:
                _alone(stack, settings)
                target = SqliteTarget(file_of(settings.database_url), replace=replace)
            elif scope is not Scope.BLOBS:
                target = PostgresqlTarget(system, manifest, replace=replace)
            bars = stack.enter_context(Bars())
            restored = await restore(system, store, manifest, target, scope, bars.told)
        if target is not None:
            await migrate(settings)
    return restored


def _alone(stack: ExitStack, settings: Settings) -> None:
    """Be the only process on the data directory until the stack is closed."""
    try:
        stack.enter_context(sole_worker(settings.data_dir))
    except AlreadyWorking as error:
        raise Conflict(error.message, advice="Stop it (`diarist up`), then restore; nothing was changed.") from error
