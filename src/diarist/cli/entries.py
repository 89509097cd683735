"""`diarist entry` and `compose`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from diarist.cli.files import AsDocument, DocumentFormat, Output, chosen_format, put
from diarist.cli.options import AsJson, Id, NoWait
from diarist.cli.place import at_a_server

if TYPE_CHECKING:
    from diarist.diary.models import EntryRow
    from diarist.recordings.models import RecordingRow
    from diarist.transcription.formats.form import TranscriptFormat


def entry(ident: Id, *, form: AsDocument = None, output: Output = None, as_json: AsJson = False) -> None:
    """Print the diary entry, each sentence with the time of its proof."""
    chosen = chosen_format(form, output, DocumentFormat)
    if at_a_server():
        _print_from_a_server(ident, chosen, as_json=as_json)
        return
    from diarist.cli.entry_page import print_entry
    from diarist.cli.finding import find
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.shapes import entry_to_json
    from diarist.cli.terminal import print_json
    from diarist.diary.document import entry_document
    from diarist.diary.repository import entry_from_row, latest_entry
    from diarist.errors import NotFound
    from diarist.jobs.repository import get_job
    from diarist.recordings.repository import get_recording
    from diarist.transcription.documents import make_document
    from diarist.transcription.exports import origin_of

    async def read() -> tuple[RecordingRow, EntryRow, bytes]:
        async with opened(settings_in_force()) as here:
            found = await find(here, ident)
            async with here.runtime.database.read() as session:
                row = await latest_entry(session, here.account_id, found.recording_id)
                if row is None:
                    job = await get_job(session, here.account_id, found.job_id)
                    raise NotFound(
                        f"this recording has no entry yet; its job is {job.state}",
                        advice="`diarist show` tells how far it is and, if it failed, why.",
                    )
                recording = await get_recording(session, here.account_id, found.recording_id)
            if chosen is None:
                return recording, row, b""
            document = entry_document(entry_from_row(row), origin_of(recording, here.runtime.settings.http.public_url))
            return recording, row, await make_document(here.runtime.typesetter, document, chosen)

    recording, row, content = run(read())
    if chosen:
        put(content, output)
    elif as_json:
        print_json({"entry": entry_to_json(row)})
    else:
        print_entry(entry_from_row(row), recording.filename, recording.spoken_at, recording.best_duration)


def _print_from_a_server(ident: str, chosen: TranscriptFormat | None, *, as_json: bool) -> None:
    import msgspec

    from diarist.cli.entry_page import print_entry
    from diarist.cli.remote.reading import recording_and_entry
    from diarist.cli.terminal import print_json
    from diarist.errors import NotSupported

    if chosen:
        raise NotSupported(
            "a server makes no files of single entries",
            advice="`diarist transcript` writes files of transcripts, and the API of days; an entry can be had with --json.",
        )
    recording, found = recording_and_entry(ident)
    if as_json:
        print_json({"entry": msgspec.to_builtins(found)})
    else:
        print_entry(found, recording.filename, recording.spoken_at, recording.duration)


OneTemplate = Annotated[
    str | None, typer.Option("--template", "-t", help="By which template; `diarist template list` shows them. [default: diary]")
]


OneModel = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="PROVIDER/MODEL",
        help="By which model, or not at all; `diarist llm status` shows them. [default: the best]",
    ),
]


def compose(
    ident: Id, *, template: OneTemplate = None, model: OneModel = None, no_wait: NoWait = False, as_json: AsJson = False
) -> None:
    """Write the entry anew from the transcript, as a new version, and wait for it.

    Nothing is transcribed again; sentences that were edited stay.
    """
    from diarist.cli.carrying_on import compose_again

    raise typer.Exit(compose_again(ident, template=template, model=model, wait=not no_wait, as_json=as_json))
