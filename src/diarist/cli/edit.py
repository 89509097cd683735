"""`diarist edit`: an entry in its owner's words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from diarist.cli.options import AsJson, Id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from diarist.diary.models import EntryRow
    from diarist.settings import Settings

Numbers = Annotated[
    list[int] | None,
    typer.Option("--sentence", "-s", min=1, help="Which sentence, from 1; may be given again, each with a text."),
]
Texts = Annotated[list[str] | None, typer.Option("--text", "-t", help="Its new words; `-` reads them from standard input.")]


def edit(ident: Id, *, sentence: Numbers = None, text: Texts = None, as_json: AsJson = False) -> None:
    """Word sentences of an entry yourself: in $EDITOR, by options, or by the same sheet on standard input.

    It becomes a new version. A sentence of yours is marked, and stays when the entry is composed anew.
    """
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.shapes import entry_to_json
    from diarist.cli.terminal import messages, print_json
    from diarist.cli.text_editor import forget_stored

    settings = settings_in_force()
    row = run(_read(ident))
    if sentence or text:
        stored = _store(row, _paired(row, sentence or [], text or []))
    elif sys.stdin.isatty():
        stored = _edited(row, _sheet_file(settings, row))
    else:
        given = sys.stdin.read()
        stored = _from_sheet(row, given)
        forget_stored(_sheet_file(settings, row), given)
    if as_json:
        print_json({"entry": entry_to_json(stored)})
    elif stored.version == row.version:
        messages().print("Nothing was changed.")
    else:
        own = sum(one["edited"] for one in stored.content["sentences"])
        messages().print(
            f"Stored as version {stored.version}. {own} sentence{'' if own == 1 else 's'} in your own words "
            f"stay{'s' if own == 1 else ''} when it is composed anew."
        )


async def _read(ident: str) -> EntryRow:
    from diarist.cli.finding import find
    from diarist.cli.opening import opened, settings_in_force
    from diarist.diary.repository import latest_entry
    from diarist.errors import NotFound

    async with opened(settings_in_force()) as here:
        found = await find(here, ident)
        async with here.runtime.database.read() as session:
            row = await latest_entry(session, here.account_id, found.recording_id)
    if row is None:
        raise NotFound("this recording has no entry yet", advice="`diarist show` tells how far it is and, if it failed, why.")
    return row


def _paired(row: EntryRow, numbers: Sequence[int], texts: Sequence[str]) -> dict[int, str]:
    """The new words by place, as far as they are new; raises `InvalidInput`."""
    from diarist.errors import InvalidInput

    if len(numbers) != len(texts) or len({*numbers}) != len(numbers):
        raise InvalidInput(
            "each sentence needs one text, and each text one sentence", advice="Write `--sentence 2 --text 'New words.'`."
        )
    if texts.count("-") > 1:
        raise InvalidInput("standard input can be read once", advice="Give the other texts as they are.")
    known = [one["text"] for one in row.content["sentences"]]
    if strange := [number for number in numbers if number > len(known)]:
        raise InvalidInput(f"the entry has no sentence {strange[0]}", advice=f"It has {len(known)}, counted from 1.")
    given = {number - 1: sys.stdin.read() if words == "-" else words for number, words in zip(numbers, texts, strict=True)}
    return {place: words for place, words in given.items() if " ".join(words.split()) != known[place]}


def _sheet_file(settings: Settings, row: EntryRow) -> Path:
    """Where a sheet is kept until it is stored."""
    from diarist.cli.finding import short

    return settings.data_dir / "edits" / f"{short(row.recording_id)}-{row.version}.txt"


def _edited(row: EntryRow, file: Path) -> EntryRow:
    """By way of the owner's editor; what cannot be stored is kept, and an empty sheet changes nothing."""
    from shlex import quote

    from diarist.cli.edit_sheet import sheet
    from diarist.cli.finding import short
    from diarist.cli.terminal import messages
    from diarist.cli.text_editor import edit_in_place, write_sheet
    from diarist.diary.repository import entry_from_row
    from diarist.errors import DiaristError

    given = sheet(entry_from_row(row), row.id, row.version)
    write_sheet(file, given)
    try:
        written = edit_in_place(file)
        stored = _from_sheet(row, written) if written.strip() else row
    except DiaristError:
        if file.exists() and file.read_bytes() != given.encode():
            again = f"diarist edit {short(row.recording_id)} < {quote(str(file))}"
            messages().print(f"What you wrote is kept; `{again}` stores it once it is corrected.")
        else:
            file.unlink(missing_ok=True)
        raise
    file.unlink(missing_ok=True)
    return stored


def _from_sheet(row: EntryRow, text: str) -> EntryRow:
    from diarist.cli.edit_sheet import changes
    from diarist.diary.repository import entry_from_row

    return _store(row, changes(text, entry_from_row(row), row.id))


def _store(row: EntryRow, texts: Mapping[int, str]) -> EntryRow:
    """The next version; the same row when no word is another."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import opened, settings_in_force
    from diarist.diary.service import edit_entry

    async def write() -> EntryRow:
        async with opened(settings_in_force()) as here:
            return await edit_entry(here.runtime, here.account_id, row.id, texts)

    return run(write()) if texts else row
