"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from diarist.errors import DiaristError


class Status(StrEnum):
    """How it stands."""

    OK = "ok"
    WARN = "warn"
    """It works, but somebody should look."""
    FAIL = "fail"


def there(path: Path) -> bool:
    """Whether something is at the path; no, where we may not look."""
    try:
        return path.exists()
    except PermissionError:
        return False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    status: Status
    detail: str
    advice: str | None = None


def failed(name: str, error: DiaristError) -> Check:
    """A check that ended with an error."""
    return Check(name, Status.FAIL, f"{error.message} ({error.code})", error.advice)
