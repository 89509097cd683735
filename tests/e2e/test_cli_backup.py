"""`diarist backup` as it is used: on SQLite with folders, on PostgreSQL with S3, with a job in the middle of its work."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from backed_up import PROGRAMS, hashes_of_all, rows_of_all
from command_line import SAMPLE, CommandLine
from diarist.settings import StorageSettings
from diarist.storage.blobs import Blobs
from postgres_server import PostgresServer
from s3_server import ACCESS_KEY, SECRET_KEY, S3Server
from waiting import until

SLOW = "speed=2"
"""The scripted engine needs half a minute for the sample."""


@dataclass(frozen=True, slots=True)
class Place:
    """An installation, as the command line and as its stores."""

    line: CommandLine
    database_url: str
    blobs: Blobs

    def everything(self) -> tuple[object, object]:
        return rows_of_all(self.database_url), asyncio.run(hashes_of_all(self.blobs))


class Places:
    """Makes installations that share a backup store."""

    def __init__(self, folder: Path, postgres: PostgresServer | None = None, s3: S3Server | None = None) -> None:
        self._folder, self._postgres, self._s3, self.urls = folder, postgres, s3, list[str]()
        self.settings = {
            "BACKUP__KEY_FILE": str(folder / "key"), "BACKUP__STORE__URL": (folder / "backups").as_uri(),
            "BACKUP__POSTGRESQL_PROGRAMS": str(PROGRAMS), "PLAN__CHUNK_SECONDS": "10",
        }  # fmt: skip
        if s3 is not None:
            self.settings |= {f"BACKUP__STORE__{name}": value for name, value in self._reaching(s3).items()}
            self.settings |= {"BACKUP__STORE__URL": s3.new_place()}

    def make(self, name: str, script: str = "", **more: str) -> Place:
        """One in which there is nothing."""
        folder, settings = self._folder / name, {**self.settings, **more}
        if self._postgres is None or self._s3 is None:
            line = CommandLine(folder, script, **settings)
            blobs = Blobs.open((line.data_dir / "blobs").as_uri())
            return Place(line, f"sqlite:///{line.data_dir / 'diarist.db'}", blobs)
        url, place = self._postgres.create(), self._s3.new_place()
        self.urls.append(url)
        settings |= {f"STORAGE__{what}": value for what, value in self._reaching(self._s3).items()}
        line = CommandLine(folder, script, DATABASE__URL=url, STORAGE__URL=place, **settings)
        return Place(line, url, Blobs.open(place, StorageSettings(**dict(self._s3.settings(place)))))

    def _reaching(self, s3: S3Server) -> dict[str, str]:
        return {
            "ENDPOINT": s3.endpoint, "REGION": "us-east-1", "ACCESS_KEY_ID": ACCESS_KEY, "SECRET_ACCESS_KEY": SECRET_KEY,
            "ALLOW_HTTP": "true",
        }  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Places]:
    if request.param == "sqlite":
        yield Places(tmp_path)
        return
    postgres: PostgresServer = request.getfixturevalue("postgres")
    made = Places(tmp_path, postgres, request.getfixturevalue("s3"))
    yield made
    for url in made.urls:
        postgres.drop(url)


@pytest.mark.heavy
def test_a_backup_in_the_middle_of_the_work_comes_back_whole_and_the_work_goes_on(places: Places) -> None:
    place = places.make("first", SLOW)
    place.line.call("backup", "key", Path(places.settings["BACKUP__KEY_FILE"]))
    assert place.line.call("db", "upgrade").status == 0
    assert place.line.call("keys", "create", "laptop").status == 0
    with place.line.start("add", SAMPLE) as adding:
        until(lambda: "transcribe" in "".join(rows_of_all(place.database_url).get("tasks", [])), patience=240, pause=0.5)
        made = place.line.call("backup", "create", "--json")
        assert made.status == 0, made.out + made.err
        adding.signal(signal.SIGKILL)
    assert made.json["backup"]["blobs"] == made.json["backup"]["copied"] > 1

    assert place.line.call("backup", "verify", "--json").json["good"]
    fresh = places.make("fresh")
    restored = fresh.line.call("backup", "restore", "--json")
    assert restored.status == 0, restored.out + restored.err
    rows, before = rows_of_all(fresh.database_url), rows_of_all(place.database_url)
    for table in ("accounts", "api_keys", "recordings"):
        assert rows[table] == before[table]
    assert "running" in "".join(rows["tasks"])
    assert asyncio.run(hashes_of_all(fresh.blobs)).items() <= asyncio.run(hashes_of_all(place.blobs)).items()

    refused = fresh.line.call("backup", "restore", "--json")
    assert (refused.status, refused.json["error"]["code"]) == (21, "not_empty")
    # The lease of the worker that was killed has to run out first.
    resumed = fresh.line.run("resume", "--json") if "sqlite" in fresh.database_url else fresh.line.run("add", SAMPLE, "--json")
    assert resumed.status == 0, resumed.out + resumed.err
    assert "succeeded" in fresh.line.call("list").out
    assert fresh.line.call("entry", "last").status == 0


@pytest.mark.slow
def test_all_that_was_there_is_there_again(places: Places) -> None:
    place = places.make("first")
    place.line.call("backup", "key", Path(places.settings["BACKUP__KEY_FILE"]))
    place.line.call("db", "upgrade")
    place.line.call("keys", "create", "laptop")
    place.line.call("webhooks", "add", "https://example.org/hook")
    assert place.line.call("add", SAMPLE).status == 0
    created = place.line.call("backup", "create")
    assert created.status == 0, created.err
    assert "shows everything up to" in created.out
    fresh = places.make("fresh")
    assert fresh.line.call("backup", "restore").status == 0
    assert fresh.everything() == place.everything()
    assert "1  " not in fresh.line.call("backup", "list").err
    again = place.line.call("backup", "create", "--json").json
    assert again["backup"]["copied"] == 0
    assert [one["state"] for one in place.line.call("backup", "list", "--json").json["backups"]] == ["whole", "whole"]


@pytest.mark.slow
def test_sigterm_ends_it_in_good_order_and_nothing_half_written_is_a_backup(tmp_path: Path) -> None:
    places = Places(tmp_path)
    place = places.make("first")
    place.line.call("backup", "key", Path(places.settings["BACKUP__KEY_FILE"]))
    assert place.line.call("add", SAMPLE).status == 0
    # A blob that nobody has finished writing: whoever reads it waits, as for a disk that does not answer.
    (original,) = (place.line.data_dir / "blobs").rglob("original")
    content = original.read_bytes()
    original.unlink()
    os.mkfifo(original)
    with place.line.start("backup", "create") as making:
        until(lambda: any((tmp_path / "backups").rglob("copied-*")) or any((tmp_path / "backups").rglob("blobs/*/*")))
        making.signal(signal.SIGTERM)
        ended = making.end()
    assert ended.status == 143, ended.err
    assert all(one["state"] == "unfinished" for one in place.line.call("backup", "list", "--json").json["backups"])
    original.unlink()
    original.write_bytes(content)
    made = place.line.call("backup", "create", "--json")
    assert made.status == 0, made.out
    assert [one["state"] for one in place.line.call("backup", "list", "--json").json["backups"]] == ["whole"]


@pytest.mark.slow
def test_what_is_missing_is_said_before_anything_is_done(tmp_path: Path) -> None:
    places = Places(tmp_path)
    nowhere = CommandLine(tmp_path / "nowhere").call("backup", "create")
    assert nowhere.status == 50
    assert "DIARIST_BACKUP__STORE__URL" in nowhere.err
    place = places.make("first").line
    unkeyed = place.call("backup", "list")
    assert unkeyed.status == 50
    assert "DIARIST_BACKUP__KEY_FILE" in unkeyed.err
    place.call("backup", "key", tmp_path / "key")
    assert place.call("backup", "key", tmp_path / "key").status == 10
    assert place.call("backup", "restore").status == 20
    place.call("backup", "create")
    (tmp_path / "key").rename(tmp_path / "old key")
    place.call("backup", "key", tmp_path / "key")
    wrong = place.call("backup", "restore", "--json")
    assert (wrong.status, wrong.json["error"]["code"]) == (50, "backup_key_wrong")
