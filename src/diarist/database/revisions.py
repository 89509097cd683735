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


@dataclass(frozen=True, slots=True)
class History:
    """The migrations in a folder, in their one line."""

    folder: Path

    def revisions(self) -> tuple[Revision, ...]:
        """Every revision, oldest first."""
        return _revisions(self.folder)

    def head(self) -> str:
        """The newest revision."""
        return max(path.name.partition("_")[0] for path in (self.folder / "versions").glob("[0-9]*.py"))

    def after(self, found: str | None) -> tuple[Revision, ...]:
        """What a database at a revision, or an empty one, has not got yet."""
        return tuple(one for one in self.revisions() if found is None or one.id > found)

    def before_post(self, found: str) -> str:
        """How far a database at `found` can be brought without taking anything from programs that run."""
        target = found
        for one in self.after(found):
            if one.phase is Phase.POST:
                break
            target = one.id
        return target

    def floor(self, found: str) -> str | None:
        """The newest `post` revision up to `found`: programs that do not know it cannot work on a database that has it."""
        return max((one.id for one in self.revisions() if one.phase is Phase.POST and one.id <= found), default=None)


OURS = History(Path(__file__).parent / "migrations")
"""The revisions that travel in this package."""


@cache
def _revisions(folder: Path) -> tuple[Revision, ...]:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(folder)).walk_revisions()
    return tuple(sorted((Revision(one.revision, Phase(one.module.phase), one.doc) for one in scripts), key=lambda one: one.id))
