"""Keys, people and quotas by the command line."""

from pathlib import Path

import pytest

from command_line import SAMPLE, CommandLine

pytestmark = pytest.mark.slow


@pytest.fixture
def diary(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_a_key_is_made_listed_and_revoked(diary: CommandLine) -> None:
    assert diary.call("account", "add", "anna").status == 0
    made = diary.call("keys", "create", "phone", "--account", "anna", "--scope", "add", "--days", "30")
    secret = made.out.strip()
    assert secret.startswith("diarist_")
    assert "cannot be shown again" in made.err
    listed = diary.call("keys", "list", "--account", "anna", "--json")
    [key] = listed.json["keys"]
    assert (key["name"], key["scopes"], key["revoked_at"]) == ("phone", ["add"], None)
    assert secret not in listed.out
    assert diary.call("keys", "list", "--json").json["keys"] == []
    assert diary.call("keys", "revoke", key["beginning"]).status != 0
    revoked = diary.call("keys", "revoke", key["beginning"], "--account", "anna", "--json").json["key"]
    assert revoked["revoked_at"]
    assert "revoked" in diary.call("keys", "list", "--account", "anna").out


def test_people_are_invited_and_removed_and_the_last_owner_stays(diary: CommandLine) -> None:
    assert diary.call("users", "invite", "Anna@example.org", "--role", "owner").out == "anna@example.org is invited as owner.\n"
    assert diary.call("users", "invite", "zoe@example.org").status == 0
    assert diary.call("users", "role", "anna@example.org", "member").status != 0
    assert diary.call("users", "role", "zoe@example.org", "owner").out == "zoe@example.org is now owner.\n"
    assert diary.call("users", "remove", "anna@example.org").status == 0
    [left] = diary.call("users", "list", "--json").json["users"]
    assert (left["email"], left["role"], left["signed_in_at"]) == ("zoe@example.org", "owner", None)


def test_a_quota_holds_for_the_command_line_too(diary: CommandLine) -> None:
    assert diary.call("account", "quota", "local", "--bytes", "10").out == "local: 10 bytes\n"
    refused = diary.call("add", SAMPLE, "--no-wait")
    assert refused.status != 0
    assert "quota_reached" in refused.err
    assert diary.call("account", "quota", "local").out == "local: as much as all may have\n"
    assert diary.call("add", SAMPLE, "--no-wait").status == 0
