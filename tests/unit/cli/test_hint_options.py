from __future__ import annotations

from pathlib import Path

import pytest

from diarist.cli.hints import hints_from_options, in_words
from diarist.domain.hints import Hints
from diarist.errors import InvalidInput, UnreadableFile


def test_words_may_be_given_or_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("\ufeffAnna\nGrünwald, Saint-Exupéry\n", encoding="utf-8")
    assert hints_from_options("de", "de,en", "Anna,Grünwald") == Hints(
        language="de", languages=("de", "en"), vocabulary=("Anna", "Grünwald")
    )
    assert hints_from_options(None, None, str(file)).vocabulary == ("Anna", "Grünwald", "Saint-Exupéry")
    assert hints_from_options(None, None, "Grünwald").vocabulary == ("Grünwald",)


@pytest.mark.parametrize("name", ["Dr. Müller", "St.Gallen", "node.js", "Haus No. 5", "the file notes.txt", "J. R. R. Tolkien"])
def test_a_name_with_a_dot_is_no_file(name: str) -> None:
    assert hints_from_options(None, None, name).vocabulary == (name,)


def test_a_file_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    file = tmp_path / "Dr. Müller"
    file.write_text("Anna")
    assert hints_from_options(None, None, str(file)).vocabulary == ("Anna",)


def test_a_file_that_cannot_be_read_is_not_taken_for_a_word(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"missing\.txt cannot be read"):
        hints_from_options(None, None, str(tmp_path / "missing.txt"))
    binary = tmp_path / "names.bin"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile, match="UTF-8"):
        hints_from_options(None, None, str(binary))
    binary.write_bytes(b"a" * 100_000)
    with pytest.raises(UnreadableFile, match="bytes"):
        hints_from_options(None, None, str(binary))
    with pytest.raises(InvalidInput):
        hints_from_options("german", None, None)


def test_what_is_known_can_be_read() -> None:
    assert in_words(None) == "nothing is known beforehand"
    assert in_words(Hints(languages=("de", "en"), vocabulary=("Anna",))) == "de, en; vocabulary: Anna"
