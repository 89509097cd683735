"""`diarist --help` answers at once because nothing heavy is imported for it."""

import subprocess
import sys

HEAVY = {
    *("alembic", "anyio", "av", "dramatiq", "fastapi", "numpy"),
    *("obstore", "pydantic", "rich", "sqlalchemy", "structlog", "uvicorn"),
}


def modules_after(statement: str) -> set[str]:
    program = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(ended.stdout.split())


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    loaded = modules_after("import diarist.cli.main")
    assert "typer" in loaded
    assert loaded & HEAVY == set()


def test_help_loads_nothing_heavy() -> None:
    statement = "from diarist.cli.main import new_app; new_app()(['--help'], standalone_mode=False)"
    assert modules_after(statement) & HEAVY == set()


def test_looking_at_recordings_here_loads_no_http_and_no_workers() -> None:
    loaded = modules_after("import diarist.cli.showing, diarist.cli.seen, diarist.cli.attendance")
    assert "sqlalchemy" in loaded
    assert loaded & {"anyio", "dramatiq", "httpx"} == set()
