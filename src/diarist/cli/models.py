"""`diarist model`: the models that hear."""

from __future__ import annotations

from typing import Annotated

import typer

from diarist.cli.exit_codes import INTERRUPTED
from diarist.cli.options import AsJson
from diarist.cli.reporting import reporting

app = typer.Typer(help="List the models that can hear, fetch one, find its files.", no_args_is_help=True, rich_markup_mode=None)

Named = Annotated[str, typer.Argument(metavar="NAME", help="Such as `small` or `Systran/faster-whisper-small`.")]
InForce = Annotated[
    str | None, typer.Argument(metavar="NAME", help="A model's name; the one that DIARIST_ENGINE__MODEL chooses if left out.")
]


@app.command("list")
@reporting
def list_models(*, as_json: AsJson = False) -> None:
    """List the models that are here, then those that could be fetched."""
    from dataclasses import asdict

    from diarist.cli.clock import size
    from diarist.cli.opening import settings_in_force
    from diarist.cli.tables import print_table
    from diarist.cli.terminal import print_json
    from diarist.engine import models

    found = models.list_models(settings_in_force().cache_dir)
    if as_json:
        print_json({"models": [asdict(model) for model in found]})
        return
    rows = [
        (model.name, "yes" if model.present else "", model.origin, size(model.size) if model.size else "", model.languages)
        for model in found
    ]
    print_table(("name", "here", "from", "size", "languages"), rows, empty="No models.")


@app.command()
@reporting
def pull(name: Named, *, as_json: AsJson = False) -> None:
    """Fetch a model from the Hugging Face hub, unless it is here already."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import messages, print_json, results, safe
    from diarist.engine import models

    cache_dir = settings_in_force().cache_dir
    console = messages()
    columns = (TextColumn(safe(name), markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        row = bars.add_task("", total=None)
        try:
            model = models.pull(name, cache_dir, lambda done, total: bars.update(row, completed=done, total=total or None))
        except KeyboardInterrupt:
            bars.stop()
            console.print(f"Stopped. What has come is kept; `diarist model pull {safe(name)}` goes on from there.")
            raise typer.Exit(INTERRUPTED) from None
    if as_json:
        print_json({"model": {"name": model.name, "path": model.path, "origin": model.origin}})
    else:
        results().print(model.path)


@app.command()
@reporting
def path(name: InForce = None, *, as_json: AsJson = False) -> None:
    """Print the folder of a model that is here; nothing is fetched."""
    from diarist.cli.opening import settings_in_force
    from diarist.cli.terminal import print_json, results
    from diarist.engine.models import find
    from diarist.errors import ModelUnavailable

    settings = settings_in_force()
    wanted = name or settings.engine.model
    model = find(wanted, settings.cache_dir)
    if model is None:
        raise ModelUnavailable(f"the model {wanted} is not on this machine", advice=f"`diarist model pull {wanted}` fetches it.")
    if as_json:
        print_json({"model": {"name": model.name, "path": model.path, "origin": model.origin}})
    else:
        results().print(model.path)
