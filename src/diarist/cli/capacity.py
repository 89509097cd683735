"""`diarist capacity`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from diarist.cli.options import AsJson

Hours = Annotated[float, typer.Option(help="Audio-hours an hour, when it is busiest.")]
Engine = Annotated[str, typer.Option(help="Engine and model; `--speed` is for others than those that were measured.")]
Speed = Annotated[float | None, typer.Option(metavar="X", help="Times real time on one core, measured by you.")]
GraphicsSpeed = Annotated[
    float | None,
    typer.Option(metavar="X", help="Times real time on one graphics card, measured by you: cards take the place of cores."),
]
Busy = Annotated[float, typer.Option(help="The load over a month as a share of the busiest hour.")]
Use = Annotated[float, typer.Option(help="How busy processors may be.")]
WorkerCores = Annotated[int, typer.Option(min=1, max=512, help="Cores of a transcription worker.")]
Months = Annotated[float, typer.Option(help="Months for which originals are kept.")]
ModelSeconds = Annotated[float, typer.Option(help="Seconds of language models for an hour of audio; 0 without any.")]
Core = Annotated[float, typer.Option(help="For a core, an hour.")]
Card = Annotated[float, typer.Option(help="For a graphics card, an hour.")]
Memory = Annotated[float, typer.Option(help="For a GB of memory, an hour.")]
Storage = Annotated[float, typer.Option(help="For a GB in the object store, a month.")]
Rows = Annotated[float, typer.Option(help="For a GB of PostgreSQL's disk, a month.")]
Traffic = Annotated[float, typer.Option(help="For a GB that comes in.")]
Models = Annotated[float, typer.Option(help="Of language models, for an hour of audio; `diarist costs` knows.")]
Picture = Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Also draw it into a file.")]


def capacity(
    *,
    hours_per_hour: Hours,
    engine: Engine = "whisper-openvino/base",
    speed: Speed = None,
    gpu_speed: GraphicsSpeed = None,
    busy_share: Busy = 0.5,
    use: Use = 0.7,
    worker_cores: WorkerCores = 4,
    kept_months: Months = 12.0,
    model_seconds: ModelSeconds = 60.0,
    price_core: Core = 0.04,
    price_gpu: Card = 1.0,
    price_memory: Memory = 0.005,
    price_storage: Storage = 0.023,
    price_database: Rows = 0.115,
    price_traffic: Traffic = 0.0,
    price_models: Models = 0.0,
    svg: Picture = None,
    as_json: AsJson = False,
) -> None:
    """Say how many machines a load takes and what they cost, with the arithmetic.

    The figures behind it were measured on two cores; prices are round and yours to replace.
    """
    from diarist.capacity.demand import Demand, Prices
    from diarist.capacity.planning import Graphics, plan
    from diarist.cli.capacity_page import Page, engine_figures

    demand = Demand(
        hours_per_hour=hours_per_hour,
        busy_share=busy_share,
        use=use,
        worker_cores=worker_cores,
        kept_months=kept_months,
        model_seconds=model_seconds,
    )
    prices = Prices(
        core_hour=price_core,
        gpu_hour=price_gpu,
        memory_gb_hour=price_memory,
        storage_gb_month=price_storage,
        database_gb_month=price_database,
        traffic_gb=price_traffic,
        model_audio_hour=price_models,
    )
    figures = engine_figures(engine, speed)
    graphics = Graphics(speed=gpu_speed) if gpu_speed is not None else None
    Page(demand, figures, lambda one: plan(one, prices, figures, graphics=graphics)).show(as_json=as_json, picture=svg)
