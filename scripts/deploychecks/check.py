"""What a check is, and what can come of one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploychecks.programs import Program, search_path

Finding = str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of one check."""

    looked_at: str
    """What was there to be judged, in words; empty when there was nothing."""
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One judge, and what it is asked."""

    name: str
    needs: Sequence[Program] = field(default=())
    judge: Callable[[], Outcome]


def found(
    *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, given: str | None = None
) -> list[Finding]:
    """What a program says when it does not end well: one finding; none when it does."""
    done = ran(*command, cwd=cwd, env=env, given=given)
    if done.returncode == 0:
        return []
    said = (done.stdout + done.stderr).strip()
    return [said or f"{Path(str(command[0])).name} ended with {done.returncode} and said nothing"]


def ran(
    *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, given: str | None = None
) -> subprocess.CompletedProcess[str]:
    """A program at its end; programs that it starts itself are looked for where ours are."""
    environment = {**os.environ, "PATH": search_path(), "NO_COLOR": "1", **(env or {})}
    return subprocess.run(  # noqa: S603 - programs of ours
        [str(part) for part in command], cwd=cwd, env=environment, input=given, capture_output=True, text=True, check=False
    )
