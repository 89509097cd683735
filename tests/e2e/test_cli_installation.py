"""Commands about the installation itself: doctor, database, accounts, models, plugins."""

from pathlib import Path

import pytest

from command_line import SAMPLE, CommandLine

pytestmark = pytest.mark.slow


@pytest.fixture
def diary(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_doctor_is_content_with_a_fresh_installation_and_makes_nothing(diary: CommandLine) -> None:
    ended = diary.call("doctor", "--json")
    assert ended.status == 0
    checks = {check["name"]: check["status"] for check in ended.json["checks"]}
    assert ended.json["well"]
    assert set(checks.values()) == {"ok"}
    assert {"python", "codecs", "engine", "model", "database", "blob store", "worker", "data directory"} <= checks.keys()
    assert not diary.data_dir.exists()
    settings = {setting["variable"]: setting["source"] for setting in ended.json["settings"]}
    assert settings["DIARIST_ENGINE__NAME"] == "DIARIST_ENGINE__NAME"
    assert settings["DIARIST_HTTP__PORT"] is None


def test_doctor_looks_deep_when_asked(diary: CommandLine) -> None:
    assert diary.call("add", SAMPLE).status == 0
    ended = diary.call("doctor", "--deep", "--json")
    assert ended.status == 0
    checks = {check["name"]: check["detail"] for check in ended.json["checks"]}
    assert "heard a second of sound" in checks["hearing"]
    assert "a probe was written, read and deleted" in checks["blob store"]


@pytest.mark.parametrize(
    ("settings", "name", "advice"),
    [
        ({"ENGINE__NAME": "gramophone"}, "engine", "DIARIST_ENGINE__NAME"),
        ({"ENGINE__NAME": "faster-whisper", "ENGINE__MODEL": "./nowhere"}, "model", "model.bin"),
        ({"ENGINE__BEAM_SIZE": "99"}, "settings", "Correct or unset"),
        ({"STORAGE__URL": "gopher://host"}, "blob store", ""),
        ({"DATABASE__URL": "oracle://anna:hunter2@host/diary"}, "database", ""),
    ],
)
def test_doctor_names_what_is_broken_and_how_to_mend_it(tmp_path: Path, settings: dict[str, str], name: str, advice: str) -> None:
    ended = CommandLine(tmp_path, **settings).call("doctor", "--json")
    assert ended.status == 1
    assert not ended.json["well"]
    broken = {check["name"]: check["advice"] for check in ended.json["checks"] if check["status"] == "fail"}
    assert broken.keys() == {name}
    assert advice in broken[name]
    assert "hunter2" not in ended.out


def test_doctor_finds_a_damaged_database_and_commands_say_so_too(diary: CommandLine) -> None:
    diary.data_dir.mkdir()
    (diary.data_dir / "diarist.db").write_bytes(b"this was a database once" * 500)
    ended = diary.call("doctor")
    assert ended.status == 1
    assert "damaged" in ended.out
    listed = diary.call("list")
    assert listed.status == 40
    assert "damaged" in listed.err


def test_doctor_warns_of_a_variable_that_sets_nothing(tmp_path: Path) -> None:
    ended = CommandLine(tmp_path, ENGIN__MODEL="small").call("doctor")
    assert ended.status == 0
    assert "did you mean DIARIST_ENGINE__MODEL?" in ended.out


def test_database_is_brought_up_to_date(diary: CommandLine) -> None:
    assert diary.call("db", "current", "--json").json["current"] is None
    upgraded = diary.call("db", "upgrade", "--json").json
    assert upgraded["before"] is None
    assert diary.call("db", "current", "--json").json == {"current": upgraded["now"], "head": upgraded["now"]}
    assert "up to date already" in diary.call("db", "upgrade").out


def test_accounts_are_added_once(diary: CommandLine) -> None:
    added = diary.call("account", "add", "anna", "--json").json["account"]
    assert [account["name"] for account in diary.call("account", "list", "--json").json["accounts"]] == ["anna", "local"]
    assert added["id"] in diary.call("account", "list").out
    assert diary.call("account", "add", "anna").status == 21
    assert diary.call("account", "add", "Not a name").status == 10


def test_plugins_and_models_are_listed(diary: CommandLine) -> None:
    names = {plugin["name"] for plugin in diary.call("plugins", "--json").json["plugins"]}
    assert {"faster-whisper", "scripted"} <= names
    models = {model["name"]: model for model in diary.call("model", "list", "--json").json["models"]}
    assert models["base"]["present"]
    assert not models["large-v3"]["present"]
    folder = diary.call("model", "path", "tiny.en").out.strip()
    assert (Path(folder) / "model.bin").is_file()
    missing = diary.call("model", "path", "large-v3")
    assert missing.status == 31
    assert "diarist model pull large-v3" in missing.err
    assert diary.call("model", "pull", "no-such-model").status == 31
