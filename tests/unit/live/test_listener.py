import asyncio
from uuid import UUID

from diarist.live.listener import Listener
from diarist.live.told import Told, told

JOB, OTHER = UUID(int=2), UUID(int=3)
SOON, LATE = 0.01, 30.0


def message(position: int | None = None, job_id: UUID | None = None) -> Told:
    return told("job.succeeded", {}, position=position, job_id=job_id)


async def test_what_waits_is_read_at_once_and_in_order() -> None:
    listener = Listener(None, since=0, size=10)
    sent = [message(position) for position in (1, 2, 3)]
    for each in sent:
        listener.put(each)
    assert await listener.read(LATE) == sent
    assert await listener.read(SOON) == []


async def test_who_waits_is_woken() -> None:
    listener = Listener(None, since=0, size=10)
    reading = asyncio.create_task(listener.read(LATE))
    await asyncio.sleep(0)
    listener.put(message(1))
    assert [one.position for one in await reading] == [1]


async def test_only_what_is_wanted_and_new_is_kept() -> None:
    listener = Listener(JOB, since=5, size=10)
    for each in (message(5, JOB), message(6, OTHER), message(7), message(8, JOB), message(None, JOB), message(None, OTHER)):
        listener.put(each)
    assert [one.position for one in await listener.read(LATE)] == [8, None]


async def test_a_slow_reader_is_told_of_and_gets_nothing_more() -> None:
    overruns: list[str] = []
    listener = Listener(None, since=0, size=2, on_overrun=lambda: overruns.append("overrun"))
    for position in range(1, 6):
        listener.put(message(position))
    assert (overruns, listener.closed) == (["overrun"], True)
    assert await listener.read(LATE) == []


async def test_what_was_there_before_the_end_is_read() -> None:
    listener = Listener(None, since=0, size=2)
    listener.put(message(1))
    listener.close()
    listener.put(message(2))
    assert [one.position for one in await listener.read(LATE)] == [1]
    assert await listener.read(LATE) == []
