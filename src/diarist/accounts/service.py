"""Rules of accounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.accounts.models import AccountRow
from diarist.database.base import new_id
from diarist.domain.archive import ArchiveFormat
from diarist.domain.days import zone_of
from diarist.domain.hints import Hints
from diarist.domain.quotas import Quotas
from diarist.errors import Conflict, InvalidInput, NotFound
from diarist.settings import Settings
from diarist.settings.time_zone import FALLBACK

LOCAL = "local"
"""The account that an embedded installation works in."""
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9])?")


async def add_account(session: AsyncSession, name: str, time_zone: str = FALLBACK) -> AccountRow:
    """Create an account whose days are counted in a time zone, an IANA name; raises `InvalidInput` or `Conflict`."""
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"{name!r} cannot be the name of an account",
            advice="Use 1 to 80 lower-case letters, digits, dots, dashes and underscores; begin and end with a letter or digit.",
        )
    if await session.scalar(select(AccountRow.id).where(AccountRow.name == name)):
        raise Conflict(
            f"there is already an account called {name!r}", advice="Choose another name; `diarist account list` shows all."
        )
    account = AccountRow(id=new_id(), name=name, time_zone=zone_of(time_zone).key)
    session.add(account)
    await session.flush()
    return account


async def set_archive_policy(session: AsyncSession, name: str, kind: ArchiveFormat, after_days: int) -> AccountRow:
    """Say what becomes of an account's originals; what was decided about a recording before stays. Raises `NotFound`."""
    account = await account_called(session, name)
    account.archive_format, account.archive_after_days = kind, after_days
    return account


async def set_limit(session: AsyncSession, name: str, max_running: int | None) -> AccountRow:
    """Say how many tasks of an account may run at once in each queue; None for what holds for all. Raises `NotFound`."""
    if max_running is not None and max_running < 1:
        raise InvalidInput("an account that may run nothing would wait for ever", advice="Give 1 or more.")
    account = await account_called(session, name)
    account.max_running = max_running
    return account


async def set_days(session: AsyncSession, name: str, *, time_zone: str | None, begins: time | None) -> AccountRow:
    """Say in which time zone an account's days are counted and when they begin; None for what holds now.

    Due dates that were worked out before stay as they are. Raises `NotFound` or `InvalidInput`.
    """
    account = await account_called(session, name)
    if time_zone is not None:
        account.time_zone = zone_of(time_zone).key
    if begins is not None:
        account.day_begins = begins
    return account


async def set_hints(session: AsyncSession, name: str, hints: Hints) -> AccountRow:
    """Say what is known of all recordings of an account; what is heard from now on follows it. Raises `NotFound`."""
    account = await account_called(session, name)
    account.hints = hints or None
    return account


async def get_account(session: AsyncSession, identifier: UUID) -> AccountRow:
    """One account; raises `NotFound`."""
    account = await session.get(AccountRow, identifier)
    if account is None:
        raise NotFound(f"there is no account {identifier}")
    return account


async def set_quotas(session: AsyncSession, name: str, quotas: Quotas) -> AccountRow:
    """Say how much an account may have; what is None is as the settings say. Raises `NotFound`."""
    account = await account_called(session, name)
    account.quotas = quotas or None
    return account


def quotas_in_force(own: Quotas | None, settings: Settings) -> Quotas:
    """How much an account may have that has quotas of its own, or none."""
    limits = settings.limits
    usual = Quotas(audio_hours=limits.audio_hours_a_month, stored_bytes=limits.stored_bytes, jobs=limits.unfinished_jobs)
    return (own or Quotas()).or_else(usual)


async def quotas_of(session: AsyncSession, identifier: UUID, settings: Settings) -> Quotas:
    """How much an account may have; where that is bounded the account is locked until the transaction ends."""
    own = await session.scalar(select(AccountRow.quotas).where(AccountRow.id == identifier))
    quotas = quotas_in_force(own, settings)
    if quotas:
        await session.execute(select(AccountRow.id).where(AccountRow.id == identifier).with_for_update())
    return quotas


async def list_accounts(session: AsyncSession) -> Sequence[AccountRow]:
    """Every account by name."""
    return (await session.scalars(select(AccountRow).order_by(AccountRow.name))).all()


async def account_called(session: AsyncSession, name: str) -> AccountRow:
    """The account of that name; raises `NotFound`."""
    account = await session.scalar(select(AccountRow).where(AccountRow.name == name))
    if account is None:
        raise NotFound(
            f"there is no account called {name!r}", advice="`diarist account list` shows all; `diarist account add` makes one."
        )
    return account


async def account_id(session: AsyncSession, name: str = LOCAL) -> UUID:
    """The id of an account; raises `NotFound`."""
    return (await account_called(session, name)).id
