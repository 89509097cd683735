"""Which backups are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from diarist.backup.manifest import DatabasePart, Manifest, Part
from diarist.backup.retention import kept
from diarist.settings.backup import BackupSettings

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)  # a Tuesday
PART = Part(name="x", sha256="", size=0)


def backup(number: int, at: datetime) -> Manifest:
    database = DatabasePart(kind="sqlite", revision="0001", server=0, program=0, rows={}, part=PART)
    return Manifest(
        id=UUID(int=number), version="1", began_at=at, snapshot_at=at, finished_at=at, database=database, index=(), blobs=0,
        size=0, copied=0, copied_size=0,
    )  # fmt: skip


def ages(hours: list[int], **keep: int) -> list[int]:
    """Which of backups so many hours old are kept."""
    backups = {UUID(int=hour): backup(hour, NOON - timedelta(hours=hour)) for hour in hours}
    wanted = BackupSettings(keep_last=1, keep_daily=0, keep_weekly=0, keep_monthly=0).model_copy(update=keep)
    return sorted(one.int for one in kept([*backups.values()], wanted))


def test_the_newest_are_kept() -> None:
    assert ages([0, 1, 2, 3], keep_last=2) == [0, 1]
    assert ages([5]) == [5]
    assert kept([], BackupSettings()) == set()


def test_the_last_of_each_day_is_kept() -> None:
    assert ages([0, 6, 13, 20, 37, 61], keep_daily=3) == [0, 13, 37]


def test_the_last_of_each_week_is_kept() -> None:
    assert ages([0, 24, 48, 72, 24 * 9], keep_weekly=2) == [0, 48]


def test_the_last_of_each_month_is_kept_and_months_without_a_backup_do_not_count() -> None:
    assert ages([0, 24 * 30, 24 * 31, 24 * 200, 24 * 201], keep_monthly=3) == [0, 24 * 31, 24 * 200]


def test_a_backup_may_be_kept_for_several_reasons() -> None:
    assert ages([0, 1, 30, 24 * 8], keep_last=2, keep_daily=2, keep_weekly=2, keep_monthly=1) == [0, 1, 30, 24 * 8]
