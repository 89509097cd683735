"""Days over HTTP."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from diarist import __version__
from diarist.accounts.current import CurrentAccount, CurrentRuntime
from diarist.diary.days import service
from diarist.diary.days.document import day_document
from diarist.diary.days.schemas import Day, DaySummary, page_to_wire, summary_to_wire
from diarist.errors import ExportFailed, NotSupported
from diarist.http.content_disposition import content_disposition
from diarist.http.dates import IsoDate
from diarist.http.errors import NotAcceptable
from diarist.http.negotiation import choose
from diarist.http.openapi import problems
from diarist.http.pagination import DEFAULT_LIMIT, Limit, Page, cut
from diarist.http.ranges import client_has_it
from diarist.http.resources import TaggedRoute
from diarist.transcription.documents import make_document
from diarist.transcription.formats.form import MEDIA_TYPES, TranscriptFormat, content_type
from diarist.transcription.schemas import file_contents

router = APIRouter(prefix="/v1", tags=["days"], route_class=TaggedRoute)


class DayFormat(StrEnum):
    """What a day can be written as."""

    JSON = "json"
    MD = "md"
    DOCX = "docx"
    PDF = "pdf"


_TYPES = {MEDIA_TYPES[TranscriptFormat(form)]: TranscriptFormat(form) for form in DayFormat}


@router.get("/days", responses=problems())
async def list_days(
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[IsoDate | None, Query(description="`next_cursor` of the page before; left out for the first.")] = None,
) -> Page[DaySummary]:
    """The days on which something was recorded, newest first; they are counted in the account's time zone."""
    found, more = cut(await service.list_days(runtime, account_id, limit + 1, cursor), limit)
    return Page(items=[summary_to_wire(one) for one in found], next_cursor=found[-1].date.isoformat() if more else None)


@router.get(
    "/days/{day}",
    response_class=Response,
    responses={
        200: {
            "model": Day,
            "description": "All entries of the day in order, and what they hold, gathered.",
            "content": file_contents(_TYPES.values()),
        },
        304: {"description": "The client has it."},
        **problems(NotAcceptable, NotSupported, ExportFailed),
    },
)
async def get_day(
    day: Annotated[IsoDate, Path(description="`YYYY-MM-DD`, in the account's time zone.")],
    request: Request,
    runtime: CurrentRuntime,
    account_id: CurrentAccount,
    form: Annotated[DayFormat | None, Query(alias="format", description="Wins over `Accept`.")] = None,
) -> Response:
    """One day on one page: JSON, Markdown, a Word document or PDF. Where nothing was recorded, the page is empty."""
    chosen = TranscriptFormat(form) if form else _TYPES[choose(request.headers.get("accept"), list(_TYPES))]
    page = await service.read_day(runtime, account_id, day)
    content = page_to_wire(page).model_dump_json().encode()
    # Of what the page says and of the program that draws it, so that a document need not be made to see that it is known.
    known_by = hashlib.sha256(content + f"{chosen}{__version__}{runtime.settings.http.public_url}".encode()).hexdigest()[:32]
    headers = {"ETag": f'"{known_by}"', "Vary": "Accept", "Cache-Control": "private, no-cache"}
    if client_has_it(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if chosen is not TranscriptFormat.JSON:
        document = day_document(page, runtime.settings.http.public_url)
        content = await make_document(runtime.typesetter, document, chosen)
        shown = "attachment" if chosen.binary else "inline"
        headers["Content-Disposition"] = content_disposition(f"{day.isoformat()}.{chosen.value}", shown)
    return Response(content, headers={**headers, "Content-Type": content_type(chosen)})
