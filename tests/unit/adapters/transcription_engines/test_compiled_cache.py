"""What is kept comes back whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from diarist.adapters.transcription_engines.compiled_cache import keep, load


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    keep(tmp_path / "deep" / "one.blob", b"compiled")
    assert load(tmp_path / "deep" / "one.blob") == b"compiled"
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["one.blob"]


def test_nothing_comes_back_of_nothing(tmp_path: Path) -> None:
    assert load(tmp_path / "one.blob") is None


@pytest.mark.parametrize("spoil", [lambda kept: kept[:-1], lambda kept: kept[:-1] + b"?", lambda kept: kept[:10], lambda _: b""])
def test_what_was_spoilt_does_not_come_back(tmp_path: Path, spoil: object) -> None:
    path = tmp_path / "one.blob"
    keep(path, b"compiled")
    assert callable(spoil)
    path.write_bytes(spoil(path.read_bytes()))
    assert load(path) is None


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    keep(tmp_path / "file" / "one.blob", b"compiled")
    assert load(tmp_path / "file" / "one.blob") is None
