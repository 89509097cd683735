"""A release to come, made from the tree: one stage more, something added to the database, and something taken away."""

from __future__ import annotations

from pathlib import Path

from made_revisions import write
from upgrade.releases import Release, present

STAGE = "polish"
"""What it does between `merge` and `compose`."""
ADDED, TAKEN = "9001", "9002"
"""Its revisions: the first adds, the second takes away."""
_ADD, _TAKE = "ALTER TABLE jobs ADD COLUMN polished boolean NOT NULL DEFAULT false", "ALTER TABLE jobs DROP COLUMN polished"
_HANDLER = '''"""The stage that only this release has."""


async def polish(context):
    """Do nothing, well."""
    return None
'''
_MERGE = 'Stage("merge", "diarist.transcription.tasks:merge", queue="audio", then="compose"),'


def following(folder: Path) -> Release:
    """The release behind the tree."""
    release = present(folder, "next")
    package = release.source / "diarist"
    pipeline = package / "pipeline.py"
    story = pipeline.read_text()
    assert _MERGE in story, "the stage `merge` is written otherwise by now; write it here as it is"
    polished = _MERGE.replace('then="compose"', f'then="{STAGE}"')
    pipeline.write_text(
        story.replace(_MERGE, f'{polished}\n    Stage("{STAGE}", "diarist.{STAGE}:{STAGE}", queue="audio", then="compose"),')
    )
    (package / f"{STAGE}.py").write_text(_HANDLER)
    write(package / "database" / "migrations", ((ADDED, "pre", _ADD, _TAKE), (TAKEN, "post", _TAKE, _ADD)))
    return release
