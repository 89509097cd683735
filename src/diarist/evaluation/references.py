"""Finds recordings in a folder that have a reference beside them, and reads what was said in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from diarist.errors import InvalidInput, NotFound, UnreadableFile
from diarist.evaluation.scoring import SaidWord
from diarist.evaluation.timed_references import words_of_ctm, words_of_cues, words_of_json

ADVICE = "Put `NAME.txt` with the words that are said beside each recording; an empty one means that nothing is said."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A recording and what is said in it."""

    name: str
    """Path from the folder."""
    audio: Path
    said: tuple[SaidWord, ...]


def words_of_text(text: str) -> list[SaidWord]:
    """Plain words, without times."""
    return [SaidWord(text=word) for word in text.split()]


_READERS: Mapping[str, Callable[[str], list[SaidWord]]] = {
    ".json": words_of_json,
    ".ctm": words_of_ctm,
    ".vtt": words_of_cues,
    ".srt": words_of_cues,
    ".txt": words_of_text,
}
"""The first that is there is read: those with more times come first."""


def find_samples(folder: Path) -> list[Sample]:
    """All recordings under `folder` that have a reference of the same name, in order of their names.

    Raises `NotFound`, `InvalidInput` when there are none, and `UnreadableFile` for a reference that cannot be read.
    """
    if not folder.is_dir():
        raise NotFound(f"there is no folder {folder}", advice="Name a folder that holds recordings with references.")
    try:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        raise UnreadableFile(f"the folder {folder} cannot be read: {error.strerror}") from error
    recordings = [path for path in files if path.suffix.lower() not in _READERS]
    if not recordings:
        raise InvalidInput(f"there is no recording in {folder}", advice=ADVICE)
    known = {path: reference for path in recordings if (reference := _reference(path))}
    if not known:
        raise InvalidInput(f"no recording in {folder} has a reference beside it", advice=ADVICE)
    return [
        Sample(name=path.relative_to(folder).as_posix(), audio=path, said=tuple(read_reference(reference)))
        for path, reference in known.items()
    ]


def read_reference(path: Path) -> list[SaidWord]:
    """The words of a reference, by its suffix; raises `UnreadableFile`."""
    try:
        return _READERS[path.suffix.lower()](path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        advice = "Write it as UTF-8; docs/how-to/measure-accuracy.md shows each format."
        raise UnreadableFile(f"{path} is no reference in its format: {error}", advice=advice) from error


def _reference(recording: Path) -> Path | None:
    beside = (recording.with_suffix(suffix) for suffix in _READERS)
    return next((path for path in beside if path.is_file()), None)
