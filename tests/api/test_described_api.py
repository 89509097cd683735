import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from access_keys import new_key
from diarist.settings import HttpSettings, Settings
from diarist.settings.access import LimitSettings
from served import served

OWN = """
[[operations]]
include-name = "{operation}"
parameters = {{ {parameter} = "{value}" }}
"""
TOO_LARGE = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 428, 429, 431]
"""
"""With how much is too much for a request as a whole."""
EXCEPTION = """
[[operations]]
include-name = "{operation}"
checks.{rule}
"""
EXCEPTIONS = (
    # Whatever bytes are made up are a valid request, and no recording.
    ("POST /v1/recordings", "positive_data_acceptance.enabled = false"),
    # So are those that clients of other tools send, and models have to be there.
    ("POST /v1/audio/transcriptions", "positive_data_acceptance.enabled = false"),
    ("POST /v1/audio/translations", "positive_data_acceptance.enabled = false"),
    ("POST /asr", "positive_data_acceptance.enabled = false"),
    ("POST /detect-language", "positive_data_acceptance.enabled = false"),
    ("POST /v1/listen", "positive_data_acceptance.enabled = false"),
    # How large an upload may be only the settings know.
    ("POST /v1/uploads", "positive_data_acceptance.enabled = false"),
    ("GET /v1/models/{model}", "positive_data_acceptance.enabled = false"),
    # Of headers that are each right not every combination is: a length, or none for now, or parts.
    ("POST /v1/tus", "positive_data_acceptance.enabled = false"),
    # A language must be one of those that are allowed, if some are.
    ("POST /v1/recordings/imports", "positive_data_acceptance.enabled = false"),
    ("POST /v1/recordings/uploads", "positive_data_acceptance.enabled = false"),
    # Where webhooks may be sent only the settings know.
    ("POST /v1/subscriptions", "positive_data_acceptance.enabled = false"),
    ("PATCH /v1/subscriptions/{subscription_id}", "positive_data_acceptance.enabled = false"),
    # A cursor goes on in its own order, and a `sort` that says another one is refused.
    *(
        (f"GET /v1/{listed}", "positive_data_acceptance.enabled = false")
        for listed in ("recordings", "jobs", "entries", "receipts", "keys", "users")
    ),
    # Languages, time zones and days are some of those that there are; a budget is not beyond the one before.
    ("PATCH /v1/recordings/{recording_id}", "positive_data_acceptance.enabled = false"),
    ("PATCH /v1/account", "positive_data_acceptance.enabled = false"),
    ("GET /v1/usage/days", "positive_data_acceptance.enabled = false"),
    # Months are some of those that were, and of models those whose price is known.
    ("GET /v1/costs", "positive_data_acceptance.enabled = false"),
    ("GET /v1/costs/what-if", "positive_data_acceptance.enabled = false"),
    # Which offset is right only the server knows.
    ("PATCH /v1/tus/{upload_id}", "positive_data_acceptance.enabled = false"),
    # Behind a folder there are no presigned URLs, and 501 says so.
    ("POST /v1/recordings/uploads", "not_a_server_error.enabled = false"),
    # Nobody signs in here, and 501 says so.
    ("GET /auth/sign-in", "not_a_server_error.enabled = false"),
    ("GET /auth/callback", "not_a_server_error.enabled = false"),
    # tus has a status of its own for another version than ours.
    *(
        (f"{request}", f'{check}.expected-statuses = ["4xx"]')
        for request in ("POST /v1/tus", *(f"{method} /v1/tus/{{upload_id}}" for method in ("HEAD", "PATCH", "DELETE")))
        for check in ("negative_data_rejection", "missing_required_header")
    ),
)
"""Where a check would take a right answer for a wrong one."""
HOOKS = Path(__file__).parents[1] / "made_up_requests.py"
UNKNOWN = "019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"
"""What is deleted, so that the rest finds something to the end."""


@pytest.mark.heavy
@pytest.mark.timeout(900)
def test_made_up_requests_find_only_what_is_described(
    working_client: httpx.Client, finished_job: dict[str, Any], lasting_settings: Settings, tmp_path: Path
) -> None:
    """Schemathesis reads the description and tries to find an answer that it does not allow, or a server error.

    It asks with a key, and without one, which has to be noticed.
    """
    entry = working_client.get("/v1/entries").json()["items"][0]
    upload = working_client.post("/v1/tus", headers={"Tus-Resumable": "1.0.0", "Upload-Length": "1000"}).headers["Location"]
    ids = {"job_id": finished_job["id"], "recording_id": finished_job["recording_id"], "entry_id": entry["id"]}
    ids["upload_id"] = upload.rpartition("/")[2]
    described = working_client.get("/openapi.json").json()["paths"]
    known = [
        OWN.format(operation=f"{method.upper()} {path}", parameter=name, value=UNKNOWN if method == "delete" else value)
        for path, methods in described.items()
        for method in methods
        for name, value in ids.items()
        if f"{{{name}}}" in path
    ]
    assert len(known) > len(ids)
    config = tmp_path / "schemathesis.toml"
    exceptions = [EXCEPTION.format(operation=operation, rule=rule) for operation, rule in EXCEPTIONS]
    config.write_text("".join([TOO_LARGE, *exceptions, *known]))
    access = {"http": HttpSettings(require_key=True), "limits": LimitSettings(requests_per_minute=0, refusals_per_minute=0)}
    with served(lasting_settings.model_copy(update=access)) as guarded:
        found = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
                *("run", f"{guarded.base_url}/openapi.json", "--phases", "coverage,fuzzing", "--max-examples", "10"),
                *("--seed", "7", "--generation-deterministic", "--no-color"),
                *("--header", f"Authorization: Bearer {new_key(lasting_settings.database_url)}"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": HOOKS.stem, "PYTHONPATH": str(HOOKS.parent)},
        )
    assert found.returncode == 0, found.stdout + found.stderr
    assert f"Tested: {sum(map(len, described.values()))}" in found.stdout
    assert working_client.get(f"/v1/recordings/{ids['recording_id']}").status_code == 200
