"""Revisions of versions to come, for tests of what programs of several versions do with them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from diarist.database.revisions import OURS, History

_REVISION = '''"""{title}."""

from alembic import op

revision, down_revision, phase = "{id}", "{before}", "{phase}"
branch_labels = depends_on = None


def upgrade() -> None:
    op.execute("{up}")


def downgrade() -> None:
    op.execute("{down}")
'''
Step = tuple[str, str, str, str]
"""Number, phase, what goes up, and what goes down."""
LATER: tuple[Step, ...] = (
    ("9001", "pre", "CREATE TABLE added (id INTEGER)", "DROP TABLE added"),
    ("9002", "post", "DROP TABLE added", "CREATE TABLE added (id INTEGER)"),
    ("9003", "pre", "CREATE TABLE more (id INTEGER)", "DROP TABLE more"),
)


def following(folder: Path, steps: Iterable[Step] = LATER) -> History:
    """Ours and those behind it, in a folder of their own."""
    made = folder / "migrations"
    shutil.copytree(OURS.folder, made, ignore=shutil.ignore_patterns("__pycache__"))
    write(made, steps)
    return History(made)


def write(migrations: Path, steps: Iterable[Step]) -> None:
    """Put steps behind our newest revision."""
    before = OURS.head()
    for number, phase, up, down in steps:
        words = {"title": f"Step {number}", "id": number, "before": before, "phase": phase, "up": up, "down": down}
        (migrations / "versions" / f"{number}_step.py").write_text(_REVISION.format(**words))
        before = number
