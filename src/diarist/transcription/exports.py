"""A recording's transcript as a file, for whoever asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from anyio import to_thread

from diarist.recordings.models import RecordingRow
from diarist.runtime import Runtime
from diarist.transcription.documents import make_document
from diarist.transcription.formats.document import Origin
from diarist.transcription.formats.form import USUAL, Layout, TranscriptFormat, content_type
from diarist.transcription.formats.reading import transcript_document
from diarist.transcription.formats.rendering import render
from diarist.transcription.service import read_with_recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file."""

    content: bytes
    filename: str
    """The recording's, with the ending of the format."""
    media_type: str
    partial: bool
    """Whether more is to come."""


async def export_transcript(
    runtime: Runtime, account_id: UUID, recording_id: UUID, form: TranscriptFormat, layout: Layout = USUAL
) -> Export:
    """The newest transcript, or what there is of it, as a file.

    Raises `NotFound` as `read_transcript` does; for documents `NotSupported` without the extra `export`, and `ExportFailed`.
    """
    recording, transcript = await read_with_recording(runtime, account_id, recording_id)
    origin = origin_of(recording, runtime.settings.http.public_url)
    if form.binary:
        content = await make_document(runtime.typesetter, transcript_document(transcript, origin), form)
    else:
        # In a thread: subtitles of a long recording take a second.
        content = await to_thread.run_sync(render, transcript, form, origin, layout)
    return Export(
        content=content,
        filename=f"{origin.title}.{form.value}",
        media_type=content_type(form),
        partial=transcript.partial,
    )


def origin_of(recording: RecordingRow, public_url: str) -> Origin:
    """What documents say of a recording; it can be played where the address of the server is known."""
    return origin_at(recording.id, recording.filename, recording.spoken_at, public_url)


def origin_at(recording_id: UUID, filename: str, spoken_at: datetime, public_url: str) -> Origin:
    """The same for whoever has only this of it."""
    base = public_url.rstrip("/")
    return Origin(
        recording_id=str(recording_id),
        title=PurePath(filename).stem,
        spoken_at=spoken_at,
        audio_url=f"{base}/v1/recordings/{recording_id}/audio" if base else None,
    )
