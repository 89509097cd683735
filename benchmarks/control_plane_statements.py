"""What the database was asked and what it wrote between two moments."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from control_plane_fleet import COUNTED

_COUNTS = """
SELECT rolname, sum(calls), sum(total_exec_time), sum(rows) FROM pg_stat_statements
JOIN pg_roles ON pg_roles.oid = userid WHERE rolname = ANY(%s) GROUP BY rolname
"""
_BUSIEST = """
SELECT calls, total_exec_time, left(regexp_replace(query, '\\s+', ' ', 'g'), 150) FROM pg_stat_statements
JOIN pg_roles ON pg_roles.oid = userid WHERE rolname = 'workers' ORDER BY total_exec_time DESC LIMIT 12
"""
_WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
_DONE = """
SELECT
    (SELECT coalesce(sum(duration), 0) FROM recordings WHERE id IN (SELECT recording_id FROM jobs WHERE state = 'succeeded')),
    (SELECT count(*) FROM tasks WHERE state = 'succeeded'),
    (SELECT count(*) FROM tasks WHERE attempts > 1 OR crashes > 0 OR state IN ('failed', 'parked')),
    (SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database())
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Everything since the beginning."""

    audio_seconds: float
    """Of recordings whose job has succeeded."""
    tasks: int
    """That have succeeded."""
    mishaps: int
    """Tasks that were tried more than once, or came to nothing."""
    transactions: int
    statements: dict[str, int]
    """By user; what belongs to a transaction, such as BEGIN and COMMIT, included."""
    database_seconds: dict[str, float]
    """Spent on them by the server, by user."""
    wal_bytes: int

    def since(self, earlier: Count) -> Count:
        """What has come to it."""
        return Count(
            audio_seconds=self.audio_seconds - earlier.audio_seconds,
            tasks=self.tasks - earlier.tasks,
            mishaps=self.mishaps - earlier.mishaps,
            transactions=self.transactions - earlier.transactions,
            statements={user: count - earlier.statements.get(user, 0) for user, count in self.statements.items()},
            database_seconds={
                user: count - earlier.database_seconds.get(user, 0.0) for user, count in self.database_seconds.items()
            },
            wal_bytes=self.wal_bytes - earlier.wal_bytes,
        )


def count(url: str) -> Count:
    """Look; as the user `watch`, who is not counted."""
    with psycopg.connect(url, autocommit=True) as connection:
        by_user = connection.execute(_COUNTS, (list(COUNTED),)).fetchall()
        wal = connection.execute(_WAL).fetchone()
        done = connection.execute(_DONE).fetchone()
    assert wal  # noqa: S101 - one row each
    assert done  # noqa: S101
    return Count(
        audio_seconds=float(done[0]),
        tasks=done[1],
        mishaps=done[2],
        transactions=done[3],
        statements={user: int(calls) for user, calls, _, _ in by_user},
        database_seconds={user: time / 1000 for user, _, time, _ in by_user},
        wal_bytes=int(wal[0]),
    )


def busiest(url: str) -> list[tuple[int, float, str]]:
    """The statements of the workers that take most: calls, milliseconds in all, text."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(_BUSIEST.encode()).fetchall()
