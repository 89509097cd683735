"""`diarist day`, `days` and `date`: the diary by days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from diarist.cli.files import AsDocument, DocumentFormat, Output, chosen_format, put
from diarist.cli.options import AsJson, Id, Limit

if TYPE_CHECKING:
    from datetime import date, datetime

    from diarist.cli.opening import Here
    from diarist.diary.days.page import Page
    from diarist.diary.days.service import Summary
    from diarist.domain.days import Days
    from diarist.recordings.models import RecordingRow


Which = Annotated[
    str, typer.Argument(metavar="DAY", help="`today`, `yesterday`, `last` for the newest with a recording, or YYYY-MM-DD.")
]
When = Annotated[
    str, typer.Argument(metavar="WHEN", help="Such as '2026-11-03 19:20'; `arrival` for when it came; `+01:00` may follow.")
]


def day(which: Which = "today", *, form: AsDocument = None, output: Output = None, as_json: AsJson = False) -> None:
    """Print a day of the diary: its entries in order, what is to do, who was spoken of.

    What was said after midnight belongs to the evening before; `diarist account days` tells until when, and in which time zone.
    """
    from diarist.cli.day_page import print_day
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.terminal import messages, print_json
    from diarist.diary.days.document import day_document
    from diarist.diary.days.schemas import page_to_wire
    from diarist.diary.days.service import list_days, read_day
    from diarist.transcription.documents import make_document

    chosen = chosen_format(form, output, DocumentFormat)

    async def read() -> tuple[Page, list[Summary], bytes]:
        async with opened(settings_in_force()) as here:
            page = await read_day(here.runtime, here.account_id, await _meant(here, which))
            newest = [] if page.parts else await list_days(here.runtime, here.account_id, 1)
            if chosen is None:
                return page, newest, b""
            document = day_document(page, here.runtime.settings.http.public_url)
            return page, newest, await make_document(here.runtime.typesetter, document, chosen)

    page, newest, content = run(read())
    if chosen:
        put(content, output)
    elif as_json:
        print_json({"day": page_to_wire(page).model_dump(mode="json")})
    elif page.parts:
        print_day(page)
    else:
        other = f" `diarist day {newest[0].date}` shows the newest day with a recording." if newest else ""
        messages().print(f"Nothing was recorded on {page.title}.{other}")


def days(*, limit: Limit = 20, as_json: AsJson = False) -> None:
    """List the newest days on which something was recorded."""
    from diarist.cli.clock import clock
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.tables import print_table
    from diarist.cli.terminal import print_json
    from diarist.diary.days.schemas import summary_to_wire
    from diarist.diary.days.service import list_days

    async def read() -> list[Summary]:
        async with opened(settings_in_force()) as here:
            return await list_days(here.runtime, here.account_id, limit)

    found = run(read())
    if as_json:
        print_json({"days": [summary_to_wire(one).model_dump(mode="json") for one in found]})
        return
    rows = [
        (f"{one.date}", f"{one.date:%a}", str(len(one.recording_ids)), clock(one.duration), " · ".join(one.titles))
        for one in found
    ]
    print_table(("day", "", "recordings", "length", "entries"), rows, empty="No recordings yet. `diarist add FILE` takes one in.")


def recorded(ident: Id, when: When, *, as_json: AsJson = False) -> None:
    """Say when a recording was made; it goes to that day, and its due dates are counted from there."""
    from diarist.cli.finding import find, short
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.cli.shapes import recording_to_json
    from diarist.cli.terminal import messages, print_json, safe
    from diarist.diary.recording_service import change_recording
    from diarist.jobs.models import JobRow

    async def write() -> tuple[RecordingRow, JobRow, Days]:
        async with opened(settings_in_force()) as here:
            owner, found = here.account_id, await find(here, ident)
            counted = await _days(here)
            row, job = await change_recording(here.runtime, owner, found.recording_id, {"recorded_at": _moment(when, counted)})
            return row, job, counted

    row, job, counted = run(write())
    if as_json:
        print_json({"recording": recording_to_json(row, job)})
        return
    local, belongs = row.spoken_at.astimezone(counted.zone), counted.day_of(row.spoken_at)
    messages().print(
        f"{safe(row.filename)} ({short(row.id)}) was recorded at {local:%Y-%m-%d %H:%M}; it stands on `diarist day {belongs}`."
    )


async def _meant(here: Here, which: str) -> date:
    """The day that was typed; raises `InvalidInput`."""
    from datetime import UTC, date, datetime, timedelta

    from diarist.diary.days.service import list_days
    from diarist.errors import InvalidInput

    today = (await _days(here)).day_of(datetime.now(UTC))
    match which:
        case "today":
            return today
        case "yesterday":
            return today - timedelta(1)
        case "last":
            newest = await list_days(here.runtime, here.account_id, 1)
            return newest[0].date if newest else today
    try:
        return date.fromisoformat(which)
    except ValueError:
        raise InvalidInput(
            f"{which!r} names no day", advice="Say `today`, `yesterday`, `last`, or a date such as 2026-11-03."
        ) from None


async def _days(here: Here) -> Days:
    from diarist.accounts.service import get_account

    async with here.runtime.database.read() as session:
        return (await get_account(session, here.account_id)).days


def _moment(when: str, days: Days) -> datetime | None:
    """In the zone of the days, unless an offset says otherwise; raises `InvalidInput`."""
    from datetime import UTC, datetime

    from diarist.errors import InvalidInput

    if when == "arrival":
        return None
    try:
        moment = datetime.fromisoformat(when)
        return (moment if moment.tzinfo else moment.replace(tzinfo=days.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInput(f"{when!r} is no moment", advice="Write it as 2026-11-03 19:20, or say `arrival`.") from None
