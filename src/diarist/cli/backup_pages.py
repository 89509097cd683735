"""How backups are shown: bars while they are made, tables and JSON of what there is."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from diarist.backup.copying import Step
from diarist.backup.finding import Listed
from diarist.backup.manifest import Manifest
from diarist.backup.pruning import Pruned
from diarist.backup.restore import Restored, Scope
from diarist.backup.settling import SPARED_FOR
from diarist.backup.verify import Verified
from diarist.cli.clock import count, duration, moment, size
from diarist.cli.reporting import error_to_json, report
from diarist.cli.tables import print_table
from diarist.cli.terminal import messages, results, safe
from diarist.database.base import made_at
from diarist.errors import BackupDamaged

_SHOWN = 20
"""Keys that are named; `--json` has all."""
_DAY = 86_400


class Bars:
    """One bar a step, on stderr, where that is a terminal."""

    def __init__(self) -> None:
        console = messages()
        columns = (
            TextColumn("{task.description:<9}"), BarColumn(bar_width=None), DownloadColumn(), TransferSpeedColumn(),
            TimeRemainingColumn(),
        )  # fmt: skip
        self._bars = Progress(*columns, console=console, transient=True, expand=True, disable=not console.is_terminal)
        self._rows: dict[Step, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bars.stop()

    def told(self, step: Step, done: int, total: int) -> None:
        """See `copying.Told`."""
        if step not in self._rows:
            self._rows[step] = self._bars.add_task(step.value, total=None)
        self._bars.update(self._rows[step], completed=done, total=total or None)


def manifest_to_json(manifest: Manifest) -> dict[str, Any]:
    """A whole backup."""
    return {
        "id": str(manifest.id),
        "state": "whole",
        "snapshot_at": manifest.snapshot_at.isoformat(),
        "finished_at": manifest.finished_at.isoformat(),
        "seconds": round((manifest.finished_at - manifest.began_at).total_seconds(), 3),
        "version": manifest.version,
        "revision": manifest.database.revision,
        "database": manifest.database.kind,
        "database_bytes": manifest.database.part.size,
        "rows": sum(manifest.database.rows.values()),
        "blobs": manifest.blobs,
        "blob_bytes": manifest.size,
        "copied": manifest.copied,
        "copied_bytes": manifest.copied_size,
        "missing": [*manifest.missing],
        "damaged": [*manifest.damaged],
        "expired_chunks": manifest.expired,
        "withdrawn": [str(one) for one in manifest.withdrawn],
    }


def pruned_to_json(pruned: Pruned) -> dict[str, Any]:
    """What was cleared away."""
    return {
        "backups": [str(one) for one in pruned.backups],
        "unfinished": [str(one) for one in pruned.unfinished],
        "objects": pruned.objects,
        "bytes": pruned.size,
    }


def created_to_json(manifest: Manifest, pruned: Pruned | BackupDamaged | None) -> dict[str, Any]:
    """A backup that was just made; `pruned`: what was cleared away then, or why nothing was."""
    return {
        "backup": manifest_to_json(manifest),
        "pruned": pruned_to_json(pruned) if isinstance(pruned, Pruned) else None,
        "not_pruned": error_to_json(pruned) if isinstance(pruned, BackupDamaged) else None,
    }


def listed_to_json(one: Listed) -> dict[str, Any]:
    """A backup, or what there is of one."""
    if one.manifest is not None:
        return manifest_to_json(one.manifest)
    return {"id": str(one.id), "state": one.state, "began_at": made_at(one.id).isoformat()}


def verified_to_json(found: Verified, *, quick: bool) -> dict[str, Any]:
    """What reading a backup through has shown."""
    about = {"good": found.good, "quick": quick, "faults": found.faults, "lost": found.lost}
    return {"backup": manifest_to_json(found.manifest), **about}


def restored_to_json(restored: Restored) -> dict[str, Any]:
    """What was brought back."""
    return {
        "backup": manifest_to_json(restored.manifest),
        "only": restored.scope.value,
        "blobs_copied": restored.blobs,
        "bytes_copied": restored.size,
        "blobs_there": restored.there,
        "lost": [*restored.lost],
        "put_aside": restored.aside or None,
    }


def print_created(manifest: Manifest, pruned: Pruned | BackupDamaged | None) -> None:
    """Tell of a new backup."""
    out = results()
    took = duration((manifest.finished_at - manifest.began_at).total_seconds())
    out.print(f"Backup {manifest.id} shows everything up to {moment(manifest.snapshot_at)}; it took {took}.")
    rows = count(sum(manifest.database.rows.values()), "row")
    out.print(f"  {rows} in {size(manifest.database.part.size)}; {count(manifest.blobs, 'blob')} of {size(manifest.size)},")
    out.print(f"  of which {manifest.copied:,} of {size(manifest.copied_size)} were new.")
    if manifest.withdrawn:
        out.print(
            f"  {count(len(manifest.withdrawn), 'recording')} or uploads deleted meanwhile will stay deleted after a restore."
        )
    if manifest.expired:
        out.print(f"  {count(manifest.expired, 'chunk')} had expired in the bucket; they can be cut again.")
    _print_keys("The blob store has lost what rows name; it is in no new backup:", manifest.missing)
    _print_keys("The blob store holds other bytes than it was given; they were copied as they are:", manifest.damaged)
    if isinstance(pruned, BackupDamaged):
        report(pruned, about="nothing was cleared away")
    elif pruned is not None and (pruned.backups or pruned.unfinished):
        print_pruned(pruned, really=True)


def print_pruned(pruned: Pruned, *, really: bool) -> None:
    """Tell of what was cleared away, or would be."""
    did = "Cleared away" if really else "Would be cleared away"
    backups = count(len(pruned.backups), "backup")
    unfinished = f", {len(pruned.unfinished)} unfinished" if pruned.unfinished else ""
    results().print(f"{did}: {backups}{unfinished}, {count(pruned.objects, 'blob')} that none of the others needs.")


def print_list(found: list[Listed]) -> None:
    """A table of backups."""
    rows = [_row(one) for one in found]
    print_table(
        ("id", "shows everything up to", "state", "rows", "blobs", "size", "new", "took", "version"), rows,
        empty="There are no backups; `diarist backup create` makes one.",
        styles={"whole": "green", "losses": "yellow", "unfinished": "yellow", "damaged": "red"},
    )  # fmt: skip


def print_verified(found: Verified, *, quick: bool) -> None:
    """Tell what reading a backup through has shown."""
    manifest, out = found.manifest, results()
    if found.good:
        how = "every blob is there" if quick else "every byte is what was written"
        out.print(f"Backup {manifest.id} of {moment(manifest.snapshot_at)} is good: {how}.")
    else:
        out.print(f"Backup {manifest.id} of {moment(manifest.snapshot_at)} is damaged:")
        _print_keys("", found.faults)
        what = f"all but {count(len(found.lost), 'blob')}" if found.lost and len(found.lost) == len(found.faults) else "not all"
        out.print(f"A restore would bring back {what}; `diarist backup list` shows other backups.")
    _print_keys("The blob store had lost before it was made:", manifest.missing)


def print_restored(restored: Restored) -> None:
    """Tell what was brought back, and what to do now."""
    manifest, out = restored.manifest, results()
    copied = f"{count(restored.blobs, 'blob')} of {size(restored.size)} copied"
    out.print(f"Backup {manifest.id} is back: {copied}, {restored.there:,} there already.")
    if restored.scope is not Scope.BLOBS:
        out.print(f"The database is as it was at {moment(manifest.snapshot_at)}; work goes on when Diarist is started.")
        out.print(
            f"Keys that were revoked and recordings that were deleted since then are back. For {SPARED_FOR / _DAY:g} days no"
        )
        out.print("orphans are swept: recordings that came since then lie in the blob store, if that has survived.")
    if restored.aside:
        out.print(f"What was there before is in {safe(restored.aside)}; delete it once nobody misses anything.")
    _print_keys("Not brought back, as neither the blob store nor the backup has it whole:", restored.lost)


def _row(one: Listed) -> tuple[str, ...]:
    manifest = one.manifest
    if manifest is None:
        return (str(one.id), f"(began {moment(made_at(one.id))})", one.state, "", "", "", "", "", "")
    took = duration((manifest.finished_at - manifest.began_at).total_seconds())
    return (
        str(one.id), moment(manifest.snapshot_at), one.state, f"{sum(manifest.database.rows.values()):,}", f"{manifest.blobs:,}",
        size(manifest.size + manifest.database.part.size), size(manifest.copied_size), took, manifest.version,
    )  # fmt: skip


def _print_keys(heading: str, keys: tuple[str, ...] | list[str]) -> None:
    if not keys:
        return
    if heading:
        results().print(heading)
    for key in keys[:_SHOWN]:
        results().print(f"  {safe(key)}")
    if len(keys) > _SHOWN:
        results().print(f"  … and {len(keys) - _SHOWN} more; `--json` has all.")
