"""From a demand to machines and money; every line shows how it came about."""

from __future__ import annotations

import math
from dataclasses import dataclass

from diarist.capacity.demand import Demand, Prices
from diarist.capacity.measured import EngineFigures, PlaneFigures, SizeFigures
from diarist.errors import InvalidInput

_MONTH = 730.0
"""Hours."""
_LEAST = 2
"""Replicas of whatever must not be missed when a machine is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graphics:
    """Graphics cards in place of cores, as fast as somebody has measured them."""

    speed: float
    """Hours of audio in an hour on one card, with Diarist's engine."""

    def __post_init__(self) -> None:
        """Raises `InvalidInput`."""
        if not (math.isfinite(self.speed) and self.speed > 0):
            raise InvalidInput(f"gpu-speed: {self.speed} is no speed", advice="Give times real time on one card, such as 300.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure of a plan."""

    part: str
    name: str
    value: float
    unit: str
    because: str
    """The arithmetic, with its numbers."""
    monthly: float | None = None
    """What it costs in a month; None for what has no price of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a demand takes."""

    lines: tuple[Line, ...]

    @property
    def monthly(self) -> float:
        """All of it in a month."""
        return sum(line.monthly or 0.0 for line in self.lines)

    def monthly_by_part(self) -> dict[str, float]:
        """The same by part, in the order of the lines; parts that cost nothing are left out."""
        parts: dict[str, float] = {}
        for line in self.lines:
            if line.monthly:
                parts[line.part] = parts.get(line.part, 0.0) + line.monthly
        return parts

    def value(self, name: str) -> float:
        """The figure of that name."""
        return next(line.value for line in self.lines if line.name == name)


def plan(
    demand: Demand,
    prices: Prices,
    engine: EngineFigures,
    *,
    graphics: Graphics | None = None,
    plane: PlaneFigures | None = None,
    sizes: SizeFigures | None = None,
) -> Plan:
    """Multiply it out; peaks decide on machines, the average of a month on what is stored, moved and asked."""
    plane, sizes = plane or PlaneFigures(), sizes or SizeFigures()
    return Plan(
        lines=(
            *_transcription(demand, prices, engine, plane, graphics),
            *_writing(demand, prices),
            *_apis(demand, prices, plane),
            *_database(demand, prices, plane, sizes),
            *_redis(demand, prices, plane),
            *_storage(demand, prices, sizes),
            *_network(demand, prices, sizes),
        )
    )


def _transcription(
    demand: Demand, prices: Prices, engine: EngineFigures, plane: PlaneFigures, graphics: Graphics | None
) -> list[Line]:
    part, load, use = "transcription-worker", demand.hours_per_hour, demand.use
    if graphics is not None:
        seconds, why = (
            plane.sound_seconds + plane.worker_seconds,
            f"{plane.sound_seconds:g} s of sound, {plane.worker_seconds:g} s of tasks",
        )
    else:
        seconds = engine.core_seconds + plane.worker_seconds
        why = f"{engine.core_seconds:.1f} s end to end, {plane.worker_seconds:g} s of tasks"
    busy = load * seconds / 3600 / use
    workers = max(_LEAST, math.ceil(busy / demand.worker_cores))
    cores = workers * demand.worker_cores
    memory = workers * engine.memory_mb / 1000
    lines = [
        Line(
            part=part, name="transcription workers", value=workers, unit=f"of {demand.worker_cores} cores",
            because=f"{load:,.0f} h/h x ({why}) / 3600 s / {use:.0%} busy = {busy:,.0f} cores",
        ),
        Line(
            part=part, name="cores for transcription", value=cores, unit="cores",
            because=f"{workers:,} workers x {demand.worker_cores}; {_MONTH:g} h x {prices.core_hour:g}",
            monthly=cores * _MONTH * prices.core_hour,
        ),
        Line(
            part=part, name="memory for transcription", value=memory, unit="GB",
            because=f"{workers:,} workers x {engine.memory_mb:,.0f} MB", monthly=memory * _MONTH * prices.memory_gb_hour,
        ),
    ]  # fmt: skip
    if graphics is not None:
        cards = max(1, math.ceil(load / graphics.speed / use))
        lines.append(
            Line(
                part=part, name="graphics cards", value=cards, unit="cards", monthly=cards * _MONTH * prices.gpu_hour,
                because=f"{load:,.0f} h/h / {graphics.speed:,.0f} h/h a card (as given) / {use:.0%} busy",
            )
        )  # fmt: skip
    return lines


def _writing(demand: Demand, prices: Prices) -> list[Line]:
    at_once = demand.hours_per_hour * demand.model_seconds / 3600
    workers = max(_LEAST, math.ceil(at_once / demand.entries_at_once / demand.use))
    hours = _hours_a_month(demand)
    return [
        Line(
            part="llm-worker", name="llm-workers", value=workers, unit="of 1 core",
            monthly=workers * _MONTH * prices.core_hour,
            because=f"{demand.hours_per_hour:,.0f} h/h x {demand.model_seconds:g} s / 3600 s = {at_once:,.0f} at once "
            f"(Little's law), {demand.entries_at_once} a worker, {demand.use:.0%} busy",
        ),
        Line(
            part="language models", name="calls of language models", value=hours, unit="audio-hours a month",
            because=f"{hours:,.0f} audio-hours x {prices.model_audio_hour:g}", monthly=hours * prices.model_audio_hour,
        ),
    ]  # fmt: skip


def _apis(demand: Demand, prices: Prices, plane: PlaneFigures) -> list[Line]:
    busy = demand.hours_per_hour * plane.api_seconds / 3600 / demand.use
    replicas = max(_LEAST, math.ceil(busy))
    memory = 2 * replicas * plane.api_memory_mb / 1000
    return [
        Line(
            part="APIs", name="replicas of each API", value=replicas, unit="of 1 core",
            because=f"{demand.hours_per_hour:,.0f} h/h x {plane.api_seconds:g} s / 3600 s / {demand.use:.0%} busy, at least 2",
            monthly=2 * replicas * _MONTH * prices.core_hour + memory * _MONTH * prices.memory_gb_hour,
        )
    ]  # fmt: skip


def _database(demand: Demand, prices: Prices, plane: PlaneFigures, sizes: SizeFigures) -> list[Line]:
    load, part = demand.hours_per_hour, "PostgreSQL"
    cores = max(2, math.ceil(load * plane.database_seconds / 3600 / demand.use))
    rows = _hours_a_month(demand) * demand.kept_months * sizes.rows_mb / 1000
    return [
        Line(
            part=part, name="cores of PostgreSQL", value=cores, unit="cores", monthly=cores * _MONTH * prices.core_hour,
            because=f"{load:,.0f} h/h x {plane.database_seconds:g} s / 3600 s / {demand.use:.0%} busy, at least 2",
        ),
        Line(
            part=part, name="transactions", value=load * plane.transactions / 3600, unit="/s",
            because=f"{load:,.0f} h/h x {plane.transactions:g} / 3600 s",
        ),
        Line(
            part=part, name="write-ahead log", value=load * plane.log_mb / 3600, unit="MB/s",
            because=f"{load:,.0f} h/h x {plane.log_mb:g} MB / 3600 s",
        ),
        Line(
            part=part, name="disk of PostgreSQL", value=rows, unit="GB", monthly=rows * prices.database_gb_month,
            because=f"{_hours_a_month(demand):,.0f} audio-hours a month x {demand.kept_months:g} months x {sizes.rows_mb:g} MB",
        ),
    ]  # fmt: skip


def _redis(demand: Demand, prices: Prices, plane: PlaneFigures) -> list[Line]:
    busy = demand.hours_per_hour * plane.redis_seconds / 3600
    return [
        Line(
            part="Redis", name="Redis, of its one core", value=100 * busy, unit="%", monthly=2 * _MONTH * prices.core_hour,
            because=f"{demand.hours_per_hour:,.0f} h/h x {plane.redis_seconds:g} s / 3600 s; a second one stands by; "
            "it holds bells and counts, no data: 1 GB is plenty",
        )
    ]  # fmt: skip


def _storage(demand: Demand, prices: Prices, sizes: SizeFigures) -> list[Line]:
    hours = _hours_a_month(demand)
    kept = hours * demand.kept_months * (sizes.original_mb + sizes.chunks_mb) / 1000
    return [
        Line(
            part="object store", name="objects kept", value=kept, unit="GB", monthly=kept * prices.storage_gb_month,
            because=f"{hours:,.0f} audio-hours a month x {demand.kept_months:g} months x "
            f"({sizes.original_mb:g} MB as sent + {sizes.chunks_mb:g} MB in chunks), once it is full",
        )
    ]  # fmt: skip


def _network(demand: Demand, prices: Prices, sizes: SizeFigures) -> list[Line]:
    load, hours = demand.hours_per_hour, _hours_a_month(demand)
    inner = 2 * sizes.original_mb + 2 * sizes.chunks_mb
    return [
        Line(
            part="network", name="comes in", value=load * sizes.original_mb * 8 / 3600 / 1000, unit="Gbit/s",
            because=f"{load:,.0f} h/h x {sizes.original_mb:g} MB x 8 / 3600 s",
            monthly=hours * sizes.original_mb / 1000 * prices.traffic_gb,
        ),
        Line(
            part="network", name="between APIs, workers and object store", value=load * inner * 8 / 3600 / 1000, unit="Gbit/s",
            because="each original and each chunk is written once and read once",
        ),
    ]  # fmt: skip


def _hours_a_month(demand: Demand) -> float:
    return demand.hours_per_hour * demand.busy_share * _MONTH
