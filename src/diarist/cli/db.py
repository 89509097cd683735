"""`diarist db`: the database's schema."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from diarist.cli.options import AsJson
from diarist.cli.reporting import reporting

app = typer.Typer(help="Look at the database's schema and bring it up to date.", no_args_is_help=True, rich_markup_mode=None)


class UpgradePhase(StrEnum):
    """How far an upgrade goes."""

    PRE = "pre"
    POST = "post"


Until = Annotated[
    UpgradePhase,
    typer.Option("--phase", help="pre: stop before the first step that older programs cannot bear; post: go all the way."),
]


Wait = Annotated[
    float,
    typer.Option(
        "--wait", min=0, metavar="SECONDS",
        help="How long older programs may take to end before what they need is taken away; 0 does not look for any.",
    ),
]  # fmt: skip


@app.command()
@reporting
def upgrade(*, phase: Until = UpgradePhase.POST, wait: Wait = 300.0, as_json: AsJson = False) -> None:
    """Bring the database up to date.

    With SQLite, commands and servers do so by themselves when they start. With PostgreSQL nothing else does. To replace running
    servers one after the other: `--phase pre`, then the new servers, then without it once the old ones have gone. Those that are
    still connected then are waited for.
    """
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json, results
    from diarist.database.revisions import Phase
    from diarist.wiring import migrate

    done = run(migrate(settings_in_force(), Phase(phase), wait))
    if as_json:
        print_json({"before": done.before, "now": done.now, "left": [one.id for one in done.left]})
        return
    if done.before == done.now and not done.left:
        results().print(f"The database was up to date already, at revision {done.now}.")
    elif done.before == done.now:
        results().print(f"The database stays at revision {done.now}.")
    else:
        results().print(f"The database is now at revision {done.now}; before: {done.before or 'empty'}.")
    if done.left:
        results().print("Left for `diarist db upgrade`, once no older program runs:")
        for one in done.left:
            results().print(f"  {one.id} ({one.phase}) {one.title}")


@app.command()
@reporting
def current(*, as_json: AsJson = False) -> None:
    """Show the database's revision, and the newest that this version knows."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json, results
    from diarist.database import migrate
    from diarist.database.revisions import OURS

    settings = settings_in_force()
    # SQLite would make the file by looking at it.
    there = settings.database.url or settings.data_dir.is_dir()
    found = run(migrate.current(settings.database_url)) if there else None
    if as_json:
        print_json({"current": found, "head": OURS.head()})
    else:
        pending = "" if found == OURS.head() else f"; the newest is {OURS.head()}, `diarist db upgrade` goes there"
        results().print(f"{found or 'empty'}{pending}")
