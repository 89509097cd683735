"""Runs `diarist` on a host whose clock is wrong: python -m chaos.off_clock SECONDS serve ROLE.

All of Diarist's wall-clock moments come from two functions of `database/base.py`; their sources are set off before anything
else begins. Monotonic clocks, the database's and those of libraries stay what they are.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import uuid_utils.compat

from diarist.database import base
from diarist.wiring import metadata

OFFSET = timedelta(seconds=float(sys.argv.pop(1)))


class OffDatetime(datetime):
    """A `datetime` whose `now` is off."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.now(tz) + OFFSET


def off_uuid7() -> UUID:
    """An id that bears the wrong moment."""
    return UUID(int=uuid_utils.compat.uuid7().int + (round(OFFSET.total_seconds() * 1000) << 80))  # RFC 9562, 5.7


if __name__ == "__main__":
    metadata()  # declares the tables, by the names of the types as they are
    vars(base).update(datetime=OffDatetime, uuid_utils=SimpleNamespace(compat=SimpleNamespace(uuid7=off_uuid7)))
    wanted = datetime.now(UTC) + OFFSET
    if max(abs((now - wanted).total_seconds()) for now in (base.utc_now(), base.made_at(base.new_id()))) > 2:
        sys.exit("the clock could not be set off")
    from diarist.cli.main import main

    main()
