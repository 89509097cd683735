"""Writes the reference pages of docs/reference/ from the code, so that they cannot tell another story.

python scripts/reference.py           write them
python scripts/reference.py --check   exit 1 when one is not what the code says
"""

from __future__ import annotations

from made_files import ROOT, write_or_check
from reference_commands import commands_page
from reference_errors import errors_page, exit_codes_page
from reference_http import http_page
from reference_metrics import metrics_page
from reference_schemas import transcript_schema
from reference_settings import settings_page

FOLDER = ROOT / "docs" / "reference"
PAGES = {
    "commands.md": commands_page,
    "errors.md": errors_page,
    "exit-codes.md": exit_codes_page,
    "http.md": http_page,
    "metrics.md": metrics_page,
    "settings.md": settings_page,
    "transcript.schema.json": transcript_schema,
}


if __name__ == "__main__":
    raise SystemExit(write_or_check(__doc__, {FOLDER / name: make() for name, make in PAGES.items()}))
