"""What tests of webhooks begin with."""

from collections.abc import AsyncIterator

import pytest

from benched_webhooks import Bench, benched
from diarist.database.session import Database
from diarist.settings import Settings
from webhook_receiver import Receiver, receiving


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def bench(settings: Settings, database: Database, receiver: Receiver) -> AsyncIterator[Bench]:
    async with benched(settings, receiver) as bench:
        yield bench
