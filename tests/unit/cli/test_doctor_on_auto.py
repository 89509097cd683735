"""What doctor says of the engine that `auto` stands for."""

from __future__ import annotations

from pathlib import Path

from diarist.cli.checks.check import Check, Status
from diarist.cli.checks.engine import engine
from diarist.engine.choice import Choice, Choices
from diarist.engine.models import resolve
from diarist.settings import EngineSettings, Settings


def choice_in(tmp_path: Path, name: str) -> Check | None:
    settings = Settings(cache_dir=tmp_path, engine=EngineSettings(name=name, model="tiny.en", threads=1))
    return next((check for check in engine(settings) if check.name == "choice"), None)


def test_both_measurements_are_shown(tmp_path: Path) -> None:
    choices = Choices(tmp_path, resolve("tiny.en", tmp_path).path, "auto", 1)
    reason = "a window's encoder takes 0.081 s in OpenVINO and 0.302 s in CTranslate2"
    choices.remember(Choice(engine="whisper-openvino", reason=reason))
    assert choice_in(tmp_path, "auto") == Check("choice", Status.OK, f"whisper-openvino: {reason}")


def test_before_anything_is_measured_it_says_when(tmp_path: Path) -> None:
    check = choice_in(tmp_path, "auto")
    assert check
    assert check.detail == "measured when the model is first loaded"
    assert not list(tmp_path.rglob("*.json")), "looking loads nothing"


def test_an_engine_that_was_named_is_no_choice(tmp_path: Path) -> None:
    assert choice_in(tmp_path, "faster-whisper") is None
