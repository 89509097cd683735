"""The sheet on which an owner edits an entry: a numbered line for each sentence, and what the owner has made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from diarist.domain.clock import clock
from diarist.domain.diary import Entry, Sentence
from diarist.errors import Conflict, InvalidInput

_NUMBERED = re.compile(r"(\d{1,6})\.(?:\s+(.*)|\s*)")
_OF = re.compile(r"# entry ([0-9a-f-]{36}), version (\d+)")
_HOW = """\
# Change the words behind a number; keep the numbers. What you leave as it is stays as it is.
# Save and close to store it; close without a change to store nothing. A line that begins with a blank goes on with the
# sentence above it; lines that begin with # are left out.
"""


def sheet(entry: Entry, entry_id: UUID, version: int) -> str:
    """What is edited: under each sentence, as a comment, the words that prove it."""
    head = f"# {_one_line(entry.title)}\n# entry {entry_id}, version {version}\n{_HOW}"
    return head + "".join(f"\n{number}. {_one_line(one.text)}\n{_proof(one)}" for number, one in enumerate(entry.sentences, 1))


def changes(text: str, entry: Entry, entry_id: UUID) -> dict[int, str]:
    """The sentences that a sheet words otherwise than the entry, by their place from 0.

    Raises `InvalidInput` where it cannot be told which sentence is meant, and `Conflict` for a sheet of another version.
    """
    found: dict[int, str] = {}
    last = 0
    for at, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if line.startswith("#"):
            _check_version(line, entry_id)
            continue
        if not line.strip():
            continue
        if line[0].isspace() and last:
            found[last] = f"{found[last]} {line.strip()}".strip()
            continue
        numbered = _NUMBERED.fullmatch(line.rstrip())
        if numbered is None:
            raise InvalidInput(
                f"line {at} has no number, so it cannot be told which sentence it is",
                advice="Begin it with the number of a sentence, such as `3. `, or with a blank to go on with the one above.",
            )
        last = int(numbered[1])
        if last in found:
            raise InvalidInput(f"sentence {last} is there twice, the second time on line {at}", advice="Leave one of them.")
        found[last] = (numbered[2] or "").strip()
    _check_whole(found, len(entry.sentences))
    return {number - 1: words for number, words in found.items() if words != _one_line(entry.sentences[number - 1].text)}


def _check_version(line: str, entry_id: UUID) -> None:
    named = _OF.fullmatch(line.strip())
    if named and named[1] != str(entry_id):
        raise Conflict(
            f"this was made of version {named[2]}, and the entry has a newer one", advice="Edit it anew; take your words over."
        )


def _check_whole(found: dict[int, str], count: int) -> None:
    """Every sentence once and with words: a sheet that was cut off must not pass for one."""
    if strange := sorted(found.keys() - set(range(1, count + 1))):
        raise InvalidInput(
            f"the entry has no sentence {strange[0]}", advice=f"It has {count}; sentences cannot be added, only worded otherwise."
        )
    if missing := [number for number in range(1, count + 1) if number not in found]:
        raise InvalidInput(
            f"sentence {', '.join(map(str, missing))} is missing",
            advice="Put its number and its words back; sentences cannot be taken away, only worded otherwise.",
        )
    if empty := [number for number in sorted(found) if not found[number]]:
        raise InvalidInput(f"sentence {empty[0]} has no words left", advice="Give it some, or its old ones.")


def _proof(sentence: Sentence) -> str:
    return "".join(f"#  {line}\n" for line in _proof_lines(sentence))


def _proof_lines(sentence: Sentence) -> Iterator[str]:
    if sentence.edited:
        yield "in your own words"
    for citation in sentence.citations:
        if citation.quote != sentence.text:
            yield f"[{clock(citation.start)}] \u201c{_one_line(citation.quote)}\u201d"


def _one_line(text: str) -> str:
    return " ".join(text.split())
