"""What can be done with transcripts."""

from __future__ import annotations

from uuid import UUID

from diarist.client.files import file_of
from diarist.client.routes import EXPORT_TRANSCRIPT, GET_TRANSCRIPT, ask
from diarist.client.schemas.transcripts import File, Transcript
from diarist.client.steps import Flow


def get(recording_id: UUID | str) -> Flow[Transcript]:
    """The transcript, or what there is of it so far (`partial`); raises `NotFound` while there is nothing."""
    return ask(GET_TRANSCRIPT, query={"format": "json"}, recording_id=recording_id)


def export(
    recording_id: UUID | str, form: str, *, max_line_length: int | None = None, max_lines: int | None = None
) -> Flow[File]:
    """The transcript as a file: `txt`, `srt`, `vtt`, `md`, `docx`, `pdf` or `json`.

    `max_line_length` (columns) and `max_lines` are for subtitles.
    """
    wanted = {"format": form, "max_line_length": max_line_length, "max_lines": max_lines}
    return file_of(EXPORT_TRANSCRIPT, query=wanted, recording_id=recording_id)
