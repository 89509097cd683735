"""A diary entry as a page for reading: every statement with the moment at which it was spoken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from diarist.cli.clock import clock, moment
from diarist.cli.tables import print_rows
from diarist.cli.terminal import results, safe
from diarist.diary.document import due_words
from diarist.domain.diary import Citation, Entry, Mention, Mood, Provenance

_SCALE = 21
"""Characters of the scale of moods; odd, so that it has a middle."""

_EDITED = "  (edited)"


def print_entry(entry: Entry, filename: str, spoken_at: datetime, duration: float | None) -> None:
    """Print the page to stdout; `duration`: seconds of the recording, if known."""
    console = results()
    length = "" if duration is None else f" · {clock(duration)}"
    console.print(Text(safe(entry.title), style="bold"))
    console.print(Text(f"{safe(filename)} · {moment(spoken_at)}{length}", style="dim"))
    if entry.sentences:
        console.print()
        print_rows(
            (_times(sentence.citations), sentence.text + (_EDITED if sentence.edited else "")) for sentence in entry.sentences
        )
    if entry.action_items:
        console.print(Text("\nTo do", style="bold"))
        print_rows(
            ((_times(item.citations), item.text + due_words(item, "  ")) for item in entry.action_items),
        )
    if entry.quotes:
        console.print(Text("\nIn your words", style="bold"))
        print_rows((_times([quote]), f"\u201c{quote.quote}\u201d") for quote in entry.quotes)
    facts = [
        ("People", _mentions(entry.people)),
        ("Places", _mentions(entry.places)),
        ("Topics", _mentions(entry.topics)),
        ("Mood", _mood(entry.mood)),
    ]
    if any(value for _, value in facts):
        console.print()
        print_rows(((label, value) for label, value in facts if value))
    console.print()
    for note in entry.notes:
        console.print(Text(safe(note), style="yellow"))
    console.print(Text(f"composed by: {safe(entry.composed_by)}", style="dim"))
    if entry.provenance is not None:
        console.print(Text(safe(provenance_of(entry.provenance)), style="dim"))
        for dropped in entry.provenance.sentences_dropped:
            console.print(Text(safe(f"  dropped, {dropped.reason}: {dropped.text}"), style="dim"))


def provenance_of(told: Provenance) -> str:
    """How a language model took part, in one line."""
    dropped = sum(told.claims_dropped.values())
    parts = [f"template {told.template}", f"{told.calls} answers for ${told.cost_usd:f}"]
    parts.append(f"{told.claims_found} claims, {dropped} of them dropped")
    parts.append(f"{told.sentences_written} sentences, {len(told.sentences_dropped)} of them dropped")
    return ", ".join(parts)


def _times(citations: Sequence[Citation]) -> str:
    """Where a statement was spoken, as one word for each citation."""
    return " ".join(f"[{clock(citation.start)}]" for citation in citations)


def _mentions(mentions: Sequence[Mention]) -> Text:
    return Text(", ").join(Text.assemble(safe(one.name), (f" {_times(one.citations)}", "dim")) for one in mentions)


def _mood(mood: Mood | None) -> Text | None:
    """The label, where it lies between unpleasant and pleasant, and what made it so."""
    if mood is None:
        return None
    place = round((mood.valence + 1) / 2 * (_SCALE - 1))
    scale = "".join("●" if at == place else "┼" if at == _SCALE // 2 else "─" for at in range(_SCALE))
    return Text.assemble(safe(mood.label), (f"  - {scale} +  {mood.valence:+.2f} {_times(mood.citations)}", "dim"))
