import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event, update
from structlog.testing import capture_logs

from diarist.accounts import remembered
from diarist.accounts.keys import ring as ring_module
from diarist.accounts.keys.models import ApiKeyRow
from diarist.accounts.keys.repository import get_key
from diarist.accounts.keys.ring import KeyRing
from diarist.accounts.keys.service import create_key, revoke_key
from diarist.accounts.remembered import REMEMBERED, Remembered
from diarist.accounts.service import account_id
from diarist.database.base import utc_now
from diarist.database.session import Database
from diarist.domain.access import Permission

READ = frozenset({Permission.READ})


class Clock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ring(database: Database, clock: Clock) -> KeyRing:
    return KeyRing(database, Remembered(clock))


@pytest.fixture
def selects(database: Database) -> list[str]:
    """Questions to the table of keys."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT") and "api_keys" in statement:
            asked.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    return asked


async def made(database: Database, lasts: timedelta | None = None) -> tuple[ApiKeyRow, str]:
    async with database.write() as session:
        return await create_key(session, await account_id(session), "phone", READ, lasts=lasts)


async def test_a_key_says_whose_it_is_and_what_it_may(database: Database, ring: KeyRing) -> None:
    row, secret = await made(database)
    caller = await ring.caller(secret)
    assert caller is not None
    assert (caller.account_id, caller.key_id, caller.permissions) == (row.account_id, row.id, READ)
    await ring.settled()


@pytest.mark.parametrize("secret", ["", "diarist_", "sk-proj-1234", "diarist_" + "a" * 43])
async def test_any_other_word_opens_nothing(database: Database, ring: KeyRing, secret: str) -> None:
    await made(database)
    assert await ring.caller(secret) is None


async def test_the_database_is_asked_once_in_some_seconds(
    database: Database, ring: KeyRing, clock: Clock, selects: list[str]
) -> None:
    _, secret = await made(database)
    for _ in range(5):
        assert await ring.caller(secret)
    assert len(selects) == 1
    clock.now = REMEMBERED + 0.1
    assert await ring.caller(secret)
    assert len(selects) == 2
    await ring.settled()


async def test_a_revoked_key_opens_nothing_once_those_seconds_are_over(database: Database, ring: KeyRing, clock: Clock) -> None:
    row, secret = await made(database)
    assert await ring.caller(secret)
    await ring.settled()
    async with database.write() as session:
        await revoke_key(session, row.account_id, row.id)
    clock.now = REMEMBERED + 0.1
    assert await ring.caller(secret) is None
    assert await ring.caller(secret) is None


async def test_a_key_expires_though_it_is_remembered(database: Database, ring: KeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secret = await made(database, lasts=timedelta(days=1))
    assert await ring.caller(secret)
    await ring.settled()
    later = utc_now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(remembered, "utc_now", lambda: later)
    monkeypatch.setattr(ring_module, "utc_now", lambda: later)
    assert await ring.caller(secret) is None


async def test_no_more_keys_are_remembered_than_there_is_room_for(database: Database, clock: Clock, selects: list[str]) -> None:
    ring = KeyRing(database, Remembered(clock, most=2))
    secrets = [(await made(database))[1] for _ in range(3)]
    for secret in secrets:
        assert await ring.caller(secret)
    before = len(selects)
    assert await ring.caller(secrets[2])
    assert len(selects) == before
    assert await ring.caller(secrets[0])
    assert len(selects) == before + 1
    await ring.settled()


async def test_its_use_is_written_down_once_a_minute(database: Database, ring: KeyRing, clock: Clock) -> None:
    row, secret = await made(database)

    async def last_used() -> object:
        async with database.read() as session:
            return (await get_key(session, row.account_id, row.id)).last_used_at

    assert await last_used() is None
    await ring.caller(secret)
    await ring.settled()
    first = await last_used()
    assert first is not None

    clock.now += REMEMBERED + 1
    await ring.caller(secret)
    await ring.settled()
    assert await last_used() == first

    old = utc_now() - timedelta(minutes=2)
    async with database.write() as session:
        await session.execute(update(ApiKeyRow).values(last_used_at=old))
    clock.now += REMEMBERED + 1
    await ring.caller(secret)
    await ring.settled()
    assert await last_used() != old


async def test_keys_in_use_are_asked_about_together_before_they_are_forgotten(
    database: Database, ring: KeyRing, clock: Clock, selects: list[str]
) -> None:
    secrets = [(await made(database))[1] for _ in range(3)]
    for secret in secrets:
        assert await ring.caller(secret)
    clock.now = REMEMBERED - 1
    await ring.renew()
    assert len(selects) == 4
    clock.now = REMEMBERED + 1
    assert all([await ring.caller(secret) for secret in secrets])
    assert len(selects) == 4
    await ring.settled()


async def test_more_keys_than_go_into_one_question_are_all_asked_about(
    database: Database, ring: KeyRing, clock: Clock, selects: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ring_module, "_AT_ONCE", 2)
    secrets = [(await made(database))[1] for _ in range(3)]
    for secret in secrets:
        assert await ring.caller(secret)
    clock.now = REMEMBERED - 1
    await ring.renew()
    clock.now = REMEMBERED + 1
    assert all([await ring.caller(secret) for secret in secrets])
    assert len(selects) == 3 + 2
    await ring.settled()


async def test_what_is_found_revoked_is_forgotten_at_once(database: Database, ring: KeyRing) -> None:
    row, secret = await made(database)
    assert await ring.caller(secret)
    await ring.settled()
    async with database.write() as session:
        await revoke_key(session, row.account_id, row.id)
    await ring.renew()
    assert await ring.caller(secret) is None


async def test_nobody_asks_about_keys_that_nobody_shows(
    database: Database, ring: KeyRing, clock: Clock, selects: list[str]
) -> None:
    _, secret = await made(database)
    assert await ring.caller(secret)
    clock.now = 61
    await ring.renew()
    assert len(selects) == 1
    await ring.settled()


async def test_an_open_ring_renews_by_itself(database: Database, selects: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ring_module, "_RENEWED_EVERY", 0.01)
    _, secret = await made(database)
    async with KeyRing.open(database) as ring, asyncio.timeout(10):
        assert await ring.caller(secret)
        while len(selects) < 3:
            await asyncio.sleep(0.01)


async def test_renewing_goes_on_after_any_error_and_says_so(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ring_module, "_RENEWED_EVERY", 0.01)
    went_on = asyncio.Event()
    tries = 0

    async def fail(_ring: KeyRing) -> None:
        nonlocal tries
        tries += 1
        if tries > 1:
            went_on.set()
        raise ValueError("nobody expected this")

    monkeypatch.setattr(KeyRing, "renew", fail)
    with capture_logs() as logged:
        async with KeyRing.open(database):
            async with asyncio.timeout(10):
                await went_on.wait()
    assert {one["event"] for one in logged} == {"keys.not_renewed"}


async def test_the_use_of_a_key_that_is_renewed_is_written_down_too(database: Database, ring: KeyRing, clock: Clock) -> None:
    row, secret = await made(database)
    await ring.caller(secret)
    await ring.settled()
    old = utc_now() - timedelta(minutes=2)
    async with database.write() as session:
        await session.execute(update(ApiKeyRow).values(last_used_at=old))
    clock.now += REMEMBERED - 1
    await ring.renew()  # nobody has shown it since
    await ring.settled()
    async with database.read() as session:
        assert (await get_key(session, row.account_id, row.id)).last_used_at == old
    await ring.caller(secret)
    await ring.renew()
    await ring.settled()
    async with database.read() as session:
        assert (await get_key(session, row.account_id, row.id)).last_used_at != old
