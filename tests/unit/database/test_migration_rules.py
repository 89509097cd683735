"""What a migration may do in which phase: read off the statements that it sends to a real PostgreSQL.

`pre` runs while programs of the release before are at work, who know nothing of it: it adds, and whatever it adds to a table of
theirs may be left out. `post` takes away, and nothing else: what it added nobody could use before.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from diarist.database.migrate import run
from diarist.database.revisions import OURS, Phase
from diarist.database.session import Database
from diarist.settings import Settings
from diarist.wiring import metadata

_CUTS = "uq_chunks_recording_id_plan_version"
KNOWN = {
    # Before there was any release.
    "0002": {
        "ALTER TABLE tasks ALTER COLUMN run_after DROP NOT NULL",
        "ALTER TABLE tasks DROP COLUMN rung_at",
        "DROP INDEX ix_tasks_ready",
    },
    # Its place is taken by one with a column more, which the programs before always leave at its default.
    "0016": {
        f"ALTER TABLE chunks DROP CONSTRAINT {_CUTS}_index",
        f"ALTER TABLE chunks ADD CONSTRAINT {_CUTS}_manner_key_index UNIQUE (recording_id, plan_version, manner_key, index)",
    },
    # Another index begins with the same column.
    "0022": {"DROP INDEX ix_tasks_account_id"},
}
"""What was done all the same, with the reason."""

_OWN = re.compile(r"alembic_version|pg_catalog|pg_advisory|pg_settings|^(BEGIN|SELECT|SHOW|SET|COMMIT|SAVEPOINT|RELEASE)\b")
_CREATED = re.compile(r"^CREATE TABLE (\w+)")
_COLUMN = re.compile(r"^ALTER TABLE (\w+) ADD COLUMN (\w+) (.*)")
_KEY = re.compile(r"^ALTER TABLE (\w+) ADD CONSTRAINT \w+ FOREIGN KEY ?\((\w+)\)")
_UNIQUE = re.compile(r"^CREATE UNIQUE INDEX \w+ ON (\w+)")
_HARMLESS = re.compile(r"^(CREATE INDEX|ALTER TABLE \w+ ALTER COLUMN \w+ SET COMPRESSION)\b")


def not_added(statements: Sequence[str]) -> list[str]:
    """Those that do more than to add what a program that does not know of it never meets."""
    created = {found[1] for one in statements if (found := _CREATED.match(one))}
    columns = {(found[1], found[2]) for one in statements if (found := _COLUMN.match(one))}
    return [one for one in statements if not _only_adds(one, created, columns)]


def _only_adds(statement: str, created: set[str], columns: set[tuple[str, str]]) -> bool:
    if found := _COLUMN.match(statement):
        return "NOT NULL" not in found[3] or "DEFAULT" in found[3]
    if found := _KEY.match(statement):
        return (found[1], found[2]) in columns
    if found := _UNIQUE.match(statement):
        return found[1] in created
    if found := re.match(r"^INSERT INTO (\w+)", statement):
        return found[1] in created
    return bool(_CREATED.match(statement) or _HARMLESS.match(statement))


def added(statements: Sequence[str]) -> list[str]:
    """Those that add something."""
    return [one for one in statements if re.match(r"^(CREATE |INSERT |ALTER TABLE \w+ ADD COLUMN)", one)]


@contextmanager
def listening() -> Iterator[list[str]]:
    """What is sent to databases meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        sent.append(re.sub(r"\s+", " ", statement).replace('"', "").strip())

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.postgresql_only
async def test_each_migration_keeps_to_its_phase(settings: Settings, database: Database) -> None:
    await run(settings.database_url, metadata(), "downgrade", "base")
    with listening() as sent:
        await run(settings.database_url, metadata(), "upgrade", "head")
    by_revision: dict[str, list[str]] = {}
    since: list[str] = []
    for statement in sent:
        if statement.startswith(("INSERT INTO alembic_version", "UPDATE alembic_version SET version_num")):
            by_revision[OURS.revisions()[len(by_revision)].id] = since
            since = []
        elif not _OWN.search(statement):
            since.append(statement)
    assert list(by_revision) == [one.id for one in OURS.revisions()]
    for one in OURS.revisions():
        faults = (not_added if one.phase is Phase.PRE else added)(by_revision[one.id])
        assert set(faults) == KNOWN.get(one.id, set()), f"{one.id} ({one.phase}) {one.title}"


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE chunks",
        "ALTER TABLE jobs DROP COLUMN state",
        "ALTER TABLE jobs ADD COLUMN mood VARCHAR(10) NOT NULL",
        "ALTER TABLE jobs ALTER COLUMN state TYPE TEXT",
        "ALTER TABLE jobs RENAME COLUMN state TO standing",
        "ALTER TABLE jobs ADD CONSTRAINT one UNIQUE (state)",
        "ALTER TABLE jobs ADD CONSTRAINT one FOREIGN KEY(state) REFERENCES states (id)",
        "CREATE UNIQUE INDEX one ON jobs (state)",
        "UPDATE jobs SET state = 'queued'",
        "DELETE FROM jobs",
        "INSERT INTO jobs VALUES (1)",
    ],
)
def test_what_a_program_at_work_would_miss_is_noticed(statement: str) -> None:
    assert not_added([statement]) == [statement]


@pytest.mark.parametrize(
    "statements",
    [
        [
            "CREATE TABLE states (id UUID NOT NULL)",
            "CREATE UNIQUE INDEX one ON states (id)",
            "INSERT INTO states (id) VALUES (1)",
        ],
        ["ALTER TABLE jobs ADD COLUMN mood VARCHAR(10)", "ALTER TABLE jobs ADD COLUMN age INTEGER DEFAULT '0' NOT NULL"],
        [
            "ALTER TABLE jobs ADD COLUMN of_id UUID",
            "ALTER TABLE jobs ADD CONSTRAINT one FOREIGN KEY(of_id) REFERENCES states (id)",
        ],
        ["CREATE INDEX one ON jobs (state)"],
    ],
)
def test_what_only_adds_may_be_done_before(statements: list[str]) -> None:
    assert not_added(statements) == []


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE states (id UUID)", "ALTER TABLE jobs ADD COLUMN mood TEXT", "CREATE INDEX one ON jobs (state)"]
)
def test_what_adds_is_not_left_for_afterwards(statement: str) -> None:
    assert added([statement, "DROP TABLE chunks"]) == [statement]
