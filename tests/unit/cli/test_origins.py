"""`doctor` says where each setting comes from, notices mistakes in writing, and never shows a password."""

import pytest

from diarist.cli.origins import origins, unknown_variables
from diarist.settings import DatabaseSettings, Settings


@pytest.mark.parametrize(
    ("environment", "source"),
    [
        ({}, None),
        ({"DIARIST_ENGINE__MODEL": "small"}, "DIARIST_ENGINE__MODEL"),
        ({"diarist_engine__model": "small"}, "DIARIST_ENGINE__MODEL"),
        ({"DIARIST_ENGINE": '{"model": "small"}'}, "DIARIST_ENGINE"),
    ],
)
def test_each_setting_names_the_variable_that_sets_it(environment: dict[str, str], source: str | None) -> None:
    by_variable = {origin.variable: origin for origin in origins(Settings(), environment)}
    assert by_variable["DIARIST_ENGINE__MODEL"].source == source
    assert by_variable["DIARIST_HTTP__PORT"].source is None


def test_a_variable_that_sets_nothing_is_named_with_the_one_that_was_meant() -> None:
    environment = {"DIARIST_ENGIN__MODEL": "x", "DIARIST_HTTP__PORT": "1", "PATH": "/bin", "DIARIST_DATABASE": "{}"}
    assert unknown_variables(Settings(), environment) == {"DIARIST_ENGIN__MODEL": "DIARIST_ENGINE__MODEL"}


def test_a_password_is_not_shown() -> None:
    replica = "postgresql://host/x?user=anna&password=hunter2&sslmode=require"
    settings = Settings(database=DatabaseSettings(url="sqlite+aiosqlite://anna:hunter2@host/x.db", replica_url=replica))
    shown = {origin.variable: origin.value for origin in origins(settings, {})}
    assert shown["DIARIST_DATABASE__REPLICA_URL"] == "postgresql://host/x?user=anna&password=***&sslmode=require"
    assert shown["DIARIST_DATABASE__URL"] == "sqlite+aiosqlite://anna:***@host/x.db"
