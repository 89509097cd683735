"""The options with which hints are given, and the file that a vocabulary may stand in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diarist.domain.hints import Hints, hints, listed
from diarist.errors import UnreadableFile

Language = Annotated[
    str | None, typer.Option("--language", metavar="CODE", help="The language of all that is said; left out, it is detected.")
]
Languages = Annotated[
    str | None, typer.Option("--languages", metavar="CODES", help="Those that may be detected, such as `de,en`.")
]
Vocabulary = Annotated[
    str | None,
    typer.Option("--vocabulary", metavar="WORDS", help="Names likely to be said, such as `Anna,Grünwald`, or a file of them."),
]
_MAX_BYTES = 64 * 1024
"""A larger file is no list of a hundred names."""


def hints_from_options(language: str | None, languages: str | None, vocabulary: str | None) -> Hints:
    """Checked; raises `InvalidInput`, and `UnreadableFile` for a file of words."""
    return hints(language, listed(languages), listed(_read(vocabulary)))


def in_words(given: Hints | None) -> str:
    """What is known, for people."""
    if not given:
        return "nothing is known beforehand"
    spoken = given.language or ", ".join(given.languages) or "any language"
    return f"{spoken}; vocabulary: {', '.join(given.vocabulary) or 'none'}"


def _read(vocabulary: str | None) -> str | None:
    """The words, or those in the file that is named; a name such as `Dr. Müller` is a file only where there is one."""
    if vocabulary is None or "," in vocabulary:
        return vocabulary
    path = Path(vocabulary).expanduser()
    try:
        if not path.is_file() and (path.suffix != ".txt" or " " in vocabulary):
            return vocabulary
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise UnreadableFile(f"{vocabulary} has more than {_MAX_BYTES:,} bytes", advice="Give a list of names, one a line.")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(
            f"{vocabulary} cannot be read: {error.strerror}", advice="Name a file with one name a line, or the names with commas."
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{vocabulary} is not UTF-8", advice="Save it as plain text in UTF-8.") from error
