"""Which release did what, by the database's own books; those of `chaos.audit` note who moved a task, these who put it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import psycopg

from chaos import audit
from chaos.report import Finding, none
from upgrade.onlookers import Follower

_TRIGGER = """
CREATE TABLE upgrade_puts (task_id uuid PRIMARY KEY, member text);
CREATE FUNCTION upgrade_note_put() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO upgrade_puts VALUES (NEW.id, current_setting('chaos.member', true));
    RETURN NULL;
END $$;
CREATE TRIGGER upgrade_puts AFTER INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION upgrade_note_put();
"""
_CROSSINGS = """
SELECT split_part(put.member, '/', 1) AS put_by, split_part(done.member, '/', 1) AS done_by, count(*)
FROM upgrade_puts put JOIN chaos_moves done ON done.task_id = put.task_id AND done.after = 'succeeded' GROUP BY 1, 2
"""
_SHARED_JOBS = """
SELECT count(*) FROM (
    SELECT task.job_id FROM chaos_moves done JOIN tasks task ON task.id = done.task_id WHERE done.after = 'succeeded'
    GROUP BY 1 HAVING count(DISTINCT split_part(done.member, '/', 1)) > 1
) shared
"""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Tasks that one release put down and another one did."""

    put_by: str
    done_by: str
    tasks: int


def install(connection: psycopg.Connection) -> None:
    """Begin to keep the books."""
    audit.install(connection)
    connection.execute(_TRIGGER.encode())


def crossings(connection: psycopg.Connection) -> list[Crossing]:
    """Who put down what whom did."""
    return [Crossing(*row) for row in audit.many(connection, _CROSSINGS)]


def of_both_releases(connection: psycopg.Connection, old: str, new: str) -> list[Finding]:
    """That each has read what the other wrote."""
    found = {(one.put_by, one.done_by): one.tasks for one in crossings(connection)}
    [(shared,)] = audit.many(connection, _SHARED_JOBS)
    return [
        Finding(name=f"tasks put down by {old}, done by {new}", value=found.get((old, new), 0), at_least=3),
        Finding(name=f"tasks put down by {new}, done by {old}", value=found.get((new, old), 0), at_least=3),
        Finding(name="jobs that both releases worked on", value=shared, at_least=3),
    ]


def of_events(connection: psycopg.Connection, follower: Follower, who: str) -> list[Finding]:
    """That a follower was told every event once, in order."""
    told = follower.told
    written = audit.many(connection, "SELECT position, kind FROM events WHERE position IS NOT NULL ORDER BY position")
    wanted = [(position, kind) for position, kind in written if follower.since is None or position > follower.since]
    seen = set(told)
    return [
        none(f"events that {who} was not told", [one for one in wanted if one not in seen]),
        Finding(
            name=f"events that {who} was told twice, or out of order",
            value=_disorder(told),
            at_most=0,
            detail=f"{len(told)} events",
        ),
    ]


def _disorder(told: Sequence[tuple[int, str]]) -> int:
    return sum(later[0] <= earlier[0] for earlier, later in pairwise(told))
