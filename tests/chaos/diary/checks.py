"""What came of it: entries, questions, receipts and money, by the books of the database and by what the providers saw."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg

from chaos.audit import many
from chaos.diary.memos import PHONE, Given
from chaos.diary.providers import FALSEHOOD, PRICE, question_of
from chaos.report import Finding, none
from llm_servers import INPUT_TOKENS, OUTPUT_TOKENS, Fault, Request

BILLED = frozenset({Fault.NONE, Fault.SLOW, Fault.CUT_SHORT, Fault.NO_JSON, Fault.WRONG_SCHEMA, Fault.LENGTH, Fault.REFUSAL})
"""What a provider charges for, whoever hears it."""
LOOSE = frozenset({"asked", "timed_out", "cut", "unreachable"})
"""Of a call on a receipt: nobody knows whether it was answered."""
_BILLIONTHS = 10**9
_BY_A_MODEL = 0.5
"""Share of the entries of whoever can pay for them, whatever fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receipt:
    account: Any
    text: str
    """SHA-256 of what was asked."""
    state: str
    cached: bool
    hops: Sequence[dict[str, Any]]


def of_the_entries(connection: psycopg.Connection, given: Sequence[Given]) -> list[Finding]:
    """Every memo has its entry, and none says what was not said."""
    jobs = dict(many(connection, "SELECT id, state FROM jobs"))
    entries: dict[Any, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for recording, composed_by, content in many(connection, "SELECT recording_id, composed_by, content FROM entries"):
        entries[recording].append((composed_by, content))
    makers = Counter(by for found in entries.values() for by, _ in found)
    usual = _usual(given)
    paid = [one for one in given if one.account == usual]
    by_a_model = sum(entries[one.recording][0][0] != "extractive" for one in paid if entries[one.recording])
    return [
        Finding(name="memos", value=len(given), at_least=1),
        none("memos without an entry", [one.text[:24] for one in given if not entries[one.recording]]),
        none("memos with two entries", [one.text[:24] for one in given if len(entries[one.recording]) > 1]),
        none("jobs that did not succeed", [f"{one.job}: {jobs[one.job]}" for one in given if jobs[one.job] != "succeeded"]),
        none("entries that hold the falsehood", [by for found in entries.values() for by, content in found if _lies(content)]),
        Finding(
            name="entries by a model, where the budget allows one", value=by_a_model, at_least=_BY_A_MODEL * len(paid),
            detail=", ".join(f"{count} {by}" for by, count in makers.most_common()),
        ),
    ]  # fmt: skip


def of_the_questions(connection: psycopg.Connection, requests: Sequence[Request], harm: int) -> list[Finding]:
    """No answer that was kept is asked for again, and whatever a provider was asked is on a receipt."""
    receipts = _receipts(connection)
    fresh = Counter(one.text for one in receipts if one.state == "answered" and not one.cached)
    hops = Counter((one.text, hop["provider"]) for one in receipts for hop in one.hops)
    loose = Counter(one.text for one in receipts for hop in one.hops if hop["outcome"] in LOOSE)
    asked = Counter((_sha(one), one.provider) for one in requests)
    valid = Counter(_sha(one) for one in requests if one.fault is Fault.NONE)
    again = {text: count - 1 for text, count in valid.items() if count > 1}
    faults = Counter(one.fault.value for one in requests)
    return [
        Finding(
            name="questions that reached a provider", value=len(requests), at_least=1,
            detail=", ".join(f"{count} {fault}" for fault, count in faults.most_common()),
        ),
        Finding(name="different questions", value=len({text for text, _ in asked})),
        Finding(name="answers from the cache", value=sum(one.cached for one in receipts)),
        none("answers that were there and were asked for again", [text for text, count in fresh.items() if count > 1]),
        none(
            "valid answers asked for twice without a call that broke off",
            [text for text, count in again.items() if count + 1 > fresh[text] + loose[text]],
        ),
        Finding(
            name="valid answers that came to nobody, and were asked for again", value=sum(again.values()), at_most=harm,
            detail="no more than tasks were broken off",
        ),
        none("questions that are on no receipt", [key for key, count in asked.items() if count > hops[key]]),
        none("questions that show a telephone number", [one.provider for one in requests if PHONE in one.text]),
    ]  # fmt: skip


def of_the_money(
    connection: psycopg.Connection, given: Sequence[Given], requests: Sequence[Request], tight: Decimal
) -> list[Finding]:
    """By our books, and by those of the providers, nobody spends more than was allowed."""
    spent = dict(
        many(connection, "SELECT account_id, sum(coalesce(spent, reserved)) FROM budget_reservations GROUP BY account_id")
    )
    poor = next(one.account for one in given if one.account != _usual(given))
    owners = {one.text: one.account for one in _receipts(connection)}
    price = (INPUT_TOKENS * Decimal(PRICE["input"]) + OUTPUT_TOKENS * Decimal(PRICE["output"])) / 10**6
    billed = Counter(owners.get(_sha(one)) for one in requests if one.fault in BILLED)
    ours = Decimal(int(spent.get(poor, 0))) / _BILLIONTHS
    return [
        Finding(name="spent and promised by the tight account", value=float(ours), unit="USD", at_most=float(tight)),
        Finding(name="billed to the tight account", value=float(billed[poor] * price), unit="USD", at_most=float(ours)),
        Finding(name="billed to all", value=float(billed.total() * price), unit="USD", at_most=_all(spent)),
    ]


def _all(spent: dict[Any, Any]) -> float:
    return float(sum(Decimal(int(value)) for value in spent.values()) / _BILLIONTHS)


def _receipts(connection: psycopg.Connection) -> list[_Receipt]:
    rows = many(connection, "SELECT account_id, text_sha256, state, cached, hops FROM receipts")
    return [
        _Receipt(
            account=account, text=text, state=state, cached=cached, hops=hops if isinstance(hops, list) else json.loads(hops)
        )
        for account, text, state, cached, hops in rows
    ]


def _usual(given: Sequence[Given]) -> Any:
    """The account that most memos belong to."""
    return Counter(one.account for one in given).most_common(1)[0][0]


def _sha(request: Request) -> str:
    return hashlib.sha256(question_of(request).encode()).hexdigest()


def _lies(content: dict[str, Any]) -> bool:
    return any(sentence["text"] == FALSEHOOD for sentence in content["sentences"])
