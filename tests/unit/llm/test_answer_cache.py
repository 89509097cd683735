import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from asking_models import asking, provider, question, routing
from diarist.accounts.service import add_account
from diarist.database.session import Database
from diarist.errors import NoModelAnswered
from diarist.llm.cache import Answers, AnswersInFiles, AnswersInRedis, Flights, Kept
from diarist.llm.receipts import list_receipts
from diarist.settings import CacheSettings, Settings
from llm_servers import Fault, Llms

KEPT = Kept(text='{"title": "Zwölf"}', provider="p", model="m", region="eu")
KEY = "ab" * 32


@pytest.fixture(params=["files", "redis"])
async def answers(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Answers]:
    found: Answers
    if request.param == "files":
        found = AnswersInFiles(tmp_path / "answers", days=30.0)
    else:
        found = AnswersInRedis(request.getfixturevalue("redis_url"), days=30.0)
    yield found
    await found.close()


async def test_what_was_put_is_got(answers: Answers) -> None:
    assert await answers.get("cd" * 32) is None
    await answers.put(KEY, KEPT)
    assert await answers.get(KEY) == KEPT


async def test_one_asks_while_others_wait(answers: Answers) -> None:
    flights, order = Flights(answers), []

    async def fly(number: int) -> None:
        async with flights.one_at_a_time(KEY, 5.0):
            order.append(number)
            await asyncio.sleep(0)
            order.append(number)

    await asyncio.gather(*map(fly, range(5)))
    assert order == [number for number in range(5) for _ in range(2)]
    assert not flights._locks


async def test_another_process_waits_for_the_one_that_asks(redis_url: str) -> None:
    one, other = AnswersInRedis(redis_url, 1.0), AnswersInRedis(redis_url, 1.0)
    token = await one.claim("key", 30.0)
    assert token
    assert await other.claim("key", 30.0) is None
    await other.release("key", "of somebody else")
    assert await other.claim("key", 30.0) is None
    await one.release("key", token)
    assert await other.claim("key", 30.0)
    await one.close()
    await other.close()


async def test_files_are_private_and_are_deleted_when_they_are_old(tmp_path: Path) -> None:
    answers = AnswersInFiles(tmp_path / "answers", days=1.0)
    await answers.put(KEY, KEPT)
    (file,) = (tmp_path / "answers").rglob("*.json")
    assert (file.stat().st_mode & 0o777, (tmp_path / "answers").stat().st_mode & 0o777) == (0o600, 0o700)
    long_ago = time.time() - 2 * 86_400
    os.utime(file, (long_ago, long_ago))
    assert await answers.get(KEY) is None
    await AnswersInFiles(tmp_path / "answers", days=1.0).put("ef" * 32, KEPT)
    assert not file.exists()


async def test_a_damaged_file_and_a_redis_that_is_away_are_as_nothing(tmp_path: Path) -> None:
    answers = AnswersInFiles(tmp_path / "answers", days=1.0)
    await answers.put(KEY, KEPT)
    next((tmp_path / "answers").rglob("*.json")).write_text('{"text": "half')
    assert await answers.get(KEY) is None
    away = AnswersInRedis("redis://127.0.0.1:1/0", days=1.0)
    await away.put(KEY, KEPT)
    assert await away.get(KEY) is None
    assert await away.claim(KEY, 1.0)
    await away.close()


@pytest.mark.sqlite_only
async def test_the_same_question_is_paid_for_once_and_says_so(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    providers = [provider(llms, "openai"), provider(llms, "anthropic", model={"quality": 40})]
    async with routing(settings, database, *providers) as router:
        first = await router.ask(question(), account=asking(account_id))
    # Another process, and the one that answered is away: its answer is not asked for again.
    llms.always["openai"] = Fault.BROKEN
    async with routing(settings, database, *providers) as router:
        again = await router.ask(question(), account=asking(account_id))
        await router.ask(question("I walked home."), account=asking(account_id))
    assert (first.cached, again.cached, again.value, again.provider) == (False, True, first.value, "openai")
    assert (first.cost_usd > 0, again.cost_usd == 0, again.input_tokens) == (True, True, 0)
    assert [request.provider for request in llms.asked()] == ["openai", "openai", "openai", "anthropic"]
    async with database.read() as session:
        other, cached, paid = await list_receipts(session, account_id, 5)
    assert [(row.cached, row.cost > 0, len(row.hops)) for row in (other, cached, paid)] == [
        (False, True, 3), (True, False, 0), (False, True, 1)
    ]  # fmt: skip
    assert again.receipt_id == cached.id


@pytest.mark.sqlite_only
@pytest.mark.parametrize("more", [{"prompt_version": "2"}, {"system": "Be short."}, {"max_output_tokens": 301}])
async def test_another_question_is_asked(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, more: dict[str, Any]
) -> None:
    async with routing(settings, database, provider(llms, "openai")) as router:
        await router.ask(question(), account=asking(account_id))
        assert not (await router.ask(question(**more), account=asking(account_id))).cached
    assert len(llms.asked()) == 2


@pytest.mark.sqlite_only
async def test_another_account_or_better_models_are_asked_anew(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    async with database.write() as session:
        other = (await add_account(session, "other")).id
    async with routing(settings, database, provider(llms, "openai")) as router:
        await router.ask(question(), account=asking(account_id))
        assert not (await router.ask(question(), account=asking(other))).cached
    async with routing(
        settings, database, provider(llms, "anthropic", model={"quality": 90}), provider(llms, "openai")
    ) as router:
        assert (await router.ask(question(), account=asking(account_id))).provider == "anthropic"


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.sqlite_only
async def test_ten_who_ask_the_same_at_once_pay_once(
    settings: Settings, database: Database, account_id: UUID, llms: Llms, redis_url: str, *, shared: bool
) -> None:
    llms.delay = 0.2
    if shared:
        settings = settings.model_copy(update={"cache": CacheSettings(url=redis_url)})
    async with (
        routing(settings, database, provider(llms, "openai")) as one,
        routing(settings, database, provider(llms, "openai")) as two,
    ):
        routers = [one, two if shared else one]
        asked = [router.ask(question(), account=asking(account_id)) for router in routers * 5]
        answers = await asyncio.gather(*asked)
    assert len(llms.asked()) == 1
    assert sorted(answer.cached for answer in answers) == [False] + [True] * 9


@pytest.mark.sqlite_only
async def test_an_answer_that_is_not_valid_is_never_kept(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.script("openai", Fault.WRONG_SCHEMA, Fault.WRONG_SCHEMA)
    async with routing(settings, database, provider(llms, "openai")) as router:
        with pytest.raises(NoModelAnswered):
            await router.ask(question(), account=asking(account_id))
        assert not (await router.ask(question(), account=asking(account_id))).cached
    assert len(llms.asked()) == 3


@pytest.mark.sqlite_only
async def test_nothing_is_kept_where_that_is_not_wanted(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    async with routing(settings, database, provider(llms, "openai"), cache_days=0) as router:
        for _ in range(2):
            await router.ask(question(), account=asking(account_id))
    assert len(llms.asked()) == 2
    assert not (settings.cache_dir / "answers").exists()
