"""What a child does of its own before it serves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_GROUPS = Path("/proc/sys/kernel/sched_autogroup_enabled")
_TELL = "from diarist.child import serve; serve._stay_behind(); print(open('/proc/self/autogroup').read())"


@pytest.mark.skipif(
    not _GROUPS.exists() or _GROUPS.read_text().strip() != "1", reason="only Linux has groups of a session, if at all"
)
def test_a_child_stays_behind_as_its_parent_was_told_to() -> None:
    program = ["nice", "-n", "7", sys.executable, "-c", _TELL]
    told = subprocess.run(program, start_new_session=True, capture_output=True, text=True, check=True)
    assert told.stdout.strip().endswith("nice 7")
