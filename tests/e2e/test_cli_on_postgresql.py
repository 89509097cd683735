"""The command line over PostgreSQL: nothing migrates by itself, and every command says what to do."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import SAMPLE, CommandLine
from diarist.database.revisions import OURS
from postgres_server import PostgresServer


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    url = postgres.create()
    yield url
    postgres.drop(url)


@pytest.fixture
def command_line(tmp_path: Path, url: str) -> CommandLine:
    # The server trusts everybody; a password must not be shown all the same.
    return CommandLine(tmp_path, DATABASE__URL=url.replace("postgres@", "postgres:hunter2@"))


@pytest.mark.slow
def test_an_empty_database_is_migrated_by_hand_and_then_holds_the_diary(command_line: CommandLine) -> None:
    assert command_line.call("db", "current").out.startswith("empty")
    refused = command_line.call("list")
    assert refused.status != 0
    assert "diarist db upgrade" in refused.err
    assert command_line.call("db", "upgrade", "--phase", "pre", "--json").json == {
        "before": None, "now": OURS.head(), "left": []
    }  # fmt: skip
    assert "up to date already" in command_line.call("db", "upgrade").out
    added = command_line.run("add", SAMPLE)
    assert added.status == 0, added.err
    assert "succeeded" in command_line.call("list").out


@pytest.mark.slow
def test_doctor_looks_at_the_database_and_shows_no_password(command_line: CommandLine) -> None:
    before = command_line.call("doctor")
    assert before.status == 1
    assert "diarist db upgrade" in before.out
    command_line.call("db", "upgrade")
    after = command_line.call("doctor")
    assert after.status == 0, after.out
    assert f"revision {OURS.head()}" in after.out
    assert "hunter2" not in before.out + before.err + after.out + after.err


@pytest.mark.slow
def test_a_server_that_is_away_is_named_without_its_password(tmp_path: Path) -> None:
    away = CommandLine(tmp_path, DATABASE__URL="postgresql://somebody:hunter2@127.0.0.1:1/diarist")
    for command in (("list",), ("db", "upgrade"), ("db", "current")):
        ended = away.call(*command)
        assert ended.status != 0
        assert "Start the server" in ended.err
        assert "hunter2" not in ended.err


@pytest.mark.slow
def test_doctor_says_what_a_replica_is_worth(tmp_path: Path, url: str) -> None:
    for replica, said in (
        ("postgresql://somebody@127.0.0.1:1/diarist", "primary is read instead"),
        (url, "follows no other server"),
    ):
        seen = CommandLine(tmp_path, DATABASE__URL=url, DATABASE__REPLICA_URL=replica).call("doctor").out
        assert said in " ".join(seen.split())
