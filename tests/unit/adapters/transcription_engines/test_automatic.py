"""`auto` is the engine that is fastest here; it is found once, and where it cannot be had, the other hears."""

from __future__ import annotations

from pathlib import Path

import pytest

from diarist.adapters.transcription_engines.automatic import ON_GPU, chosen, open_engine, preferred
from diarist.adapters.transcription_engines.whisper_openvino import OpenVINOWhisper
from diarist.engine.choice import Choice, Choices
from diarist.engine.models import resolve
from diarist.errors import DiaristError, EngineFailed, Misconfigured, ModelUnavailable
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


@pytest.mark.parametrize(
    ("error", "remembered"),
    [(ModelUnavailable("no memory"), False), (EngineFailed("no memory"), False), (Misconfigured("x"), True)],
)
def test_a_failure_that_may_pass_is_not_remembered(tmp_path: Path, error: DiaristError, *, remembered: bool) -> None:
    def load() -> OpenVINOWhisper:
        raise error

    assert preferred(choices(tmp_path), None, load) is None
    choice = choices(tmp_path).recall()
    assert (choice.engine if choice else None) == ("faster-whisper" if remembered else None)


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


@pytest.mark.slow
def test_a_choice_for_a_gpu_that_is_gone_is_made_anew(tmp_path: Path) -> None:
    choices(tmp_path).remember(ON_GPU)
    opened(tmp_path)
    choice = choices(tmp_path).recall()
    assert choice
    assert set(choice.seconds) == {"whisper-openvino", "faster-whisper"}
