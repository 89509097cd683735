from collections.abc import Iterator

import pytest
from sqlalchemy import select

from diarist.accounts.models import AccountRow
from diarist.database.session import Database
from diarist.database.slow_statements import tell_slow_statements
from diarist.telemetry.tracing import Attributes, OnlyIds, tracing_by

CANARY = "heliotrope"


class Listening(OnlyIds):
    """A tracer that keeps what it is told of."""

    def __init__(self) -> None:
        self.heard: list[Attributes] = []

    def done(self, _name: str, _seconds: float, attributes: Attributes, /) -> None:
        self.heard.append(attributes)


@pytest.fixture
def tracer() -> Iterator[Listening]:
    tracer = Listening()
    with tracing_by(tracer):
        yield tracer


async def ask(database: Database) -> None:
    async with database.read() as session:
        await session.scalar(select(AccountRow).where(AccountRow.name == CANARY))


async def test_a_slow_statement_is_told_with_its_text_and_without_its_values(database: Database, tracer: Listening) -> None:
    tell_slow_statements(database.engine, 0.0)
    await ask(database)
    [told] = [each for each in tracer.heard if "FROM accounts" in str(each["db.query.text"])]
    assert told["db.system.name"] == database.engine.dialect.name
    assert CANARY not in str(tracer.heard)


async def test_a_quick_one_is_not(database: Database, tracer: Listening) -> None:
    tell_slow_statements(database.engine, 600.0)
    await ask(database)
    assert not tracer.heard
