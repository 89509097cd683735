"""What is known becomes a notice when somebody should hear of it, and none when all is well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.llm.breaker import FAILURES, LOCKED
from diarist.notices.notice import Notice, NoticeKind, Question, budget, failing_models, webhooks_paused
from diarist.ports.language_model import Outcome

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
OPENAI, MISTRAL = "openai/gpt", "mistral/small"


def question(minute: int, *outcomes: Outcome, answered_by: str | None = MISTRAL) -> Question:
    """To OpenAI's, and then to Mistral's if that answered."""
    calls = [(OPENAI, outcome) for outcome in outcomes]
    return Question(
        at=NOON + timedelta(minutes=minute),
        calls=[*calls, (MISTRAL, Outcome.ANSWERED)] if answered_by == MISTRAL else calls,
        answered_by=answered_by,
    )


def noticed(*questions: Question) -> list[Notice]:
    return failing_models(questions, {}, None)


def test_a_model_that_fails_again_and_again_is_named_and_so_is_who_stands_in() -> None:
    [found] = noticed(question(0, Outcome.TIMED_OUT), question(1, Outcome.SERVER_FAILED))
    assert found.kind is NoticeKind.MODEL_FAILING
    assert found.message == "openai/gpt does not answer (server failed); mistral/small is asked instead."
    assert (found.since, found.about) == (NOON, {"model": OPENAI, "instead": MISTRAL})


def test_a_single_failure_is_everyday_life_but_not_a_key_that_is_wrong() -> None:
    assert noticed(question(0, Outcome.TIMED_OUT)) == []
    [found] = noticed(question(0, Outcome.NOT_ALLOWED))
    assert "key" in found.advice


def test_who_answers_again_is_well() -> None:
    failed = [question(0, Outcome.TIMED_OUT, Outcome.TIMED_OUT), question(1, Outcome.TIMED_OUT)]
    assert noticed(*failed)
    assert noticed(*failed, question(2, Outcome.ANSWERED, answered_by=OPENAI)) == []


def test_a_bad_answer_says_nothing_of_how_well_the_provider_is() -> None:
    assert noticed(*(question(minute, Outcome.INVALID) for minute in range(5))) == []


def test_without_anybody_who_stands_in_that_is_said() -> None:
    [found] = noticed(*(question(minute, Outcome.CUT, answered_by=None) for minute in range(2)))
    assert "nobody is known to be asked instead" in found.message
    assert "instead" not in found.about


def test_who_is_left_alone_is_named_though_this_account_did_not_ask() -> None:
    [found] = failing_models([], {OPENAI: "it failed, and is left alone for 30 s more"}, MISTRAL)
    assert found.message == f"{OPENAI} does not answer: it failed, and is left alone for 30 s more; {MISTRAL} is asked instead."
    assert found.since is None


@given(st.lists(st.lists(st.sampled_from(list(Outcome)), max_size=4), max_size=6))
def test_nobody_is_named_whose_last_call_was_no_failure(outcomes: list[list[Outcome]]) -> None:
    flat = [outcome for calls in outcomes for outcome in calls]
    found = noticed(*(question(minute, *calls) for minute, calls in enumerate(outcomes)))
    if not flat or flat[-1] not in FAILURES | LOCKED:
        assert found == []
    else:
        assert len(found) <= 1


@pytest.mark.parametrize(
    ("limit", "spent", "kind"),
    [
        (None, "9", None), ("10", "7.99", None), ("10", "8", NoticeKind.BUDGET_NEARLY_SPENT),
        ("10", "10", NoticeKind.BUDGET_SPENT), ("0", "0", NoticeKind.BUDGET_SPENT),
    ],
)  # fmt: skip
def test_budgets_are_told_of_from_four_fifths_on(limit: str | None, spent: str, kind: NoticeKind | None) -> None:
    found = budget("day", None if limit is None else Decimal(limit), Decimal(spent), Decimal("0.8"))
    assert (found.kind if found else None) is kind


def test_a_paused_subscription_says_why() -> None:
    assert "gone" in webhooks_paused("1", "https://example.org", "gone", NOON).message
    assert "failed for days" in webhooks_paused("1", "https://example.org", "failing", NOON).message
