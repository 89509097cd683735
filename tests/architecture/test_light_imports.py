"""What serves people stays light: engines and audio libraries are for child processes, frameworks for those who need them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"
HEAVY = {
    *("numpy", "av", "onnxruntime", "faster_whisper", "ctranslate2", "tokenizers", "huggingface_hub"),
    *("docx", "lxml", "typst", "fontTools"),
    *("pydantic_ai", "openai", "anthropic", "mistralai", "genai_prices"),
}
SERVING_FILES = {"routes.py", "schemas.py", "service.py", "repository.py", "models.py"}


def serving_modules() -> list[str]:
    """What a server imports: the features' files but for their stage handlers, the pipeline, the roles themselves."""
    package = SOURCE / "diarist"
    features = [path for path in package.rglob("*.py") if path.name in SERVING_FILES]
    edges = [
        package / "pipeline.py",
        package / "wiring.py",
        *(package / "services").glob("*.py"),
        *(package / "http").glob("*.py"),
    ]
    return sorted(".".join(path.relative_to(SOURCE).with_suffix("").parts) for path in [*features, *edges])


def loaded_by(statements: list[str]) -> dict[str, set[str]]:
    """Each statement with the top-level packages that a fresh interpreter loads for it, beyond those loaded before."""
    program = (
        "import json, sys\n"
        "known, loaded = set(), {}\n"
        "for statement in ['', *json.loads(sys.argv[1])]:\n"
        "    exec(statement)\n"
        "    packages = {name.split('.')[0] for name in sys.modules}\n"
        "    loaded[statement], known = sorted(packages - known), packages\n"
        "json.dump(loaded, sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", program, json.dumps(statements)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return {statement: set(packages) for statement, packages in json.loads(ran.stderr).items() if statement}


def test_a_server_loads_no_engine() -> None:
    modules = serving_modules()
    assert {"diarist.pipeline", "diarist.recordings.models"} <= set(modules)
    loaded = loaded_by([f"import {module}" for module in modules])
    assert not {statement: heavy for statement, packages in loaded.items() if (heavy := packages & HEAVY)}


def test_no_api_of_a_fleet_loads_an_engine_when_its_app_is_made() -> None:
    for module in ("ingestion_api", "job_status_api"):
        loaded = loaded_by(
            [
                f"from diarist.services.{module} import create_app",
                "from diarist.settings import Settings",
                "create_app(Settings(), print)",
            ]
        )
        packages = set.union(*loaded.values())
        assert "fastapi" in packages
        assert not packages & (HEAVY | {"vaderSentiment"})


def test_help_loads_no_framework() -> None:
    show_help = "sys.argv = ['diarist', '--help']\ntry:\n    main()\nexcept SystemExit:\n    pass"
    loaded = set.union(*loaded_by(["from diarist.cli.main import main", show_help]).values())
    assert "typer" in loaded
    assert not loaded & (HEAVY | {"fastapi", "sqlalchemy", "pydantic", "uvicorn", "dramatiq", "alembic", "redis", "psycopg"})


def test_the_client_loads_nothing_of_a_server() -> None:
    loaded = set.union(*loaded_by(["import diarist.client", "diarist.client.Client('http://127.0.0.1:8000').close()"]).values())
    assert {"httpx", "msgspec"} <= loaded
    assert not loaded & (HEAVY | {"fastapi", "starlette", "sqlalchemy", "pydantic", "structlog", "uvicorn", "alembic", "typer"})


def test_the_core_loads_nothing_but_the_standard_library() -> None:
    core = ["diarist.errors", "diarist.domain.audio", "diarist.domain.job", "diarist.ports.transcription_engine"]
    loaded = set.union(*loaded_by([f"import {module}" for module in core]).values())
    assert loaded - set(sys.stdlib_module_names) == {"diarist"}


def test_the_process_that_looks_at_recordings_loads_no_framework() -> None:
    """It stands beside each API, in the API's memory limit."""
    loaded = set.union(*loaded_by(["import diarist.child.serve", "import diarist.audio.child"]).values())
    assert {"av", "structlog"} <= loaded
    assert not loaded & {"pydantic", "pydantic_settings", "fastapi", "starlette", "sqlalchemy", "opentelemetry"}
