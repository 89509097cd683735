from pathlib import Path

import pytest
from pydantic import ValidationError

from diarist.errors import Misconfigured
from diarist.settings import QueueSettings, Settings, load_settings


def test_everything_has_a_default_that_stays_on_this_machine() -> None:
    settings = Settings()
    assert settings.http.host == "127.0.0.1"
    assert settings.database_url.startswith("sqlite")
    assert settings.storage_url.startswith("file://")


def test_nested_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIARIST_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DIARIST_ENGINE__MODEL", "tiny.en")
    settings = load_settings()
    assert (settings.data_dir, settings.engine.model, settings.engine.beam_size) == (tmp_path, "tiny.en", None)


def test_a_bad_value_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIARIST_HTTP__PORT", "eighty")
    with pytest.raises(Misconfigured, match="DIARIST_HTTP__PORT"):
        load_settings()


def test_a_lease_shorter_than_two_renewals_is_refused() -> None:
    with pytest.raises(ValidationError, match="healthy work"):
        Settings(queue=QueueSettings(lease=3.0, renew=2.0))


def test_paths_with_spaces_and_signs_survive_the_storage_url(tmp_path: Path) -> None:
    from diarist.storage.blobs import Blobs

    folder = tmp_path / "my diary #1 100%"
    Blobs.open(Settings(data_dir=folder).storage_url)
    assert (folder / "blobs").is_dir()
