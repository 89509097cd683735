"""What every table has in common."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils.compat
from sqlalchemy import JSON, DateTime, Enum, ForeignKey, MetaData, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zone, PostgreSQL gives moments in the server's, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by SQLAlchemy
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone is ambiguous")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by SQLAlchemy
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonOf(TypeDecorator[Any]):
    """A value of dataclasses, as JSON by the names of their fields; fields that are not there take their defaults."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        """`kind`: what comes out, such as `tuple[Word, ...]`."""
        super().__init__()
        self.kind = kind

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - given by SQLAlchemy
        return None if value is None else msgspec.convert(value, self.kind)


def encode_json(value: Any) -> str:
    """Whatever stands in a column of JSON, dataclasses too; the standard library takes eight times as long."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:  # half of a surrogate pair, which people's files have in their names, needs an escape
        return json.dumps(msgspec.to_builtins(value))


def decode_json(text: str | bytes) -> Any:
    """The inverse of `encode_json`, of dataclasses their fields."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


class Base(DeclarativeBase):
    """The declarative base; names of constraints are fixed so that migrations are the same on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        # Stored as text, so that a new member needs no migration.
        StrEnum: Enum(
            StrEnum, native_enum=False, length=16, values_callable=lambda members: [member.value for member in members]
        ),
    }


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid_utils.compat.uuid7()


def made_at(identifier: UUID) -> datetime:
    """The moment that a UUIDv7 carries in its first 48 bits, milliseconds since the epoch (RFC 9562, 5.7)."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)


def utc_now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Identified:
    """A row with a UUIDv7 (RFC 9562) of its own: ids sort by the moment they were made."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Owned(Identified):
    """A row that belongs to an account."""

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
