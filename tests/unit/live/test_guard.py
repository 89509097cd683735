"""Those who are connected, and whether they still may be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from uuid import UUID

from diarist.domain.access import Caller
from diarist.domain.events import access_changed
from diarist.errors import DatabaseUnavailable
from diarist.live.guard import Guard, Guest

ACCOUNT, KEY, USER = UUID(int=1), UUID(int=2), UUID(int=3)
PATIENCE = 20.0


class Visit:
    """Somebody with a key, who is asked for again and again."""

    def __init__(self, *, admitted: bool = True, key_id: UUID | None = KEY, user_id: UUID | None = None) -> None:
        self.asked, self.gone = asyncio.Event(), asyncio.Event()
        self.admitted: bool | Exception = admitted
        caller = Caller(ACCOUNT, frozenset(), key_id=key_id, user_id=user_id)
        self.guest = Guest(caller=caller, admitted=self._admitted, show_out=self.gone.set)

    async def _admitted(self) -> bool:
        self.asked.set()
        if isinstance(self.admitted, Exception):
            raise self.admitted
        return self.admitted


@asynccontextmanager
async def guarding(guard: Guard, *visits: Visit) -> AsyncIterator[None]:
    task = asyncio.create_task(guard.run())
    try:
        with ExitStack() as stack:
            for visit in visits:
                stack.enter_context(guard.watching(visit.guest))
            async with asyncio.timeout(PATIENCE):
                yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_whom_a_change_is_about_is_looked_at_at_once_and_nobody_else() -> None:
    guard = Guard()
    revoked, other, removed = Visit(admitted=False), Visit(key_id=UUID(int=9)), Visit(admitted=False, key_id=None, user_id=USER)
    async with guarding(guard, revoked, other, removed):
        guard.doubt(access_changed(ACCOUNT, key_id=KEY))
        guard.doubt(access_changed(ACCOUNT, user_id=USER))
        await revoked.gone.wait()
        await removed.gone.wait()
    assert not other.asked.is_set()


async def test_who_still_may_be_there_stays() -> None:
    guard, visit, last = Guard(), Visit(), Visit(admitted=False, key_id=UUID(int=9))
    async with guarding(guard, visit, last):
        guard.doubt(access_changed(ACCOUNT, key_id=KEY))
        await visit.asked.wait()
        guard.doubt(access_changed(ACCOUNT, key_id=UUID(int=9)))
        await last.gone.wait()
    assert not visit.gone.is_set()


async def test_everybody_is_looked_at_though_nobody_has_said_anything() -> None:
    visit = Visit(admitted=False)
    async with guarding(Guard(0.02), visit):
        await visit.gone.wait()


async def test_nobody_is_shown_out_because_the_database_is_away() -> None:
    visit = Visit()
    visit.admitted = DatabaseUnavailable()
    async with guarding(Guard(0.02), visit):
        await visit.asked.wait()
        visit.asked.clear()
        await visit.asked.wait()
        assert not visit.gone.is_set()
        visit.admitted = False
        await visit.gone.wait()


async def test_who_showed_nothing_at_the_door_is_left_alone() -> None:
    visit, other = Visit(admitted=False, key_id=None), Visit(admitted=False)
    async with guarding(Guard(0.02), visit, other):
        await other.gone.wait()
    assert not visit.asked.is_set()
