"""What really happened, by the database's own books: triggers note every move of a task, and every text that is committed."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from chaos.fleet_processes import Loss

TRIGGERS = """
CREATE TABLE chaos_moves (
    id bigserial PRIMARY KEY, task_id uuid NOT NULL, stage text NOT NULL, before text NOT NULL, after text NOT NULL,
    crashed boolean NOT NULL, member text, at double precision NOT NULL
);
CREATE TABLE chaos_texts (id bigserial PRIMARY KEY, what text NOT NULL, row_id uuid NOT NULL, member text);

CREATE FUNCTION chaos_note_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO chaos_moves (task_id, stage, before, after, crashed, member, at)
    VALUES (NEW.id, NEW.stage, OLD.state, NEW.state, NEW.crashes > OLD.crashes, current_setting('chaos.member', true),
            extract(epoch FROM clock_timestamp()));
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_moves AFTER UPDATE OF state ON tasks FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.token IS DISTINCT FROM NEW.token) EXECUTE FUNCTION chaos_note_move();

CREATE FUNCTION chaos_note_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO chaos_texts (what, row_id, member) VALUES (TG_TABLE_NAME, NEW.id, current_setting('chaos.member', true));
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_chunks AFTER UPDATE OF segments ON chunks FOR EACH ROW EXECUTE FUNCTION chaos_note_text();
CREATE TRIGGER chaos_transcripts AFTER INSERT OR UPDATE ON transcripts FOR EACH ROW EXECUTE FUNCTION chaos_note_text();
CREATE TRIGGER chaos_entries AFTER INSERT OR UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION chaos_note_text();
"""


@dataclass(frozen=True, slots=True)
class Move:
    """A task went from one state to another, or from one holder to the next."""

    task_id: UUID
    stage: str
    before: str
    after: str
    crashed: bool
    """Whether it was taken back from a holder who was silent."""
    member: str
    at: float
    """Seconds since the epoch."""

    @property
    def claims(self) -> bool:
        return self.after == "running"


@dataclass(frozen=True, slots=True)
class Redelivery:
    """What became of a task whose holder was lost."""

    task_id: UUID
    stage: str
    loss: Loss
    freed: float | None
    """Seconds from the loss until the task could be claimed again; None when that never came."""
    again: float | None
    """Seconds from the loss until somebody worked on it again."""


def install(connection: psycopg.Connection) -> None:
    """Begin to keep the books."""
    connection.execute(TRIGGERS.encode())


def moves(connection: psycopg.Connection) -> list[Move]:
    """All moves of tasks, in the order in which they were committed for each task."""
    statement = "SELECT task_id, stage, before, after, crashed, coalesce(member, ''), at FROM chaos_moves ORDER BY id"
    return [Move(*row) for row in connection.execute(statement)]


def holding(connection: psycopg.Connection, incarnation: str) -> list[tuple[UUID, str]]:
    """The tasks that a process has claimed and not let go of, with their stages."""
    statement = """
        SELECT t.id, t.stage FROM tasks t
        JOIN LATERAL (SELECT member FROM chaos_moves m WHERE m.task_id = t.id ORDER BY m.id DESC LIMIT 1) latest ON true
        WHERE t.state = 'running' AND latest.member = %s
    """
    return connection.execute(statement, (incarnation,)).fetchall()


def many(connection: psycopg.Connection, statement: str) -> list[tuple[Any, ...]]:
    """Rows of the database."""
    return connection.execute(statement.encode()).fetchall()


def redeliveries(found: Sequence[Move], losses: Sequence[Loss]) -> list[Redelivery]:
    """Each task that a process held when it was lost, and when it went on."""
    by_task: dict[UUID, list[Move]] = defaultdict(list)
    for move in found:
        by_task[move.task_id].append(move)
    redelivered = []
    for loss in losses:
        for task_id, story in by_task.items():
            before = [move for move in story if move.at <= loss.at]
            if not before or not before[-1].claims or before[-1].member != loss.incarnation:
                continue
            later = story[len(before) :]
            if later and later[0].member == loss.incarnation and not later[0].crashed:
                continue  # its last words came through, or it went on before anybody missed it
            freed = next((move.at - loss.at for move in later if not move.claims), None)
            again = next((move.at - loss.at for move in later if move.claims), None)
            if later and later[0].after == "cancelled":
                continue
            redelivered.append(Redelivery(task_id, story[0].stage, loss, freed, again))
    return redelivered


def taken_from_the_living(found: Sequence[Move], losses: Sequence[Loss]) -> list[Move]:
    """The claims that ended with a lease that ran out though their process was neither killed nor suspended.

    A line that breaks while a claim is committed leaves such a task: nobody knows that he has it.
    """
    lost = {loss.incarnation for loss in losses}
    latest: dict[UUID, Move] = {}
    taken = []
    for move in found:
        before = latest.get(move.task_id)
        if move.crashed and before is not None and before.member not in lost:
            taken.append(before)
        latest[move.task_id] = move
    return taken


def settled_twice(found: Sequence[Move]) -> list[UUID]:
    """Tasks that have succeeded more than once."""
    times: dict[UUID, int] = defaultdict(int)
    for move in found:
        times[move.task_id] += move.after == "succeeded"
    return [task_id for task_id, count in times.items() if count > 1]


def middle(values: Sequence[float]) -> float:
    """The median; nothing has none, and is no fault."""
    return statistics.median(values) if values else 0.0
