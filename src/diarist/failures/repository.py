"""Statements about errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from packaging.version import Version
from sqlalchemy import CursorResult, Uuid, bindparam, case, column, delete, func, select, table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from diarist import __version__
from diarist.database.base import new_id, utc_now
from diarist.database.ordering import FIRST, Place, ordered
from diarist.errors import InvalidInput, NotFound
from diarist.failures.failure import Failure
from diarist.failures.models import OF_ALL, FailureRow

LAST_SEEN = "last_seen"
"""The order in which errors were seen last."""
_ACCOUNTS = table("accounts", column("id", Uuid))
_EXAMPLE = ("kind", "place", "frames", "version", "trace_id", "request_id", "job_id", "task_id")
"""Columns that tell of the one that was seen last."""
_FRESH = ("id", "fingerprint", "account_id", "code", "type", "first_seen", "last_seen", "count", *_EXAMPLE)


class AmbiguousFingerprint(InvalidInput):
    """The beginning of a fingerprint fits more than one."""

    code = "ambiguous_fingerprint"
    advice = "Give more of its digits."


@dataclass(slots=True)
class Group:
    """Errors that are alike and not written down yet."""

    account_id: UUID | None
    """Whose; None for anybody's."""
    first: datetime
    last: Failure
    count: int = 1


async def write_groups(session: AsyncSession, groups: Sequence[Group], version: str = __version__) -> None:
    """Add them to what is known; what was mended and is seen in a newer version is open again.

    Always in the same order, so that no two writers wait for each other. Errors of accounts that are gone are left out there.
    """
    named = {group.account_id for group in groups if group.account_id is not None}
    there = set(
        await session.scalars(select(_ACCOUNTS.c.id).where(_ACCOUNTS.c.id.in_(named)).with_for_update(read=True, key_share=True))
    )
    dialect = session.get_bind().dialect.name
    for group in sorted(groups, key=lambda one: (one.account_id.int if one.account_id else 0, one.last.fingerprint)):
        if group.account_id is None or group.account_id in there:
            await session.execute(_upsert(dialect, of_all=group.account_id is None), _values(group, version))
    await _reopen(session, {group.last.fingerprint for group in groups}, version)


async def list_failures(
    session: AsyncSession, account_id: UUID | None, limit: int, place: Place = FIRST, *, resolved: bool | None = None
) -> Sequence[FailureRow]:
    """Some of an account's errors, or of all with None; `resolved`: only those that are, or are not."""
    statement = select(FailureRow).where(FailureRow.account_id == account_id).limit(limit)
    if resolved is not None:
        statement = statement.where(FailureRow.resolved_at.is_not(None) if resolved else FailureRow.resolved_at.is_(None))
    moment = cast("Any", FailureRow.last_seen) if place.by == LAST_SEEN else None
    return (await session.scalars(ordered(statement, place, FailureRow.id, moment))).all()


async def get_failure(session: AsyncSession, account_id: UUID, failure_id: UUID) -> FailureRow:
    """One of an account's; raises `NotFound`."""
    found = await session.scalar(select(FailureRow).where(FailureRow.account_id == account_id, FailureRow.id == failure_id))
    if found is None:
        raise NotFound("there is no such error", advice="`GET /v1/errors` lists those of the account.")
    return found


async def find_failure(session: AsyncSession, beginning: str) -> tuple[FailureRow, int]:
    """The one of all whose fingerprint begins so, and how many accounts met it; raises `NotFound` or `AmbiguousFingerprint`."""
    fits = FailureRow.fingerprint.startswith(beginning.lower(), autoescape=True)
    match (await session.scalars(select(FailureRow).where(OF_ALL, fits).limit(2))).all():
        case []:
            raise NotFound(f"no error has a fingerprint that begins with {beginning!r}", advice="`diarist errors` lists them.")
        case [only]:
            met = FailureRow.fingerprint == only.fingerprint, FailureRow.account_id.is_not(None)
            return only, await session.scalar(select(func.count()).select_from(FailureRow).where(*met)) or 0
        case _:
            raise AmbiguousFingerprint(f"several errors have fingerprints that begin with {beginning!r}")


async def resolve_failure(session: AsyncSession, row: FailureRow, version: str = __version__) -> None:
    """It is mended, for all accounts, as of the version that runs here or has it."""
    row.resolved_at, row.resolved_in = utc_now(), str(max(Version(version), Version(row.version)))
    same = update(FailureRow).where(FailureRow.fingerprint == row.fingerprint)
    await session.execute(same.values(resolved_at=row.resolved_at, resolved_in=row.resolved_in))


async def sweep_failures(session: AsyncSession, before: datetime) -> int:
    """Forget what was not seen since; gives how many rows."""
    swept = await session.execute(delete(FailureRow).where(FailureRow.last_seen < before))
    return cast("CursorResult[Any]", swept).rowcount


async def _reopen(session: AsyncSession, fingerprints: set[str], version: str) -> None:
    mended = select(FailureRow.fingerprint, FailureRow.resolved_in).where(
        FailureRow.fingerprint.in_(fingerprints), FailureRow.resolved_in.is_not(None)
    )
    back = {row[0] for row in await session.execute(mended) if Version(version) > Version(row[1] or "0")}
    if back:
        again = update(FailureRow).where(FailureRow.fingerprint.in_(back))
        await session.execute(again.values(resolved_at=None, resolved_in=None))


def _values(group: Group, version: str) -> dict[str, Any]:
    last = group.last
    context = last.context
    return {
        "id": new_id(), "fingerprint": last.fingerprint, "account_id": group.account_id, "code": last.code, "kind": last.kind,
        "type": last.origin.type[:200], "place": context.place[:200], "frames": [asdict(frame) for frame in last.origin.frames],
        "first_seen": group.first, "last_seen": last.at, "count": group.count, "version": version, "trace_id": context.trace_id,
        "request_id": context.request_id, "job_id": context.job_id, "task_id": context.task_id,
    }  # fmt: skip


@cache
def _upsert(dialect: str, *, of_all: bool) -> Any:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    fresh = insert(FailureRow).values({name: bindparam(name) for name in _FRESH})
    given = fresh.excluded
    changed = {
        **{name: getattr(given, name) for name in _EXAMPLE},
        "count": FailureRow.count + given.count,
        "last_seen": case((given.last_seen > FailureRow.last_seen, given.last_seen), else_=FailureRow.last_seen),
    }
    if of_all:
        return fresh.on_conflict_do_update(index_elements=["fingerprint"], index_where=OF_ALL, set_=changed)
    return fresh.on_conflict_do_update(index_elements=["account_id", "fingerprint"], set_=changed)
