"""What was chosen is remembered for one model with one setting, and a spoilt memory is no memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from diarist.engine.choice import Choice, Choices

CHOICE = Choice(engine="whisper-openvino", reason="it is faster", seconds={"whisper-openvino": 0.1, "faster-whisper": 0.3})


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.bin").write_bytes(bytes(range(256)) * 4096)
    return folder


def choices(model: Path, compute_type: str = "int8", threads: int = 2) -> Choices:
    return Choices(model.parent / "cache", str(model), compute_type, threads)


def test_it_is_remembered(model: Path) -> None:
    assert choices(model).recall() is None
    choices(model).remember(CHOICE)
    assert choices(model).recall() == CHOICE


def test_each_model_and_setting_has_its_own(model: Path) -> None:
    choices(model).remember(CHOICE)
    assert choices(model, compute_type="float32").recall() is None
    assert choices(model, threads=1).recall() is None
    (model / "model.bin").write_bytes(bytes(reversed(range(256))) * 4096)
    assert choices(model).recall() is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"engine": "x"}', '{"engine": 1, "reason": "", "seconds": []}', "\0"]
)
def test_what_cannot_be_read_is_measured_anew(model: Path, content: str) -> None:
    choices(model).remember(CHOICE)
    [file] = (model.parent / "cache").rglob("*.json")
    file.write_text(content)
    assert choices(model).recall() is None
    choices(model).remember(CHOICE)
    assert choices(model).recall() == CHOICE


def test_a_cache_that_cannot_be_written_is_no_error(model: Path) -> None:
    (model.parent / "cache").write_text("in the way")
    choices(model).remember(CHOICE)
    assert choices(model).recall() is None


def test_what_cannot_be_written_leaves_nothing_behind(model: Path) -> None:
    choices(model).remember(CHOICE)
    [file] = (model.parent / "cache").rglob("*.json")
    file.unlink()
    (file / "in the way").mkdir(parents=True)
    choices(model).remember(CHOICE)
    assert choices(model).recall() is None
    assert list(file.parent.iterdir()) == [file]


def test_a_model_without_weights_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"model\.bin"):
        Choices(tmp_path, str(tmp_path), "int8", 2)
