"""A notice, and how what is known becomes one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from diarist.llm.breaker import FAILURES, LOCKED

OFTEN = 2
"""Calls in vain without a good one after them, by which a model counts as failing; a single one is everyday life."""


class NoticeKind(StrEnum):
    """What can be noticed; stable names."""

    MODEL_FAILING = "model_failing"
    """A language model does not answer, and others are asked instead."""
    NO_MODEL = "no_model"
    """None that may be asked answers; entries are written without."""
    BUDGET_NEARLY_SPENT = "budget_nearly_spent"
    BUDGET_SPENT = "budget_spent"
    WEBHOOKS_PAUSED = "webhooks_paused"
    """Nothing is sent to a subscription any more, for its receiver does not take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that is so now."""

    kind: NoticeKind
    message: str
    """What is so, and what it means; for people."""
    advice: str
    """What can be done."""
    since: datetime | None = None
    """None where that is not known."""
    about: Mapping[str, str] = field(default_factory=dict)
    """Names for machines: `model` and `instead`, `period`, `subscription_id`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a receipt says of the calls of one question."""

    at: datetime
    calls: Sequence[tuple[str, str]]
    """`provider/model` and outcome, in order."""
    answered_by: str | None
    """`provider/model`; None when nobody's answer was used."""


@dataclass(slots=True)
class _Model:
    in_vain: int = 0
    outcome: str = ""
    since: datetime | None = None
    instead: str | None = None


def failing_models(questions: Iterable[Question], left_alone: Mapping[str, str], instead: str | None) -> list[Notice]:
    """Models that did not answer the last times that they were asked, or are left alone now.

    `questions`: the oldest first. `left_alone`: why, by name. `instead`: who would be asked now, if anybody is known.
    """
    found: dict[str, _Model] = {}
    for question in questions:
        for name, outcome in question.calls:
            if outcome not in FAILURES | LOCKED:
                found.pop(name, None)
                continue
            model = found.setdefault(name, _Model(since=question.at))
            model.in_vain += 1
            model.outcome = outcome
        for name, model in found.items():
            if question.answered_by not in {None, name}:
                model.instead = question.answered_by
    for name in left_alone:
        found.setdefault(name, _Model())
    return [
        _failing(name, model, left_alone.get(name), model.instead or instead)
        for name, model in found.items()
        if model.in_vain >= OFTEN or name in left_alone or model.outcome in LOCKED
    ]


def _failing(name: str, model: _Model, why: str | None, instead: str | None) -> Notice:
    reason = f" ({model.outcome.replace('_', ' ')})" if model.outcome else ""
    stands_in = f"{instead} is asked instead" if instead not in {None, name} else "nobody is known to be asked instead"
    return Notice(
        kind=NoticeKind.MODEL_FAILING,
        message=f"{name} does not answer{reason}{f': {why}' if why else ''}; {stands_in}.",
        advice=_ADVICE.get(
            model.outcome, "It is asked again by itself. Whoever runs this server sees more with `diarist llm status`."
        ),
        since=model.since,
        about={"model": name} | ({"instead": instead} if instead not in {None, name} and instead else {}),
    )


_ADVICE = {
    "not_allowed": "Its key is wrong or may not do this: whoever runs this server has to mend that.",
    "out_of_credit": "Its provider wants money: whoever runs this server has to see to that.",
}


def without_model(since: datetime | None = None) -> Notice:
    """No model is left that may be asked."""
    return Notice(
        kind=NoticeKind.NO_MODEL,
        message="No language model that may be asked answers: entries are written in your own sentences, and say so.",
        advice="Nothing has to be done. `diarist compose` writes an entry anew when models answer again.",
        since=since,
    )


def budget(period: str, limit: Decimal | None, spent: Decimal, warn_at: Decimal) -> Notice | None:
    """Of a `day` or a `month`, in USD; None while there is enough."""
    if limit is None or spent < warn_at * limit:
        return None
    over = spent >= limit
    told = f"{spent:.2f} of {limit:.2f} USD for language models are spent this {period}"
    means = "entries are written without one until it is over." if over else "then entries are written without one."
    return Notice(
        kind=NoticeKind.BUDGET_SPENT if over else NoticeKind.BUDGET_NEARLY_SPENT,
        message=f"{told}; {means}",
        advice="Wait, or have the account given a larger budget: `diarist account llm`.",
        about={"period": period},
    )


def webhooks_paused(subscription_id: str, url: str, reason: str, since: datetime | None) -> Notice:
    """`reason`: `gone` or `failing`."""
    why = "it answered that it is gone" if reason == "gone" else "it has failed for days"
    return Notice(
        kind=NoticeKind.WEBHOOKS_PAUSED,
        message=f"Nothing is sent to {url} any more: {why}.",
        advice="Mend the receiver, then `diarist webhooks resume`; what was missed can be sent again with `replay`.",
        since=since,
        about={"subscription_id": subscription_id},
    )
