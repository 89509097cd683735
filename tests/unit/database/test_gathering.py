import asyncio
from collections.abc import Iterator

import pytest

from diarist.database.gathering import Gathering
from diarist.telemetry.collecting import Collecting
from diarist.telemetry.keeping import Keeping
from diarist.telemetry.traceparent import Traceparent
from diarist.telemetry.tracing import here, part, tracing_by


class Book:
    """Writes down numbers."""

    def __init__(self, seconds: float) -> None:
        self.came: list[int] = []
        self.pages: list[list[int]] = []
        self.places: list[Traceparent | None] = []
        self._gathering = Gathering(self._write, seconds)
        self.settled = self._gathering.settled

    def add(self, number: int) -> None:
        self.came.append(number)
        self._gathering.came()

    async def _write(self) -> bool:
        page, self.came = self.came, []
        self.places.append(here())
        await asyncio.sleep(0)
        self.pages.append(page)
        return bool(self.came)


async def test_what_comes_together_is_written_together() -> None:
    book = Book(seconds=0.01)
    await book.settled()
    for number in range(3):
        book.add(number)
    while not book.pages:
        await asyncio.sleep(0.001)
    assert book.pages == [[0, 1, 2]]


async def test_whoever_waits_does_not_wait_for_long_and_for_all_of_it() -> None:
    book = Book(seconds=3600)
    book.add(1)
    waiting = asyncio.create_task(book.settled())
    while not book.places:
        await asyncio.sleep(0)
    book.add(2)
    await waiting
    assert book.pages == [[1], [2]]
    book.add(3)
    await book.settled()
    assert book.pages == [[1], [2], [3]]


@pytest.fixture
def traced() -> Iterator[None]:
    with tracing_by(Collecting(Keeping(lambda _: None, ratio=1.0, slow_request=1.0, slow_task=1.0))):
        yield


@pytest.mark.usefixtures("traced")
async def test_it_is_no_step_of_the_request_that_came_first() -> None:
    book = Book(seconds=3600)
    with part("request"):
        assert here() is not None
        book.add(1)
    await book.settled()
    assert book.places == [None]
