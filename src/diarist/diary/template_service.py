"""Templates: those that come with Diarist and those of an account, which go first."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import String, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from diarist.database.base import new_id
from diarist.diary.models import TemplateRow
from diarist.diary.written.style import Style, packaged, packaged_style, read_style


async def find_style(session: AsyncSession, account_id: UUID, name: str) -> Style:
    """The newest version of a template, or the one that `name@version` says; raises `NotFound`."""
    called, _, version = name.partition("@")
    statement = select(TemplateRow).where(TemplateRow.account_id == account_id, TemplateRow.name == called)
    if version:
        # As text: not everything that looks like a digit is a number, and not every number fits a column.
        statement = statement.where(cast(TemplateRow.version, String) == version)
    row = await session.scalar(statement.order_by(TemplateRow.version.desc()).limit(1))
    if row is not None:
        return read_style(row.source, name=row.name, version=row.version)
    style = packaged_style(called)
    return style if not version or style.label == name else packaged_style(name)


async def list_styles(session: AsyncSession, account_id: UUID) -> list[Style]:
    """The newest version of each template; one's own take the place of those that come with Diarist."""
    rows = await session.scalars(
        select(TemplateRow).where(TemplateRow.account_id == account_id).order_by(TemplateRow.name, TemplateRow.version)
    )
    own = {row.name: read_style(row.source, name=row.name, version=row.version) for row in rows}
    return [*(packaged() | own).values()]


async def add_style(session: AsyncSession, account_id: UUID, source: str, name: str | None = None) -> Style:
    """Store a template as the next version of its name; raises `InvalidInput`."""
    read = read_style(source, name=name)
    newest = await session.scalar(
        select(TemplateRow.version)
        .where(TemplateRow.account_id == account_id, TemplateRow.name == read.name)
        .order_by(TemplateRow.version.desc())
        .limit(1)
    )
    # Versions of a name go on from those that came with Diarist, so that `diary@1` never means two.
    before = newest or (packaged()[read.name].version if read.name in packaged() else 0)
    session.add(TemplateRow(id=new_id(), account_id=account_id, name=read.name, version=before + 1, source=source))
    return replace(read, version=before + 1)
