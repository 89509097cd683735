"""When the router waits, and when it goes on."""

import asyncio
import time
from uuid import UUID

import pytest

from asking_models import asking, provider, question, routing
from diarist.database.session import Database
from diarist.errors import NoModelAnswered
from diarist.settings import Settings
from llm_servers import Fault, Llms

pytestmark = pytest.mark.sqlite_only


async def test_the_last_model_is_waited_for_as_long_as_it_asks(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.script("openai", Fault.TOO_MANY)
    async with routing(settings, database, provider(llms, "openai")) as router:
        await router.ask(question(), account=asking(account_id))
    first, second = llms.asked()
    assert 1.0 <= second.at - first.at < 3.0


async def test_nobody_is_waited_for_beyond_the_deadline(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.always |= {"openai": Fault.SLOW, "anthropic": Fault.SLOW, "mistral": Fault.TOO_MANY_LONG}
    providers = [provider(llms, kind) for kind in ("openai", "anthropic", "mistral")]
    async with routing(settings, database, *providers) as router:
        await router.cards()
        started = time.monotonic()
        with pytest.raises(NoModelAnswered):
            await router.ask(question(deadline=1.5), account=asking(account_id))
    assert time.monotonic() - started < 3.0 + 4.0  # importing an SDK for the first time takes what it takes
    assert len(llms.asked("anthropic")) + len(llms.asked("mistral")) <= 1


async def test_a_model_that_fails_is_left_alone_and_tried_again_by_one(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.always["openai"] = Fault.BROKEN
    providers = [provider(llms, "openai"), provider(llms, "anthropic", model={"quality": 40})]
    async with routing(settings, database, *providers, tries=1, breaker={"failures": 3, "cooldown": 1.0}) as router:
        account = asking(account_id)
        for number in range(8):
            await router.ask(question(f"Walk {number}."), account=account)
        assert len(llms.asked("openai")) == 3
        choice = await router.explain(account, input_tokens=10, output_tokens=10)
        assert [(one.card.name, one.code) for one in choice.rejected] == [("openai/gpt-4o-mini", "breaker")]
        await asyncio.sleep(1.05)
        llms.always["openai"], llms.delay = Fault.NONE, 0.3
        answers = await asyncio.gather(*(router.ask(question(f"Run {number}."), account=account) for number in range(10)))
        assert sorted(answer.provider for answer in answers) == ["anthropic"] * 9 + ["openai"]
        assert (await router.ask(question("Swim."), account=account)).provider == "openai"


async def test_a_wrong_key_is_not_tried_again_and_a_rejected_question_is_no_failure(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.always |= {"openai": Fault.NO_KEY, "mistral": Fault.TOO_LONG}
    providers = [
        provider(llms, "openai"), provider(llms, "mistral", model={"quality": 45}),
        provider(llms, "anthropic", model={"quality": 40}),
    ]  # fmt: skip
    async with routing(settings, database, *providers) as router:
        for number in range(5):
            await router.ask(question(f"Walk {number}."), account=asking(account_id))
    assert (len(llms.asked("openai")), len(llms.asked("mistral")), len(llms.asked("anthropic"))) == (1, 5, 5)


async def test_a_provider_without_its_key_is_passed_over(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    keyless = provider(llms, "openai", api_key="", api_key_env="NOT_SET_ANYWHERE")
    async with routing(settings, database, keyless) as router:
        with pytest.raises(NoModelAnswered, match="NOT_SET_ANYWHERE, which is not set"):
            await router.ask(question(), account=asking(account_id))


async def test_measured_times_count_in_the_choice(settings: Settings, database: Database, account_id: UUID, llms: Llms) -> None:
    llms.delay = 0.2
    providers = [provider(llms, "openai"), provider(llms, "anthropic")]
    async with routing(settings, database, *providers, weights={"latency": 1.0}) as router:
        await router.ask(question(), account=asking(account_id))
        llms.delay = 0.0
        await router.ask(question("Again."), account=asking(account_id))
        (openai, *_) = await router.standings()
        assert openai.measured.seconds is not None
        assert openai.measured.seconds > 0.1


async def test_a_model_that_had_no_time_is_not_to_blame(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    llms.always["openai"] = Fault.SLOW
    async with routing(settings, database, provider(llms, "openai", timeout=1.0), breaker={"failures": 1}) as router:
        for deadline in (0.5, 0.5):
            with pytest.raises(NoModelAnswered):
                await router.ask(question(deadline=deadline), account=asking(account_id))
        (openai,) = await router.standings()
        assert openai.closed_in == 0.0
        with pytest.raises(NoModelAnswered):
            await router.ask(question(), account=asking(account_id))
        (openai,) = await router.standings()
    assert openai.closed_in > 0
