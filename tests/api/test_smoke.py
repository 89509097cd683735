"""What proves a deployed system passes on one that works, finds what does not, and leaves nothing behind."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import httpx
import pytest

from access_keys import bearing, new_key
from diarist import __version__
from diarist.domain.access import Permission
from diarist.settings import EngineSettings, HttpSettings, Settings
from served import served, worked_for

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "tuesday_evening.opus"
Smoke = Callable[..., tuple[int, dict[str, dict[str, Any]]]]
SCRIPT = "say=Okay, so it is Tuesday evening. Peter told me that he is moving to Denver in March."


@pytest.fixture(scope="module")
def system(lasting_settings: Settings) -> Iterator[tuple[str, Settings]]:
    """A server that wants keys, and whose engine says what it is told to."""
    settings = lasting_settings.model_copy(
        update={"http": HttpSettings(require_key=True), "engine": EngineSettings(name="scripted", model=SCRIPT)}
    )
    with worked_for(settings) as client:
        yield str(client.base_url), settings


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    """A recording with what the engine says beside it."""
    (tmp_path / "memo.opus").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "memo.txt").write_text(SCRIPT.removeprefix("say="))
    return tmp_path / "memo.opus"


@pytest.fixture
def smoke(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Smoke:
    """The script, in this process: its status, and what came of each check."""
    found = spec_from_file_location("smoke", ROOT / "scripts" / "smoke.py")
    assert found is not None
    assert found.loader is not None
    script = module_from_spec(found)
    monkeypatch.setitem(sys.modules, "smoke", script)
    found.loader.exec_module(script)

    def run(url: str, *arguments: str | Path, key: str = "") -> tuple[int, dict[str, dict[str, Any]]]:
        monkeypatch.setenv("DIARIST_API_KEY", key)
        capsys.readouterr()
        status = script.main([url, "--json", "--patience", "60", *map(str, arguments)])
        outcomes = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
        return status, {outcome["check"]: outcome for outcome in outcomes}

    return run


def key_of(settings: Settings, *scopes: str) -> str:
    return new_key(settings.database_url, *map(Permission, scopes))


def recordings(url: str, key: str) -> list[Any]:
    answer = httpx.get(f"{url}/v1/recordings", headers=bearing(key), trust_env=False)
    return [*answer.raise_for_status().json()["items"]]


def test_a_system_that_works_passes_and_is_left_as_it_was(system: tuple[str, Settings], spoken: Path, smoke: Smoke) -> None:
    url, settings = system
    key = key_of(settings, "read", "add", "edit")
    status, outcomes = smoke(url, "--recording", spoken, "--version", __version__, key=key)
    assert status == 0, outcomes
    assert list(outcomes) == [
        "ready", "version", "strangers", "upload", "works", "transcript", "entry", "audio", "deletion",
    ]  # fmt: skip
    assert all(outcome["ok"] for outcome in outcomes.values())
    assert not recordings(url, key)


def test_another_version_is_found(system: tuple[str, Settings], spoken: Path, smoke: Smoke) -> None:
    url, settings = system
    status, outcomes = smoke(url, "--recording", spoken, "--version", "9.9.9", key=key_of(settings, "read", "add", "edit"))
    assert status == 1
    assert "9.9.9" in outcomes["version"]["detail"]


def test_what_was_not_heard_is_found_and_the_recording_is_deleted_all_the_same(
    system: tuple[str, Settings], spoken: Path, smoke: Smoke
) -> None:
    url, settings = system
    key = key_of(settings, "read", "add", "edit")
    spoken.with_suffix(".txt").write_text("Something quite different was said, about ships and whales.")
    status, outcomes = smoke(url, "--recording", spoken, key=key)
    assert status == 1
    assert not outcomes["transcript"]["ok"]
    assert "entry" not in outcomes
    assert not recordings(url, key)


def test_a_key_that_may_not_add_is_found(system: tuple[str, Settings], spoken: Path, smoke: Smoke) -> None:
    url, settings = system
    status, outcomes = smoke(url, "--recording", spoken, key=key_of(settings, "read"))
    assert status == 1
    assert not outcomes["upload"]["ok"]


def test_a_system_that_lets_strangers_in_is_found(lasting_settings: Settings, spoken: Path, smoke: Smoke) -> None:
    with served(lasting_settings) as client:
        status, outcomes = smoke(str(client.base_url), "--recording", spoken, key="diarist_0123456789")
    assert status == 1
    assert "answered 200" in outcomes["strangers"]["detail"]


def test_nobody_there_is_found(spoken: Path, smoke: Smoke) -> None:
    status, outcomes = smoke("http://127.0.0.1:9", "--recording", spoken)
    assert status == 1
    assert list(outcomes) == ["ready"]
