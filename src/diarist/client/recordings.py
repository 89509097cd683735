"""What can be done with recordings, but for giving them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from diarist.client.paging import PAGE, all_of, page_of
from diarist.client.routes import (
    DELETE_RECORDING,
    GET_AUDIO,
    GET_RECORDING,
    GIVE_UP_UPLOAD,
    IMPORT_RECORDING,
    LIST_RECORDINGS,
    SAY_WHEN_RECORDED,
    Route,
    ask,
)
from diarist.client.schemas.pages import Page
from diarist.client.schemas.recordings import Added, Recording
from diarist.client.steps import Answer, Flow, Give, Items, open_stream, read_on, send
from diarist.domain.hints import hints
from diarist.domain.job import JobPriority

_ACCEPTED = 202


def add_from_url(
    url: str,
    *,
    filename: str | None = None,
    priority: JobPriority | str = JobPriority.NORMAL,
    language: str | None = None,
    languages: Iterable[str] = (),
    vocabulary: Iterable[str] = (),
) -> Flow[Added]:
    """Have the server fetch a recording from a public https address; answers when all of it has arrived there."""
    known = hints(language, languages, vocabulary)
    wanted = {
        "url": url, "filename": filename, "priority": JobPriority(priority).value, "language": known.language,
        "languages": known.languages, "vocabulary": known.vocabulary,
    }  # fmt: skip
    answer = yield from send(IMPORT_RECORDING.request(json=wanted))
    return added(IMPORT_RECORDING, answer)


def added(route: Route[Recording], answer: Answer) -> Added:
    """What an answer to a recording that was given tells."""
    recording = route.read(answer)
    return Added(recording_id=recording.id, job_id=recording.job.id, created=answer.status == _ACCEPTED)


def get(recording_id: UUID | str) -> Flow[Recording]:
    """One recording; raises `NotFound`."""
    return ask(GET_RECORDING, recording_id=recording_id)


def list_all(*, page_size: int = PAGE) -> Items:
    """All recordings, the newest first."""
    return all_of(LIST_RECORDINGS, page_size)


def page(cursor: str | None = None, *, limit: int = PAGE) -> Flow[Page[Recording]]:
    """One page of the recordings, the newest first."""
    return page_of(LIST_RECORDINGS, cursor, limit)


def say_when_recorded(recording_id: UUID | str, moment: datetime | None) -> Flow[Recording]:
    """Say when it was made, with an offset from UTC; None for when it came."""
    return ask(SAY_WHEN_RECORDED, json={"recorded_at": moment}, recording_id=recording_id)


def audio(recording_id: UUID | str) -> Items:
    """The audio as it was given, in pieces of bytes."""
    GET_AUDIO.read((yield from open_stream(GET_AUDIO.request({"recording_id": recording_id}))))
    while piece := (yield from read_on()):
        yield Give(piece)


def delete(recording_id: UUID | str) -> Flow[None]:
    """Delete it, its audio, its transcripts and its entries; work on it stops."""
    return ask(DELETE_RECORDING, recording_id=recording_id)


def give_up_upload(upload_id: UUID | str) -> Flow[None]:
    """Delete what has arrived of an upload that was interrupted."""
    return ask(GIVE_UP_UPLOAD, upload_id=upload_id)
