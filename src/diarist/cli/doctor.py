"""`diarist doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from diarist.cli.options import AsJson

Deep = Annotated[
    bool,
    typer.Option("--deep", help="Also load the models: let one hear a second of sound, and those in GGUF files answer."),
]


def doctor(*, deep: Deep = False, as_json: AsJson = False) -> None:
    """Look at everything that is needed, and say how to mend it.

    Ends with status 1 when something is broken.
    """
    from diarist.cli.diagnosis import diagnose, print_diagnosis

    diagnosis = diagnose(deep=deep)
    print_diagnosis(diagnosis, as_json=as_json)
    raise typer.Exit(0 if diagnosis.well else 1)
