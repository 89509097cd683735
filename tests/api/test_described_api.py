import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

OWN = """
[[operations]]
include-name = "{operation}"
parameters = {{ {parameter} = "{value}" }}
"""
UPLOAD = """
[[operations]]
include-name = "POST /v1/recordings"
checks.positive_data_acceptance.enabled = false
"""
"""Whatever bytes are made up are a valid request, and no recording."""
UNKNOWN = "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"
"""What is deleted, so that the rest finds something to the end."""


@pytest.mark.slow
def test_made_up_requests_find_only_what_is_described(
    working_client: httpx.Client, finished_job: dict[str, Any], tmp_path: Path
) -> None:
    """Schemathesis reads the description and tries to find an answer that it does not allow, or a server error."""
    entry = working_client.get("/v1/entries").json()["items"][0]
    ids = {"job_id": finished_job["id"], "recording_id": finished_job["recording_id"], "entry_id": entry["id"]}
    described = working_client.get("/openapi.json").json()["paths"]
    known = [
        OWN.format(operation=f"{method.upper()} {path}", parameter=name, value=UNKNOWN if method == "delete" else value)
        for path, methods in described.items()
        for method in methods
        for name, value in ids.items()
        if f"{{{name}}}" in path
    ]
    assert len(known) == 10
    config = tmp_path / "schemathesis.toml"
    config.write_text("".join([UPLOAD, *known]))
    found = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
            *("run", f"{working_client.base_url}/openapi.json", "--phases", "coverage,fuzzing", "--max-examples", "10"),
            *("--seed", "7", "--generation-deterministic", "--no-color"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "Tested: 16" in found.stdout
    assert working_client.get(f"/v1/recordings/{ids['recording_id']}").status_code == 200
