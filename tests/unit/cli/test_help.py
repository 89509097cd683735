"""The help is whole: every command in a section, no sentence cut off."""

from typer.main import get_command
from typer.testing import CliRunner

from diarist.cli.main import new_app

COMMANDS = {
    *("add", "watch", "list", "show", "transcript", "entry", "delete"),
    *("jobs", "resume", "retry", "cancel", "up", "serve"),
    *("doctor", "plugins", "model", "account", "storage", "db"),
}


def help_text() -> str:
    return CliRunner().invoke(new_app(), ["--help"], env={"COLUMNS": "80"}).stdout


def test_every_command_stands_in_the_help_with_a_whole_sentence() -> None:
    lines = [line.split(maxsplit=1) for line in help_text().splitlines()]
    told = {line[0]: line[1] for line in lines if len(line) > 1 and line[0] in COMMANDS}
    assert told.keys() == COMMANDS
    assert all(sentence.endswith(".") and not sentence.endswith("...") for sentence in told.values())


def test_sections_follow_each_other() -> None:
    text = help_text()
    assert text.index("\nRecordings:") < text.index("\nWork:") < text.index("\nInstallation:") < text.index("Exit status:")


def test_everything_that_prints_can_print_json() -> None:
    command = get_command(new_app())
    assert command is not None
    for name in COMMANDS - {"up", "serve", "model", "account", "db"}:
        text = CliRunner().invoke(new_app(), [name, "--help"]).stdout
        assert "--json" in text, name
