"""`auto` is the engine that is fastest here; it is found once, and where it cannot be had, the other hears."""

from __future__ import annotations

from pathlib import Path

import pytest

from diarist.adapters.transcription_engines.automatic import chosen, open_engine
from diarist.engine.choice import Choice, Choices
from diarist.engine.models import resolve
from diarist.ports.transcription_engine import EngineOptions


def choices(cache_dir: Path) -> Choices:
    return Choices(cache_dir, resolve("tiny.en", cache_dir).path, "auto", 1)


def opened(cache_dir: Path) -> str:
    engine = open_engine(EngineOptions(model="tiny.en", cache_dir=str(cache_dir), threads=1))
    engine.close()
    return engine.name


@pytest.mark.parametrize(
    ("ours", "others", "engine"), [(0.1, 0.3, "whisper-openvino"), (0.3, 0.1, "faster-whisper"), (0.29, 0.3, "faster-whisper")]
)
def test_the_faster_one_is_chosen_if_it_pays(ours: float, others: float, engine: str) -> None:
    choice = chosen({"whisper-openvino": ours, "faster-whisper": others})
    assert choice.engine == engine
    assert f"{ours:.3f} s in OpenVINO and {others:.3f} s in CTranslate2" in choice.reason


@pytest.mark.slow
def test_it_is_measured_once(tmp_path: Path) -> None:
    name = opened(tmp_path)
    choice = choices(tmp_path).recall()
    assert choice
    assert choice.engine == name
    assert set(choice.seconds) == {"whisper-openvino", "faster-whisper"}
    assert name == min(choice.seconds, key=lambda engine: choice.seconds[engine]) or choice.engine == "faster-whisper"
    assert opened(tmp_path) == name
    assert choices(tmp_path).recall() == choice


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["whisper-openvino", "faster-whisper"])
def test_what_was_chosen_before_is_kept_to(tmp_path: Path, engine: str) -> None:
    choices(tmp_path).remember(Choice(engine=engine, reason="chosen before"))
    assert opened(tmp_path) == engine
