"""What every table has in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils.compat
from sqlalchemy import JSON, ColumnElement, DateTime, Enum, ForeignKey, MetaData, Text, TypeDecorator, cast, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import UserDefinedType


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


class JsonOf(UserDefinedType[Any]):
    """Dataclasses, stored as JSON by the names of their fields; fields that are not there take their defaults.

    By the way of dictionaries, as the type `JSON` goes, an hour of speech takes ten times as long.
    """

    cache_ok = True

    def __init__(self, kind: Any) -> None:
        """`kind`: what comes out, such as `tuple[Word, ...]`."""
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        """The type as each database calls it."""
        return "JSON"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:  # noqa: ARG002 - given by SQLAlchemy
        """From a value to text."""
        return lambda value: None if value is None else msgspec.json.encode(value).decode()

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """As text, which psycopg leaves alone."""
        return type_coerce(cast(column, Text), self)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002 - given by SQLAlchemy
        """From text to a value."""
        decode = msgspec.json.Decoder(self.kind).decode
        return lambda text: None if text is None else decode(text)


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


def first_id(moment: datetime) -> UUID:
    """The least UUIDv7 that can have been made then: ids find rows by the moment they were made, without an index of it."""
    return UUID(int=(round(moment.timestamp() * 1000) << 80))


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
