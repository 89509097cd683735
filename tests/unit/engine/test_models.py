"""Models are found where they lie, and only fetched when they were asked for by name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from diarist.engine.models import list_models, pull, resolve
from diarist.errors import ModelUnavailable
from diarist.transcription.models import ChunkRow, TranscriptRow
from fake_hub import fake_hub

FILES = {"config.json": b"{}", "model.bin": b"weights" * 100_000, "tokenizer.json": b"[]", "README.md": b"not wanted"}

RESOLVE = """
import dataclasses, json, sys
from pathlib import Path
from diarist.engine.models import list_models, resolve
from diarist.errors import DiaristError

told = []
try:
    found = resolve(sys.argv[1], Path(sys.argv[2]), lambda *numbers: told.append(numbers))
except DiaristError as error:
    print(json.dumps({"code": error.code, "message": error.message, "advice": error.advice}))
else:
    listed = [model.name for model in list_models(Path(sys.argv[2])) if model.present and model.origin == "hub"]
    print(json.dumps({**dataclasses.asdict(found), "told": told, "listed": listed}))
"""


def in_another_process(model: str, cache_dir: Path, endpoint: str, **environment: str) -> dict[str, Any]:
    """The hub's library reads its address once, when it is imported."""
    command = [sys.executable, "-W", "error", "-c", RESOLVE, model, str(cache_dir)]
    environment = {**os.environ, "HF_ENDPOINT": endpoint, "HF_HUB_DISABLE_XET": "1", "HOME": str(cache_dir), **environment}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    value: dict[str, Any] = json.loads(done.stdout)
    return value


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "my model"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    return folder


def test_a_folder_is_taken_as_it_is(folder: Path, tmp_path: Path) -> None:
    found = resolve(str(folder), tmp_path)
    assert (found.name, found.path, found.origin) == ("my model", str(folder), "folder")


def test_a_long_name_of_a_folder_is_cut_so_that_it_fits_beside_a_transcript(folder: Path, tmp_path: Path) -> None:
    long = folder.rename(tmp_path / ("x" * 255))
    found = resolve(str(long), tmp_path)
    assert (found.name, found.path) == ("x" * 199 + "…", str(long))
    for table in (ChunkRow, TranscriptRow):
        assert len(found.name) == table.__table__.c.model.type.length  # type: ignore[attr-defined]


def test_a_relative_folder_is_found_and_named_absolutely(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve("./my model", tmp_path).path == str(folder)


@pytest.mark.parametrize("model", ["/nowhere", "./nowhere", "~/nowhere"])
def test_a_folder_without_a_model_is_refused(model: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="There is no model in") as caught:
        resolve(model, tmp_path)
    assert "model.bin" in caught.value.advice


def test_a_folder_does_not_hide_a_name(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.rename(tmp_path / "tiny.en")
    monkeypatch.chdir(tmp_path)
    assert resolve("tiny.en", tmp_path).origin == "package"


def test_auto_is_what_the_packages_carry(tmp_path: Path) -> None:
    found = resolve("auto", tmp_path)
    assert (found.name, found.path, found.origin) == ("base", str(tmp_path / "models" / "base"), "package")
    assert resolve("base", tmp_path) == pull("base", tmp_path) == found


def test_an_unknown_name_is_refused_with_a_guess(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"no model called 'smal'\. Did you mean small\?"):
        resolve("smal", tmp_path)


def test_the_list_tells_what_is_here_and_what_could_be(tmp_path: Path) -> None:
    listed = {model.name: model for model in list_models(tmp_path)}
    assert listed["base"].present
    assert listed["base"].languages == "many"
    assert 140e6 < (listed["base"].size or 0) < 150e6
    assert listed["tiny.en"].present
    assert listed["tiny.en"].languages == "English"
    assert not listed["small"].present
    assert list(tmp_path.iterdir()) == []


def test_a_model_comes_from_the_hub_once(tmp_path: Path) -> None:
    with fake_hub({"Systran/faster-whisper-small": FILES}) as endpoint:
        found = in_another_process("small", tmp_path, endpoint)
    path = Path(found["path"])
    assert found["origin"] == "hub"
    assert found["listed"] == ["small"]
    assert (path / "model.bin").read_bytes() == FILES["model.bin"]
    assert not (path / "README.md").exists()
    wanted = sum(len(data) for name, data in FILES.items() if name != "README.md")
    assert found["told"][-1] == [wanted, wanted]
    assert in_another_process("small", tmp_path, "http://127.0.0.1:9")["path"] == str(path)


def test_a_repository_may_be_named_in_full(tmp_path: Path) -> None:
    with fake_hub({"someone/whisper-own": FILES, "someone/text": {"config.json": b"{}"}}) as endpoint:
        found = in_another_process("someone/whisper-own", tmp_path, endpoint)
        assert (found["name"], found["listed"]) == ("someone/whisper-own", ["someone/whisper-own"])
        assert "holds no model" in in_another_process("someone/text", tmp_path, endpoint)["message"]
        assert "does not give someone/else" in in_another_process("someone/else", tmp_path, endpoint)["message"]


@pytest.mark.parametrize("environment", [{}, {"HF_HUB_OFFLINE": "1"}])
def test_without_a_network_it_says_what_helps(tmp_path: Path, environment: dict[str, str]) -> None:
    error = in_another_process("small", tmp_path, "http://127.0.0.1:9", **environment)
    assert error["code"] == "model_unavailable"
    assert "cannot be reached" in error["message"]
    assert "DIARIST_ENGINE__MODEL=auto needs no network" in error["advice"]
