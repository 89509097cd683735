"""The tables of entries and of templates for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from diarist.database.base import Base, Owned


class EntryRow(Owned, Base):
    """A diary entry; a newer one gets the next version, an older one is never changed."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("recording_id", "version"), Index("ix_entries_account_id_id", "account_id", "id"))

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    transcript_id: Mapped[UUID] = mapped_column(ForeignKey("transcripts.id", ondelete="CASCADE"), index=True)
    """The transcript whose segments the citations name."""
    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    composed_by: Mapped[str] = mapped_column(String(80))
    content: Mapped[dict[str, Any]]
    """The whole entry, as `domain.diary.Entry` in JSON."""


class TemplateRow(Owned, Base):
    """A template of an account's own; a newer one gets the next version, an older one is never changed."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("account_id", "name", "version"),)

    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    """Markdown with front matter."""
