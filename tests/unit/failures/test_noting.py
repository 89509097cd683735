"""Errors are counted in the database, together, out of the way, and none is lost unseen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, text

from diarist.accounts.service import add_account
from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.errors import DatabaseUnavailable, DiaristError, NotFound
from diarist.errors.origin import Frame, Origin
from diarist.failures import repository
from diarist.failures.failure import Context, Failure, FailureKind, failure_of
from diarist.failures.models import FailureRow
from diarist.failures.noting import MOST, Failures
from diarist.failures.repository import Group, find_failure, list_failures, resolve_failure, write_groups
from diarist.telemetry.metrics.catalogue import Catalogue
from diarist.telemetry.metrics.failures import FailureMetrics
from diarist.telemetry.tracing import part


@dataclass
class Noted:
    failures: Failures
    database: Database
    catalogue: Catalogue
    told: list[Failure] = field(default_factory=list)

    def note(self, error: DiaristError, account_id: UUID | None = None, **ids: str) -> None:
        self.failures.note(error, FailureKind.TASK, Context(place="look", account_id=account_id, **ids))  # type: ignore[arg-type]

    async def rows(self, account_id: UUID | None = None) -> Sequence[FailureRow]:
        async with self.database.read() as session:
            return await list_failures(session, account_id, 1000)

    def dropped(self, reason: str) -> float:
        return self.catalogue.registry.get_sample_value("diarist_errors_dropped_total", {"reason": reason}) or 0.0


@pytest.fixture
async def noted(database: Database) -> AsyncIterator[Noted]:
    catalogue, told = Catalogue.open(), list[Failure]()
    async with Failures.open(database, FailureMetrics.open(catalogue), told.append) as failures:
        yield Noted(failures, database, catalogue, told)


def error_at(function: str) -> DiaristError:
    error = DiaristError("what somebody said")
    error.origin = Origin("KeyError", (Frame("diarist.engine.child", function, 12),))
    return error


async def test_errors_that_are_alike_are_one_row_with_an_example(noted: Noted, account_id: UUID) -> None:
    with part("try") as span:
        for number in range(5):
            noted.note(error_at("hear"), account_id, request_id=f"r{number}")
        assert span.traceparent
        trace_id = span.traceparent.trace_id
    await noted.failures.settled()
    noted.note(error_at("hear"), request_id="r5")
    await noted.failures.settled()
    (row,) = await noted.rows()
    assert (row.code, row.type, row.kind, row.place, row.count) == ("internal", "KeyError", FailureKind.TASK, "look", 6)
    assert row.frames == [{"module": "diarist.engine.child", "function": "hear", "line": 12}]
    assert (row.request_id, row.trace_id) == ("r5", None)
    assert row.first_seen < row.last_seen
    (own,) = await noted.rows(account_id)
    assert (own.count, own.request_id, own.trace_id, own.fingerprint) == (5, "r4", trace_id, row.fingerprint)


async def test_what_errors_say_is_in_no_row(noted: Noted) -> None:
    noted.note(error_at("hear"))
    await noted.failures.settled()
    async with noted.database.read() as session:
        found = (await session.execute(text("SELECT * FROM failures"))).all()
    assert found
    assert "somebody" not in repr(found)


async def test_a_storm_of_errors_costs_a_bounded_number_of_statements_and_what_is_dropped_is_told(noted: Noted) -> None:
    statements: list[str] = []

    def executed(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(noted.database.engine.sync_engine, "before_cursor_execute", executed)
    for _ in range(20):
        for number in range(MOST + 50):
            noted.note(error_at(f"f{number}"))
    await noted.failures.settled()
    assert sum("INSERT" in statement for statement in statements) == MOST
    assert {row.count for row in await noted.rows()} == {20}
    assert noted.dropped("full") == 50 * 20


async def test_when_accounts_find_no_room_all_are_still_counted(noted: Noted) -> None:
    for number in range(MOST + 10):
        noted.note(error_at("hear"), UUID(int=number + 1))
    await noted.failures.settled()
    (row,) = await noted.rows()
    assert row.count == MOST + 10
    assert noted.dropped("account") == 11
    assert noted.dropped("full") == 0


async def test_an_account_that_is_gone_keeps_nobody_else_from_being_counted(noted: Noted, account_id: UUID) -> None:
    noted.note(error_at("hear"), account_id)
    noted.note(error_at("hear"), UUID(int=7))
    await noted.failures.settled()
    assert [row.count for row in await noted.rows()] == [2]
    assert [row.count for row in await noted.rows(account_id)] == [1]
    assert await noted.rows(UUID(int=7)) == []


async def test_while_the_database_is_away_errors_wait(noted: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diarist.failures.noting.GATHERED", 0.01)
    real, tries = write_groups, 0

    async def failing(*arguments: object) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise DatabaseUnavailable
        await real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("diarist.failures.noting.write_groups", failing)
    noted.note(error_at("hear"))
    noted.note(error_at("hear"))
    await noted.failures.settled()
    assert tries == 3
    assert [row.count for row in await noted.rows()] == [2]


async def test_what_is_left_at_the_end_while_the_database_is_away_is_told(noted: Noted, monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(*_: object) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr("diarist.failures.noting.write_groups", failing)
    noted.note(error_at("hear"))
    noted.note(error_at("hear"))
    await noted.failures.close()
    assert noted.dropped("ended") == 2


async def test_the_first_of_each_kind_is_told_on(noted: Noted) -> None:
    for function in ("hear", "cut", "hear"):
        noted.note(error_at(function))
    assert [failure.origin.frames[0].function for failure in noted.told] == ["hear", "cut"]


async def test_what_is_resolved_opens_again_in_a_newer_version_and_in_no_older_one(database: Database, account_id: UUID) -> None:
    failure = failure_of(error_at("hear"), FailureKind.TASK, Context(place="look"), utc_now())

    async def seen(version: str) -> FailureRow:
        async with database.write() as session:
            both = [Group(owner, failure.at, failure) for owner in (None, account_id)]
            await write_groups(session, both, version)
        async with database.read() as session:
            return (await find_failure(session, failure.fingerprint[:4]))[0]

    row = await seen("0.9.0")
    async with database.write() as session:
        row, accounts = await find_failure(session, row.fingerprint)
        assert accounts == 1
        await resolve_failure(session, row, "0.9.1")
    for older in ("0.9.0", "0.9.1", "0.9.1rc1"):
        assert (await seen(older)).resolved_at is not None
    again = await seen("0.10.0")
    assert (again.resolved_at, again.resolved_in, again.count) == (None, None, 5)
    async with database.read() as session:
        (own,) = await list_failures(session, account_id, 10)
    assert own.resolved_at is None


async def test_beginnings_of_fingerprints_name_one_or_are_refused(database: Database) -> None:
    now = utc_now()
    many = [failure_of(error_at(f"f{number}"), FailureKind.TASK, Context(place="look"), now) for number in range(40)]
    async with database.write() as session:
        await write_groups(session, [Group(None, now, one) for one in many])
    async with database.read() as session:
        with pytest.raises(repository.AmbiguousFingerprint):
            await find_failure(session, "")
        for nobody in ("xyz", "%"):
            with pytest.raises(NotFound):
                await find_failure(session, nobody)


async def test_what_is_not_seen_for_months_is_forgotten(noted: Noted) -> None:
    old = failure_of(error_at("old"), FailureKind.TASK, Context(place="look"), utc_now() - timedelta(days=91))
    async with noted.database.write() as session:
        await write_groups(session, [Group(None, old.at, old), Group(None, old.at, replace(old, code="other", at=utc_now()))])
    noted.note(error_at("hear"))
    await noted.failures.settled()
    assert {row.frames[0]["function"] for row in await noted.rows()} == {"old", "hear"}
    assert len(await noted.rows()) == 2


async def test_errors_go_with_their_account(noted: Noted) -> None:
    async with noted.database.write() as session:
        other = (await add_account(session, "other")).id
    noted.note(error_at("hear"), other)
    await noted.failures.settled()
    assert len(await noted.rows(other)) == 1
    async with noted.database.write() as session:
        await session.execute(text("DELETE FROM accounts WHERE name = 'other'"))
    assert await noted.rows(other) == []
    assert len(await noted.rows()) == 1
