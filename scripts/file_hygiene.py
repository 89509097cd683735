"""Looks for what should not be committed: stray whitespace, marks of an unfinished merge, large files.

    python scripts/file_hygiene.py FILE...

Prints one line a finding and exits 1 when there is one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

LARGEST = 500_000
"""Bytes; the sample recording is the largest file that we mean to have."""
TRAILING_SPACE = re.compile(r"[ \t]+$")
MERGE_MARK = re.compile(r"^(<{7}|>{7}|\|{7}) ")


def findings(path: Path) -> Iterator[str]:
    """What is wrong with one file."""
    content = path.read_bytes()
    if len(content) > LARGEST:
        yield f"{path}: {len(content)} bytes, more than {LARGEST}"
    if b"\0" in content:
        return  # not text
    text = content.decode()
    for number, line in enumerate(text.split("\n"), start=1):
        if "\r" in line:
            yield f"{path}:{number}: carriage return"
        elif TRAILING_SPACE.search(line):
            yield f"{path}:{number}: space at the end of the line"
        if MERGE_MARK.match(line):
            yield f"{path}:{number}: mark of an unfinished merge"
    if text and not text.endswith("\n"):
        yield f"{path}: no line break at the end"
    if text.endswith("\n\n"):
        yield f"{path}: empty lines at the end"


if __name__ == "__main__":
    found = [finding for name in sys.argv[1:] for finding in findings(Path(name))]
    print("\n".join(found), end="\n" if found else "")
    sys.exit(bool(found))
