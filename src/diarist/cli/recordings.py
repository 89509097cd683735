"""`diarist list`, `show` and `delete`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from diarist.cli.options import AsJson, Id, Limit

if TYPE_CHECKING:
    from diarist.cli.opening import Here
    from diarist.diary.models import EntryRow
    from diarist.jobs.models import JobRow
    from diarist.recordings.models import RecordingRow

    Listed = tuple[RecordingRow, JobRow, int | None, EntryRow | None]

AsWaterfall = Annotated[bool, typer.Option("--waterfall", help="Draw when each step waited and worked, and what it cost.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def list_recordings(*, limit: Limit = 20, as_json: AsJson = False) -> None:
    """List the newest recordings with their titles."""
    from diarist.cli.attendance import say_if_unattended
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.shapes import entry_to_json, recording_to_json
    from diarist.cli.terminal import print_json

    settings = settings_in_force()

    async def read() -> list[Listed]:
        async with opened(settings) as here:
            return await _newest(here, limit)

    found = run(read())
    if not as_json:
        _print_recordings(found)
        say_if_unattended(settings, [job for _, job, _, _ in found])
        return
    listed = [
        recording_to_json(recording, job) | {"trust": trust, "entry": entry_to_json(entry)}
        for recording, job, trust, entry in found
    ]
    print_json({"recordings": listed})


def show(ident: Id, *, waterfall: AsWaterfall = False, as_json: AsJson = False) -> None:
    """Show all that is known of one recording, or where its time went."""
    if waterfall:
        from diarist.cli.waterfall import show_waterfall

        show_waterfall(ident, as_json=as_json)
        return
    from diarist.cli.showing import show_recording

    show_recording(ident, as_json=as_json)


def delete(ident: Id, *, yes: Yes = False, as_json: AsJson = False) -> None:
    """Delete a recording with its transcripts and entries, for good."""
    from diarist.cli.finding import find
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import messages, print_json, safe
    from diarist.errors import InvalidInput
    from diarist.recordings.repository import get_recording
    from diarist.recordings.service import delete_recording

    settings = settings_in_force()

    async def look() -> RecordingRow:
        async with opened(settings) as here, here.runtime.database.read() as session:
            return await get_recording(session, here.account_id, (await find(here, ident)).recording_id)

    async def remove() -> None:
        async with opened(settings) as here:
            await delete_recording(here.runtime, here.account_id, recording.id)

    recording = run(look())
    if not yes:
        if as_json or not sys.stdin.isatty():
            raise InvalidInput("nobody can be asked whether to delete it", advice="Say --yes to delete without a question.")
        typer.confirm(f"Delete {safe(recording.filename)} and everything made of it?", abort=True, err=True)
    run(remove())
    if as_json:
        print_json({"deleted": str(recording.id)})
    else:
        messages().print(f"Deleted {safe(recording.filename)}.")


async def _newest(here: Here, limit: int) -> list[Listed]:
    from diarist.diary.repository import latest_entries
    from diarist.jobs.repository import latest_jobs
    from diarist.recordings import repository
    from diarist.transcription.repository import trust_scores

    async with here.runtime.database.read() as session:
        found = await repository.list_recordings(session, here.account_id, limit)
        ids = [recording.id for recording in found]
        jobs = await latest_jobs(session, here.account_id, ids)
        scores = await trust_scores(session, here.account_id, ids)
        entries = await latest_entries(session, here.account_id, ids)
    return [(recording, jobs[recording.id], scores.get(recording.id), entries.get(recording.id)) for recording in found]


def _print_recordings(found: list[Listed]) -> None:
    from diarist.cli.clock import clock, moment
    from diarist.cli.finding import short
    from diarist.cli.tables import print_table

    def row(recording: RecordingRow, job: JobRow, trust: int | None, entry: EntryRow | None) -> tuple[str, ...]:
        length = "" if recording.best_duration is None else clock(recording.best_duration)
        title = entry.title if entry else ""
        score = "" if trust is None else str(trust)
        return short(recording.id), moment(recording.created_at), length, job.state, score, recording.filename, title

    print_table(
        ("id", "added", "length", "state", "trust", "file", "title"),
        [row(*one) for one in found],
        empty="No recordings yet. `diarist add FILE` takes one in.",
    )
