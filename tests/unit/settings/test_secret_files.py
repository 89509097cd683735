"""Secrets come as files, each called like the variable that it stands for."""

from pathlib import Path

import pytest

from diarist.cli.checks.variables import variables
from diarist.errors import Misconfigured
from diarist.settings import load_settings


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIARIST_SECRETS_DIR", str(tmp_path))
    return tmp_path


def test_a_file_sets_what_its_name_says(folder: Path) -> None:
    (folder / "DIARIST_DATABASE__URL").write_text("postgresql://diarist:pass@postgres/diarist\n")
    (folder / "DIARIST_STORAGE__SECRET_ACCESS_KEY").write_text("quite secret")
    (folder / "postgres_password").write_text("not ours")
    settings = load_settings()
    assert settings.database.url == "postgresql://diarist:pass@postgres/diarist"
    assert settings.storage.secret_access_key.get_secret_value() == "quite secret"


def test_files_and_variables_of_one_group_come_together(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "DIARIST_DATABASE__URL").write_text("postgresql://postgres/diarist")
    monkeypatch.setenv("DIARIST_DATABASE__POOL_SIZE", "15")
    database = load_settings().database
    assert (database.url, database.pool_size) == ("postgresql://postgres/diarist", 15)


def test_the_environment_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "DIARIST_BROKER__URL").write_text("redis://file/0")
    monkeypatch.setenv("DIARIST_BROKER__URL", "redis://environment/0")
    assert load_settings().broker.url == "redis://environment/0"


def test_an_empty_file_sets_nothing(folder: Path) -> None:
    (folder / "DIARIST_LLM__PROVIDERS").write_text("\n")
    assert load_settings().llm.providers == []


def test_a_link_is_followed_as_kubernetes_makes_them(folder: Path) -> None:
    (folder / "..2026").mkdir()
    (folder / "..2026" / "DIARIST_BROKER__URL").write_text("redis://queue/0")
    (folder / "..data").symlink_to("..2026")
    (folder / "DIARIST_BROKER__URL").symlink_to("..data/DIARIST_BROKER__URL")
    assert load_settings().broker.url == "redis://queue/0"


def test_a_folder_that_is_not_there_is_told_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIARIST_SECRETS_DIR", str(folder / "nowhere"))
    with pytest.raises(Misconfigured, match="DIARIST_SECRETS_DIR"):
        load_settings()


def test_what_stands_in_an_unreadable_file_is_not_told(folder: Path) -> None:
    (folder / "DIARIST_BROKER__URL").write_bytes(b"redis://:p\xff\xffssword@queue/0")
    with pytest.raises(Misconfigured, match="not UTF-8") as refused:
        load_settings()
    assert "ssword" not in str(refused.value)


def test_a_bad_value_is_named_like_a_variable(folder: Path) -> None:
    (folder / "DIARIST_HTTP__PORT").write_text("eighty")
    with pytest.raises(Misconfigured, match="DIARIST_HTTP__PORT"):
        load_settings()


def test_doctor_notices_files_that_set_nothing(folder: Path) -> None:
    (folder / "DIARIST_DATABASE_URL").write_text("postgresql://postgres/diarist")
    assert "DIARIST_DATABASE_URL (did you mean DIARIST_DATABASE__URL?)" in variables(load_settings()).detail
