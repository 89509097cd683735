"""Errors as people and machines read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diarist.cli.clock import count, moment
from diarist.cli.tables import print_rows, print_table
from diarist.failures.models import FailureRow

_FIELDS = (
    "fingerprint", "code", "kind", "type", "place", "frames", "count", "first_seen", "last_seen", "version", "trace_id",
    "request_id", "job_id", "task_id", "resolved_at", "resolved_in",
)  # fmt: skip


def print_errors(rows: Sequence[FailureRow]) -> None:
    """One line for each."""
    cells = [
        (row.fingerprint, f"{row.count:,}", row.code, row.kind.value, row.place, _where(row), moment(row.last_seen), _state(row))
        for row in rows
    ]
    headings = ("fingerprint", "times", "code", "in", "of", "where", "last seen", "")
    print_table(headings, cells, empty="No errors.", styles={"resolved": "green"})


def print_error(row: FailureRow, accounts: int) -> None:
    """One, with its places in the code."""
    places = [f"{frame['module']}:{frame['line']} {frame['function']}" for frame in row.frames]
    example = (("trace", row.trace_id), ("request", row.request_id), ("job", row.job_id), ("task", row.task_id))
    print_rows(
        (
            ("fingerprint", row.fingerprint),
            ("code", row.code),
            ("class", row.type),
            ("seen in", f"{row.kind.value} {row.place}"),
            ("times", f"{row.count:,}, by {count(accounts, 'account')}" if accounts else f"{row.count:,}"),
            ("first seen", moment(row.first_seen)),
            ("last seen", f"{moment(row.last_seen)} in {row.version}"),
            ("state", f"resolved {moment(row.resolved_at)} in {row.resolved_in}" if row.resolved_at else "open"),
            *((f"example {name}", str(value)) for name, value in example if value),
            *(("where" if not number else "", place) for number, place in enumerate(reversed(places))),
        )
    )


def error_to_json(row: FailureRow) -> dict[str, Any]:
    """All that is known of it."""
    return {name: _plain(getattr(row, name)) for name in _FIELDS}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int | str | list):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _where(row: FailureRow) -> str:
    return f"{row.frames[-1]['module'].removeprefix('diarist.')}:{row.frames[-1]['function']}" if row.frames else row.type


def _state(row: FailureRow) -> str:
    return "resolved" if row.resolved_at else ""
