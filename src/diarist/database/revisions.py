"""The numbered migrations of this package, in their one line, and when each may be applied.

A release is rolled out in three steps: `pre` revisions (they only add; programs of the release before go on working), the new
programs, `post` revisions (they take away what only the old programs used). The phase is a constant in each file: Alembic's
branch labels name branches, and one line has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

MIGRATIONS = Path(__file__).parent / "migrations"


class Phase(StrEnum):
    """When a revision may be applied."""

    PRE = "pre"
    """Before the new programs start, while the old ones run."""
    POST = "post"
    """When the old programs have gone."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One migration."""

    id: str
    """Four digits; later revisions have greater numbers."""
    phase: Phase
    title: str


@cache
def revisions() -> tuple[Revision, ...]:
    """Every revision that this package knows, oldest first."""
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return tuple(sorted((Revision(one.revision, Phase(one.module.phase), one.doc) for one in scripts), key=lambda one: one.id))


def head() -> str:
    """The newest revision in this package."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def after(found: str | None) -> tuple[Revision, ...]:
    """What a database at a revision, or an empty one, has not got yet."""
    return tuple(one for one in revisions() if found is None or one.id > found)


def before_post(found: str) -> str:
    """How far a database at `found` can be brought without taking anything from programs that run."""
    target = found
    for one in after(found):
        if one.phase is Phase.POST:
            break
        target = one.id
    return target


def floor(found: str | None) -> str | None:
    """The newest `post` revision up to `found`: programs that do not know it cannot work on a database that has it."""
    return max((one.id for one in revisions() if one.phase is Phase.POST and found is not None and one.id <= found), default=None)
