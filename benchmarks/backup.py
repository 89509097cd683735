"""How long a backup and its restore take, and what a backup every so often costs: RPO and RTO, on this machine.

    make bench-backup ARGS="--recordings 2000"

SQLite with folders, and PostgreSQL with S3 (backups lie in the same server, so that reads and writes share one disk). Each
recording has an original of 250 kB, two chunks of 125 kB and a transcript; what is in them cannot be deflated.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT), str(ROOT.parent / "tests"), str(ROOT.parent / "samples")]

from figures import Figure, report  # noqa: E402

from backed_up import backed_up, backing_up, hashes_of_all, rows_of_all, silent, system_of  # noqa: E402
from diarist.accounts.service import account_id as find_account  # noqa: E402
from diarist.backup.manifest import Manifest  # noqa: E402
from diarist.backup.postgresql_target import PostgresqlTarget  # noqa: E402
from diarist.backup.restore import Scope, restore  # noqa: E402
from diarist.backup.snapshot import System  # noqa: E402
from diarist.backup.sqlite_snapshot import file_of  # noqa: E402
from diarist.backup.sqlite_target import SqliteTarget  # noqa: E402
from diarist.backup.store import BackupStore  # noqa: E402
from diarist.backup.verify import verify  # noqa: E402
from diarist.database.base import new_id  # noqa: E402
from diarist.domain.job import JobState  # noqa: E402
from diarist.domain.transcript import Segment  # noqa: E402
from diarist.jobs.models import JobRow  # noqa: E402
from diarist.recordings.models import RecordingRow  # noqa: E402
from diarist.settings import DatabaseSettings, Settings  # noqa: E402
from diarist.settings.backup import BackupStoreSettings  # noqa: E402
from diarist.transcription.models import ChunkRow, TranscriptRow  # noqa: E402
from diarist.wiring import make_data_dir, metadata, migrate  # noqa: E402
from postgres_server import running_server  # noqa: E402
from s3_server import S3Server, s3_server  # noqa: E402

_ORIGINAL, _CHUNK, _CHUNKS = 250_000, 125_000, 2
_AT_ONCE = 16
_NEW = 0.01
"""Share of recordings that come between two backups."""
_TEXT = "The ferry was late again, so we talked about the garden and who waters it in August. "


async def fill(system: System, count: int) -> None:
    """Put so many recordings into a system, as work on them would have left it."""
    async with system.database.read() as session:
        account = await find_account(session)
    for start in range(0, count, _AT_ONCE):
        rows: list[list[object]] = [[], [], []]
        puts = []
        for _ in range(min(_AT_ONCE, count - start)):
            recording_id, job_id, content = new_id(), new_id(), os.urandom(_ORIGINAL)
            prefix = f"accounts/{account.hex}/recordings/{recording_id.hex}"
            puts.append(system.blobs.put(f"{prefix}/original", content))
            rows[0].append(
                RecordingRow(
                    id=recording_id, account_id=account, sha256=sha256(content).hexdigest(), size_bytes=_ORIGINAL,
                    filename="memo.opus", blob_key=f"{prefix}/original", duration=60.0,
                )
            )  # fmt: skip
            rows[1].append(
                JobRow(
                    id=job_id,
                    account_id=account,
                    recording_id=recording_id,
                    state=JobState.SUCCEEDED,
                )
            )
            segments = tuple(Segment(start=float(at), end=at + 5.0, text=_TEXT, probability=0.9) for at in range(0, 60, 5))
            rows[2].append(
                TranscriptRow(
                    account_id=account, recording_id=recording_id, job_id=job_id, version=1, duration=60.0, engine="none",
                    model="none", segments=segments, gaps=[],
                )
            )  # fmt: skip
            for number in range(_CHUNKS):
                key = f"{prefix}/chunks/1/{number:05d}.flac"
                puts.append(system.blobs.put(key, os.urandom(_CHUNK)))
                rows[2].append(
                    ChunkRow(
                        account_id=account, recording_id=recording_id, plan_version=1, index=number, start=30.0 * number,
                        end=30.0 * (number + 1), speech=[], blob_key=key, size_bytes=_CHUNK, segments=segments,
                    )
                )  # fmt: skip
        await asyncio.gather(*puts)
        async with system.database.write() as session:
            for kind in rows:
                session.add_all(kind)
                await session.flush()


async def measured(kind: str, settings: Settings, fresh: Settings, count: int) -> list[Figure]:
    """Back up, again with a little that is new, read through, restore, and compare."""
    figures: list[Figure] = []

    def note(name: str, value: float, unit: str) -> None:
        figures.append(Figure(section=kind, name=name, value=value, unit=unit))
        print(f"{kind}: {name}: {value:.4g} {unit}", file=sys.stderr)

    make_data_dir(settings)
    await migrate(settings)
    async with system_of(settings) as (system, store):
        await fill(system, count)
        with _timed() as took:
            first = await backed_up(system, store)
        note(f"first backup of {count} recordings", took[0], "s")
        note("its blobs", first.size / 1e6, "MB")
        note("its dump of the database", first.database.part.size / 1e6, "MB")
        note("first backup, blobs a second", first.size / 1e6 / took[0], "MB/s")
        await fill(system, round(count * _NEW))
        with _timed() as took:
            last = await backed_up(system, store)
        note(f"backup with {_NEW:.0%} new (the loss at worst is this and the pause between two)", took[0], "s")
        with _timed() as took:
            faults = (await verify(store, last, silent)).faults
        note("reading it through", took[0], "s")
        with _timed() as took:
            faults += await _restored(fresh, store, last)
        note("restore into an empty system", took[0], "s")
        async with system_of(fresh) as (other, _):
            same = await hashes_of_all(other.blobs) == await hashes_of_all(system.blobs)
    rows = rows_of_all(fresh.database_url) == rows_of_all(settings.database_url)
    faults += [what for what, right in (("other blobs", same), ("other rows", rows)) if not right]
    figures.append(Figure(section=kind, name="what was damaged, or came back otherwise", value=len(faults), unit="", goal=0))
    return figures


async def _restored(fresh: Settings, store: BackupStore, manifest: Manifest) -> list[str]:
    make_data_dir(fresh)
    async with system_of(fresh) as (system, _):
        target = (
            SqliteTarget(file_of(fresh.database_url), replace=False)
            if fresh.embedded
            else PostgresqlTarget(system, manifest, replace=False)
        )
        return (await restore(system, store, manifest, target, Scope.ALL, silent)).lost


@contextmanager
def _timed() -> Iterator[list[float]]:
    took: list[float] = []
    began = time.perf_counter()
    yield took
    took.append(time.perf_counter() - began)


def _on_s3(settings: Settings, s3: S3Server, url: str) -> Settings:
    reached = s3.settings(s3.new_place())
    backups = BackupStoreSettings(**{name: getattr(reached, name) for name in BackupStoreSettings.model_fields})
    backup = settings.backup.model_copy(update={"store": backups.model_copy(update={"url": s3.new_place()})})
    return settings.model_copy(update={"storage": reached, "database": DatabaseSettings(url=url), "backup": backup})


def main() -> int:
    """Measure; 1 when anything came back otherwise than it was."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recordings", type=int, default=2000)
    parser.add_argument("--json", type=Path, default=ROOT / "results" / "backup.json", help="where to write the figures")
    chosen = parser.parse_args()
    metadata()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="diarist-backup-") as name, ExitStack() as stack:
        folder = Path(name)
        first, fresh = (
            backing_up(Settings(data_dir=folder / one, cache_dir=folder / "cache"), folder) for one in ("first", "fresh")
        )
        figures = asyncio.run(measured("SQLite, folders", first, fresh, chosen.recordings))
        postgres = stack.enter_context(running_server())
        (folder / "s3").mkdir()
        s3 = stack.enter_context(s3_server(folder / "s3"))
        first, fresh = (_on_s3(settings, s3, postgres.create()) for settings in (first, fresh))
        figures += asyncio.run(measured("PostgreSQL, S3", first, fresh, chosen.recordings))
    return report(figures, chosen.json, began)


if __name__ == "__main__":
    sys.exit(main())
