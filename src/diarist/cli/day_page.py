"""A day as a page for reading: its entries as running text, each sentence with its moment, then what they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from diarist.cli.clock import clock
from diarist.cli.finding import short
from diarist.cli.tables import print_rows
from diarist.cli.terminal import print_block, results, safe
from diarist.diary.days.page import Mentioned, Page, Part
from diarist.diary.document import due_words
from diarist.domain.diary import Citation, Entry
from diarist.domain.job import UNFINISHED

_INDENT = 7
"""Columns of the clock before a title."""


def print_day(page: Page) -> None:
    """Print the page to stdout."""
    console = results()
    console.print(Text(page.title, style="bold"))
    console.print(Text(_facts(page), style="dim"))
    for part in page.parts:
        console.print()
        console.print(Text.assemble((f"{page.clock(part)}  ", "cyan"), (safe(part.name), "bold"), (_details(part), "dim")))
        for paragraph in _paragraphs(part):
            print_block(Padding(paragraph, (0, 0, 0, _INDENT)))
    if page.left_out:
        console.print(Text(f"\n{page.left_out} later recordings of this day are not shown.", style="yellow"))
    _print_section(
        "To do", ((item.text + due_words(item, "  "), _moments(page, part, item.citations)) for part, item in page.action_items)
    )
    _print_section(
        "In your words", ((f"\u201c{quote.quote}\u201d", _moments(page, part, [quote])) for part, quote in page.quotes)
    )
    facts = [("People", page.people), ("Places", page.places), ("Topics", page.topics)]
    if any(found for _, found in facts):
        console.print()
        print_rows((label, _mentions(page, found)) for label, found in facts if found)


def _facts(page: Page) -> str:
    count = len(page.parts) + page.left_out
    told = [f"{count} recording{'' if count == 1 else 's'}", clock(page.duration), page.days.zone.key]
    return " · ".join(told)


def _details(part: Part) -> str:
    """Length, mood and id, as far as they are known."""
    told = [clock(part.duration)] if part.duration is not None else []
    if part.entry and part.entry.mood:
        told.append(safe(part.entry.mood.label))
    return "  " + " · ".join([*told, short(part.recording_id)])


def _paragraphs(part: Part) -> Iterator[Text]:
    """What the entry tells, or why there is nothing to tell."""
    if part.entry is None:
        if part.job_state in UNFINISHED:
            yield Text("It is not written yet.", style="yellow")
        else:
            advice = f"It has no entry: its job is {part.job_state}. `diarist show {short(part.recording_id)}` tells why."
            yield Text(advice, style="yellow")
        return
    for note in part.entry.notes:
        yield Text(safe(note), style="yellow")
    if part.entry.sentences:
        yield _running(part.entry)


def _running(entry: Entry) -> Text:
    """The sentences one after the other; where the next word wraps, its moment stays with its sentence."""
    text = Text()
    for sentence in entry.sentences:
        moments = "".join(f"\N{NO-BREAK SPACE}[{clock(one.start)}]" for one in sentence.citations[:1])
        edited = "\N{NO-BREAK SPACE}(edited)" if sentence.edited else ""
        text.append_text(Text.assemble(" " if text else "", safe(sentence.text), (edited + moments, "dim")))
    return text


def _print_section(heading: str, rows: Iterable[tuple[str, Text]]) -> None:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    for text, moments in rows:
        table.add_row("\N{BULLET}", Text.assemble(safe(text), "  ", moments))
    if table.row_count:
        results().print(Text(f"\n{heading}", style="bold"))
        print_block(table)


def _moments(page: Page, part: Part, citations: Sequence[Citation]) -> Text:
    """At what time of the day, and where in the recording."""
    times = " ".join(f"[{clock(one.start)}]" for one in citations)
    return Text(f"{page.clock(part)} {times}".strip().replace(" ", "\N{NO-BREAK SPACE}"), style="dim")


def _mentions(page: Page, found: Sequence[Mentioned]) -> Text:
    named: list[Text] = []
    for one in found:
        places = "; ".join(_moments(page, part, citations).plain for part, citations in one.places)
        named.append(Text.assemble(safe(one.name), (f" {places}", "dim")))
    return Text(", ").join(named)
