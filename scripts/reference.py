"""Writes the reference pages of docs/reference/ from the code, so that they cannot tell another story.

python scripts/reference.py           write them
python scripts/reference.py --check   exit 1 when one is not what the code says
"""

from __future__ import annotations

import sys
from pathlib import Path

from reference_commands import commands_page
from reference_errors import errors_page, exit_codes_page
from reference_http import http_page
from reference_metrics import metrics_page
from reference_schemas import transcript_schema
from reference_settings import settings_page

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
PAGES = {
    "commands.md": commands_page,
    "errors.md": errors_page,
    "exit-codes.md": exit_codes_page,
    "http.md": http_page,
    "metrics.md": metrics_page,
    "settings.md": settings_page,
    "transcript.schema.json": transcript_schema,
}


def main() -> int:
    """The exit status."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    checking = "--check" in sys.argv[1:]
    stale = []
    for name, make in PAGES.items():
        path, text = FOLDER / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not checking:
                path.write_text(text, encoding="utf-8")
    if checking and stale:
        print(f"docs/reference: {', '.join(stale)} not as the code says; run `make docs`")
    return int(checking and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
