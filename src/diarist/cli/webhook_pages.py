"""Subscriptions and deliveries as people and machines read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from diarist.cli.clock import moment
from diarist.cli.finding import short
from diarist.cli.tables import print_rows, print_table
from diarist.cli.terminal import print_json
from diarist.notifications.models import DeliveryRow, SubscriptionRow
from diarist.notifications.schemas import delivery_from_row, subscription_from_row


def print_subscriptions(rows: Sequence[SubscriptionRow], *, as_json: bool) -> None:
    """All of an account."""
    if as_json:
        print_json({"subscriptions": [subscription_to_json(row) for row in rows]})
        return
    cells = [(short(row.id), row.url, row.label, _events(row), _state(row)) for row in rows]
    print_table(("id", "address", "label", "events", "state"), cells, empty="No subscriptions.")


def print_subscription(row: SubscriptionRow, *, as_json: bool) -> None:
    """One."""
    if as_json:
        print_json({"subscription": subscription_to_json(row)})
        return
    print_rows(
        (
            ("id", str(row.id)),
            ("address", row.url),
            ("label", row.label),
            ("events", _events(row)),
            ("made", moment(row.created_at)),
            ("state", _state(row)),
            ("secret before", f"signs until {moment(row.previous_until)}" if row.previous_until else "none"),
        )
    )


def print_deliveries(rows: Sequence[DeliveryRow], *, as_json: bool) -> None:
    """What was sent, or is to be."""
    if as_json:
        print_json({"deliveries": [delivery_from_row(row).model_dump(mode="json") for row in rows]})
        return
    cells = [(str(row.id), row.kind, moment(row.at), row.state.value, str(len(row.tries)), *_last(row)) for row in rows]
    headings = ("id", "event", "happened", "state", "tries", "answer", "took", "next")
    print_table(headings, cells, empty="Nothing was sent yet.")


def subscription_to_json(row: SubscriptionRow) -> dict[str, Any]:
    """As the API tells it, without the secret."""
    return subscription_from_row(row).model_dump(mode="json")


def _events(row: SubscriptionRow) -> str:
    return ", ".join(row.events) or "all"


def _state(row: SubscriptionRow) -> str:
    if row.paused_at is not None and row.pause_reason is not None:
        return f"paused since {moment(row.paused_at)} ({row.pause_reason.value})"
    return f"failing since {moment(row.failing_since)}" if row.failing_since else "ok"


def _last(row: DeliveryRow) -> tuple[str, str, str]:
    """The last answer, how long it took, and when the next try is."""
    told = row.tries[-1] if row.tries else None
    answer = "" if told is None else str(told["status"] or told["error"])
    took = "" if told is None else f"{told['seconds']:.2f} s"
    return answer, took, "" if row.next_at is None else moment(datetime.fromtimestamp(row.next_at, UTC))
