"""`diarist evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diarist.cli.options import AsJson

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Recordings, and beside each what is said in it: `NAME.txt`.")]
Engine = Annotated[str | None, typer.Option("--engine", help="Engine to measure; the one of the settings if left out.")]
Model = Annotated[str | None, typer.Option("--model", help="Its model; the one of the settings if left out.")]
BeamSize = Annotated[int | None, typer.Option("--beam-size", min=1, max=20, help="Beam size of all engines.")]
Against = Annotated[
    list[str] | None,
    typer.Option(
        "--against",
        metavar="ENGINE[:MODEL]",
        help="Another engine, or the same with another model, to hear the same. May be given several times.",
    ),
]


def evaluate(
    folder: Folder,
    *,
    engine: Engine = None,
    model: Model = None,
    beam_size: BeamSize = None,
    against: Against = None,
    as_json: AsJson = False,
) -> None:
    """Measure how well and how fast your own recordings are heard.

    Each is heard as `diarist add` would hear it, apart from your diary, and compared with its reference: words wrong, missing and
    too many, how far word times are off where the reference has times (NAME.json, .ctm, .srt or .vtt), speed and memory. An empty
    reference means that nothing is said; then every word is too many.
    """
    from diarist.cli.evaluating.command import compare_engines
    from diarist.cli.evaluating.contenders import contenders
    from diarist.cli.opening import settings_in_force
    from diarist.evaluation.references import find_samples

    settings = settings_in_force()
    engines = contenders(settings.engine, engine, model, beam_size, against or [])
    raise typer.Exit(compare_engines(settings, engines, find_samples(folder), as_json=as_json))
