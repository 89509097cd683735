"""The kinds of transaction that a connection can begin; each database says in its own words how."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy.engine import Connection

_OPTION = "diarist_transaction"


class Transaction(StrEnum):
    """What a transaction is for."""

    READ = "read"
    """One consistent view, in which nothing can be changed."""
    WRITE = "write"
    MIGRATE = "migrate"
    """Changes tables, and may take its time."""
    NONE = "none"
    """No transaction: each statement stands for itself."""

    @property
    def option(self) -> dict[str, Any]:
        """The execution option that asks for it."""
        return {_OPTION: self}


def asked_for(connection: Connection) -> Transaction:
    """The kind that a connection is about to begin; reading, unless something else was asked for."""
    kind: Transaction = connection.get_execution_options().get(_OPTION, Transaction.READ)
    return kind
