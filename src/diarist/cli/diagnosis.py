"""Runs the checks of `diarist doctor`, and tells what they saw."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rich.table import Table
from rich.text import Text

from diarist.cli.checks import engine, language_models, machine, stores
from diarist.cli.checks.check import Check, Status, failed
from diarist.cli.checks.notices import notices
from diarist.cli.checks.redis import redis
from diarist.cli.checks.variables import variables
from diarist.cli.interruption import run
from diarist.cli.opening import settings_in_force
from diarist.cli.origins import Origin, origins
from diarist.cli.tables import STATES
from diarist.cli.terminal import print_block, print_json, results, safe
from diarist.errors import Misconfigured
from diarist.settings import Settings
from diarist.settings.secret_files import variables as set_variables


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was seen."""

    checks: list[Check]
    settings: list[Origin]
    """Those in force; none when they could not be read."""

    @property
    def well(self) -> bool:
        """Whether nothing is broken."""
        return all(check.status is not Status.FAIL for check in self.checks)


def diagnose(*, deep: bool) -> Diagnosis:
    """Look at everything; `deep` loads the models as well."""
    seen = [*machine.program(), machine.codecs()]
    try:
        settings = settings_in_force()
    except Misconfigured as error:
        # Without settings nobody knows where to look further.
        return Diagnosis([*seen, failed("settings", error)], [])
    seen += [*_installation(settings), *run(_opened(settings))]
    if deep:
        seen.append(run(engine.hearing(settings)))
        seen += run(language_models.answering(settings))
    return Diagnosis(seen, origins(settings, set_variables(os.environ)))


def print_diagnosis(diagnosis: Diagnosis, *, as_json: bool) -> None:
    """Print it as a table with advice under what is wrong, or as JSON."""
    if as_json:
        document = {"well": diagnosis.well, "checks": [asdict(check) for check in diagnosis.checks]}
        print_json(document | {"settings": [asdict(setting) for setting in diagnosis.settings]})
        return
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for check in diagnosis.checks:
        table.add_row(Text(check.status, style=STATES[check.status]), check.name, safe(check.detail))
        if check.advice and check.status is not Status.OK:
            table.add_row("", "", Text(safe(check.advice), style=STATES[check.status]))
    print_block(table)
    console = results()
    chosen = [setting for setting in diagnosis.settings if setting.source]
    if chosen:
        console.print("\nSettings that differ from their defaults:")
        for setting in chosen:
            by = "" if setting.source == setting.variable else f"  (by {setting.source})"
            console.print(f"  {setting.variable}={safe(setting.value)}{by}")


def _installation(settings: Settings) -> Iterator[Check]:
    yield variables(settings)
    yield machine.folder("data directory", settings.data_dir, "DIARIST_DATA_DIR")
    if settings.storage.url.startswith("file:"):
        yield machine.folder("recordings", Path(unquote(urlsplit(settings.storage.url).path)), "DIARIST_STORAGE__URL")
    yield machine.folder("cache directory", settings.cache_dir, "DIARIST_CACHE_DIR")
    yield from engine.engine(settings)
    yield from language_models.language_models(settings)
    yield stores.worker(settings)


async def _opened(settings: Settings) -> list[Check]:
    database = await stores.database(settings)
    readable = database.status is Status.OK and (settings.database.url or (settings.data_dir / "diarist.db").exists())
    return [
        database,
        *await stores.replica(settings),
        await stores.blobs(settings),
        *[check async for check in redis(settings)],
        *(await notices(settings) if readable else []),
    ]
