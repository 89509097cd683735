"""`diarist db`: the database's schema."""

from __future__ import annotations

import typer

from diarist.cli.options import AsJson
from diarist.cli.reporting import reporting

app = typer.Typer(help="Look at the database's schema and bring it up to date.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
@reporting
def upgrade(*, as_json: AsJson = False) -> None:
    """Bring the database up to date; commands and servers do so by themselves when they start."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json, results
    from diarist.database.migrate import current, head
    from diarist.wiring import prepare

    settings = settings_in_force()
    before = run(current(settings.database_url)) if settings.data_dir.is_dir() else None
    run(prepare(settings))
    if as_json:
        print_json({"before": before, "now": head()})
    elif before == head():
        results().print(f"The database was up to date already, at revision {head()}.")
    else:
        results().print(f"The database is now at revision {head()}; before: {before or 'empty'}.")


@app.command()
@reporting
def current(*, as_json: AsJson = False) -> None:
    """Show the database's revision, and the newest that this version knows."""
    from diarist.cli.interruption import run
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json, results
    from diarist.database import migrate

    settings = settings_in_force()
    found = run(migrate.current(settings.database_url)) if settings.data_dir.is_dir() else None
    if as_json:
        print_json({"current": found, "head": migrate.head()})
    else:
        pending = "" if found == migrate.head() else f"; the newest is {migrate.head()}, `diarist db upgrade` goes there"
        results().print(f"{found or 'empty'}{pending}")
