"""What models turn out to be, and that the choice follows it."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asking_models import asking, provider, question, routing
from diarist.database.session import Database
from diarist.errors import NoModelAnswered
from diarist.llm.measurements import count_statements, measured_of
from diarist.llm.measuring import UNMEASURED, Measured, judged, quality, timed
from diarist.settings import Settings
from llm_servers import Fault, Llms

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MODEL = "openai/gpt-4o-mini"


def after(*answers: tuple[int, int]) -> Measured:
    """`said` and `passed` of each."""
    found = UNMEASURED
    for said, passed in answers:
        found = judged(found, said=said, passed=passed, now=NOW)
    return found


def test_what_was_not_judged_is_as_the_settings_say() -> None:
    assert quality(UNMEASURED, 72, 40, NOW) == 72
    assert judged(UNMEASURED, said=0, passed=0, now=NOW) == UNMEASURED


def test_a_mean_is_that_of_all_statements_and_not_of_answers() -> None:
    assert after((10, 10), (30, 20)).share == pytest.approx(0.75)
    assert quality(after((40, 20)), 90, 40, NOW) == pytest.approx(70)


def test_what_is_long_ago_counts_less_and_then_nothing() -> None:
    bad = after((40, 0))
    assert quality(bad, 80, 40, NOW) == pytest.approx(40)
    assert quality(bad, 80, 40, NOW + timedelta(days=14)) == pytest.approx(80 * 40 / 60)
    assert quality(bad, 80, 40, NOW + timedelta(days=365)) == pytest.approx(80, abs=0.1)


def test_a_model_that_gets_better_is_seen_to() -> None:
    found = after(*[(50, 10)] * 40)
    assert found.share == pytest.approx(0.2)
    for _ in range(40):
        found = judged(found, said=50, passed=48, now=NOW)
    assert found.share == pytest.approx(0.96, abs=0.02)
    assert found.judged == 4000


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0, 1))), st.integers(0, 100), st.floats(0.1, 1e6))
def test_quality_stays_between_nothing_and_all(answers: list[tuple[int, float]], configured: int, counts_as: float) -> None:
    found = after(*((said, round(said * share)) for said, share in answers))
    assert -1e-6 <= quality(found, configured, counts_as, NOW) <= 100 + 1e-6


def test_the_newest_time_counts_a_fifth() -> None:
    assert timed(timed(UNMEASURED, 1.0), 2.0).seconds == pytest.approx(1.2)


async def test_judgements_at_once_are_all_counted(database: Database) -> None:
    async def count() -> None:
        async with database.write() as session:
            await count_statements(session, MODEL, said=4, passed=3)

    await asyncio.gather(*(count() for _ in range(20)))
    async with database.read() as session:
        found = (await measured_of(session, [MODEL, "nobody/none"]))[MODEL]
    assert (found.judged, round(found.weight)) == (80, 80)
    assert found.share == pytest.approx(0.75)


async def test_a_model_whose_words_are_not_proven_falls_behind_also_for_the_next_process(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    providers = [provider(llms, "openai", model={"quality": 80}), provider(llms, "anthropic", model={"quality": 70})]
    account = asking(account_id)
    async with routing(settings, database, *providers) as router:
        answer = await router.ask(question(), account=account)
        await router.judge(answer, said=40, passed=10)
    async with routing(settings, database, *providers) as router:
        assert (await router.ask(question("Again."), account=account)).provider == "anthropic"
        first, second = (await router.explain(account, input_tokens=10, output_tokens=10)).ranked
        assert (first.standing.card.provider, round(second.standing.quality)) == ("anthropic", 53)
        choice = await router.explain(account, input_tokens=10, output_tokens=10, quality=60)
    assert [(one.card.name, one.code) for one in choice.rejected] == [(MODEL, "quality")]


@pytest.mark.sqlite_only
async def test_what_is_proven_lifts_a_model_above_what_a_question_needs(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    async with routing(settings, database, provider(llms, "openai", model={"quality": 50})) as router:
        account = asking(account_id)
        with pytest.raises(NoModelAnswered, match="its quality is 50, and 60 is needed"):
            await router.ask(question(quality=60), account=account)
        await router.judge(await router.ask(question(), account=account), said=60, passed=60)
        assert (await router.ask(question(quality=60), account=account)).provider == "openai"


@pytest.mark.sqlite_only
async def test_an_answer_that_was_there_from_before_is_not_judged_twice_and_one_that_is_not_valid_counts_against_it(
    settings: Settings, database: Database, account_id: UUID, llms: Llms
) -> None:
    async with routing(settings, database, provider(llms, "openai", model={"quality": 50})) as router:
        for _ in range(2):
            await router.judge(await router.ask(question(), account=asking(account_id)), said=10, passed=9)
        (standing,) = await router.standings()
        assert (standing.measured.judged, standing.measured.share) == (10, 0.9)
        llms.script("openai", Fault.NO_JSON)
        await router.ask(question("Again."), account=asking(account_id))
        (standing,) = await router.standings()
    assert standing.measured.judged == 15
    assert standing.measured.share == pytest.approx(0.6)
