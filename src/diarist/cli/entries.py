"""`diarist entry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diarist.cli.options import AsJson, Id

if TYPE_CHECKING:
    from diarist.diary.models import EntryRow
    from diarist.recordings.models import RecordingRow


def entry(ident: Id, *, as_json: AsJson = False) -> None:
    """Print the diary entry, each sentence with the time of its proof."""
    from diarist.cli.entry_page import print_entry
    from diarist.cli.finding import find
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.shapes import entry_to_json
    from diarist.cli.terminal import print_json
    from diarist.diary.repository import entry_from_row, latest_entry
    from diarist.errors import NotFound
    from diarist.jobs.repository import get_job
    from diarist.recordings.repository import get_recording

    async def read() -> tuple[RecordingRow, EntryRow]:
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
                return await get_recording(session, here.account_id, found.recording_id), row

    recording, row = run(read())
    if as_json:
        print_json({"entry": entry_to_json(row)})
    else:
        print_entry(entry_from_row(row), recording)
