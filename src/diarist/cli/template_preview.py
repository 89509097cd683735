"""What a template makes of a recording, before it is added: written as an entry is, printed, and not stored."""

from __future__ import annotations

from diarist.accounts.llm_terms import asker
from diarist.accounts.service import get_account
from diarist.cli.entry_page import print_entry
from diarist.cli.finding import find
from diarist.cli.interruption import run
from diarist.cli.opening import opened, settings_in_force
from diarist.cli.terminal import print_json
from diarist.diary.due_dates import dated
from diarist.diary.repository import content_of
from diarist.diary.tasks import written_entry
from diarist.diary.written.style import Style
from diarist.domain.diary import Entry
from diarist.errors import Conflict
from diarist.recordings.models import RecordingRow
from diarist.recordings.repository import get_recording
from diarist.transcription.service import read_transcript


def print_preview(style: Style, typed: str, *, as_json: bool) -> None:
    """Have the entry of a recording written by a template, and print it; raises `Conflict` where no model may be asked."""
    settings = settings_in_force()

    async def write() -> tuple[Entry, RecordingRow]:
        async with opened(settings) as here:
            runtime, owner = here.runtime, here.account_id
            if not runtime.router.configured:
                raise Conflict(
                    "no language model may be asked, and without one a template changes nothing",
                    advice="`diarist llm status` tells what is missing. Without `--on` it is shown what a model would be told.",
                )
            recording_id = (await find(here, typed)).recording_id
            transcript = await read_transcript(runtime, owner, recording_id)
            async with runtime.database.read() as session:
                recording = await get_recording(session, owner, recording_id)
                day = (await get_account(session, owner)).days.day_of(recording.spoken_at)
                asking = await asker(session, owner, settings)
            return dated(await written_entry(runtime, transcript, asking, style), day), recording

    entry, recording = run(write())
    if as_json:
        print_json({"entry": content_of(entry)})
    else:
        print_entry(entry, recording.filename, recording.spoken_at, recording.best_duration)
