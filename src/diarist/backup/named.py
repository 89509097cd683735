"""The blobs that rows name: what has to be there when a database is restored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, literal, null, select, union_all

from diarist.database.session import Database
from diarist.recordings.models import RecordingRow
from diarist.recordings.uploads.models import UploadPieceRow, UploadRow, UploadState
from diarist.transcription.models import ChunkRow


class BlobKind(StrEnum):
    """Whose bytes they are."""

    WHOLE_UPLOAD = "whole upload"
    """Acknowledged, and about to become a recording: copied first, for it is there for moments only."""
    RECORDING = "recording"
    CHUNK = "chunk"
    UPLOAD = "upload"
    """Pieces of one that is still under way."""


ORDER = list(BlobKind)
"""In which they are copied."""


@dataclass(frozen=True, slots=True)
class Named:
    """A blob, by the row that names it."""

    key: str
    kind: BlobKind
    owner: UUID
    """The recording or upload that it belongs to."""
    sha256: str | None
    """What its bytes must be, where that is known."""


def names() -> Any:
    """Asks for all of them, as rows that `named` takes.

    Left out: originals that an archived copy has replaced, which wait for their deletion, and objects put to presigned URLs,
    which are acknowledged only once they are recordings.
    """
    recordings = select(
        literal(BlobKind.RECORDING.value).label("kind"), RecordingRow.id.label("owner"), RecordingRow.blob_key.label("key"),
        case((RecordingRow.archived_format.is_(None), RecordingRow.sha256), else_=null()).label("sha256"),
    )  # fmt: skip
    chunks = _of(literal(BlobKind.CHUNK.value), ChunkRow.recording_id, ChunkRow.blob_key)
    whole = case((UploadRow.state == UploadState.WHOLE, BlobKind.WHOLE_UPLOAD.value), else_=BlobKind.UPLOAD.value)
    pieces = _of(whole, UploadPieceRow.upload_id, UploadPieceRow.blob_key).join(
        UploadRow, UploadRow.id == UploadPieceRow.upload_id
    )
    return union_all(recordings, chunks, pieces)


def named(rows: Iterable[Any]) -> dict[str, Named]:
    """By key: several rows may name one blob."""
    return {row.key: Named(row.key, BlobKind(row.kind), row.owner, row.sha256) for row in rows}


async def named_now(database: Database) -> dict[str, Named]:
    """All that rows name at this moment."""
    async with database.read() as session:
        return named(await session.execute(names()))


def _of(kind: Any, owner: Any, key: Any) -> Select[Any]:
    return select(kind.label("kind"), owner.label("owner"), key.label("key"), null().label("sha256"))
