"""`diarist list`, `show` and `delete`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from diarist.cli.options import AsJson, Id, Limit
from diarist.cli.place import at_a_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from diarist.cli.opening import Here
    from diarist.client import Entry, Recording
    from diarist.recordings.models import RecordingRow

    Listed = tuple[Recording, int | None, Entry | None]

AsWaterfall = Annotated[bool, typer.Option("--waterfall", help="Draw when each step waited and worked, and what it cost.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def list_recordings(*, limit: Limit = 20, as_json: AsJson = False) -> None:
    """List the newest recordings with their titles."""
    import msgspec

    from diarist.cli.terminal import print_json

    if at_a_server():
        from diarist.cli.remote.reading import newest_recordings

        # Lists of the API tell no trust scores.
        found: list[Listed] = [(recording, None, entry) for recording, entry in newest_recordings(limit)]
    else:
        found = _newest_here(limit)
    if as_json:
        listed = [
            msgspec.to_builtins(recording) | {"trust": trust, "entry": msgspec.to_builtins(entry)}
            for recording, trust, entry in found
        ]
        print_json({"recordings": listed})
        return
    _print_recordings(found)
    if not at_a_server():
        from diarist.cli.attendance import say_if_unattended
        from diarist.cli.opening import settings_in_force

        say_if_unattended(settings_in_force(), [recording.job for recording, _, _ in found])


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
    from diarist.cli.terminal import messages, print_json, safe
    from diarist.errors import InvalidInput

    def ask(filename: str) -> None:
        if yes:
            return
        if as_json or not sys.stdin.isatty():
            raise InvalidInput("nobody can be asked whether to delete it", advice="Say --yes to delete without a question.")
        typer.confirm(f"Delete {safe(filename)} and everything made of it?", abort=True, err=True)

    deleted: Recording | RecordingRow
    if at_a_server():
        from diarist.cli.remote.changing import delete_recording

        deleted = delete_recording(ident, ask)
    else:
        deleted = _delete_here(ident, ask)
    if as_json:
        print_json({"deleted": str(deleted.id)})
    else:
        messages().print(f"Deleted {safe(deleted.filename)}.")


def _delete_here(ident: str, ask: Callable[[str], None]) -> RecordingRow:
    from diarist.cli.finding import find
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
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
    ask(recording.filename)
    run(remove())
    return recording


def _newest_here(limit: int) -> list[Listed]:
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force

    async def read() -> list[Listed]:
        async with opened(settings_in_force()) as here:
            return await _newest(here, limit)

    return run(read())


async def _newest(here: Here, limit: int) -> list[Listed]:
    from diarist.cli.seen import entry_of, recording_of
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
    return [(recording_of(row, jobs[row.id]), scores.get(row.id), entry_of(entries.get(row.id))) for row in found]


def _print_recordings(found: list[Listed]) -> None:
    from diarist.cli.clock import clock, moment
    from diarist.cli.finding import short
    from diarist.cli.tables import print_table

    def row(recording: Recording, trust: int | None, entry: Entry | None) -> tuple[str, ...]:
        length = "" if recording.duration is None else clock(recording.duration)
        title = entry.title if entry else ""
        score = "" if trust is None else str(trust)
        return short(recording.id), moment(recording.created_at), length, recording.job.state, score, recording.filename, title

    print_table(
        ("id", "added", "length", "state", "trust", "file", "title"),
        [row(*one) for one in found],
        empty="No recordings yet. `diarist add FILE` takes one in.",
    )
