"""Which backups are kept: the newest, and the last of each of so many days, weeks and months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from diarist.backup.manifest import Manifest
from diarist.settings.backup import BackupSettings

_PERIODS: dict[str, Callable[[datetime], tuple[int, ...]]] = {
    "keep_daily": lambda at: (at.year, at.month, at.day),
    "keep_weekly": lambda at: at.isocalendar()[:2],
    "keep_monthly": lambda at: (at.year, at.month),
}
"""By setting: what is the same for all backups of one period. Periods without a backup do not count."""


def kept(manifests: Sequence[Manifest], settings: BackupSettings) -> set[UUID]:
    """The ids of those to keep, whole backups all of them."""
    newest_first = sorted(manifests, key=lambda manifest: manifest.snapshot_at, reverse=True)
    keep = {manifest.id for manifest in newest_first[: settings.keep_last]}
    for name, period in _PERIODS.items():
        last_of: dict[tuple[int, ...], UUID] = {}
        for manifest in newest_first:
            last_of.setdefault(period(manifest.snapshot_at.astimezone(UTC)), manifest.id)
        keep |= set([*last_of.values()][: getattr(settings, name)])
    return keep
