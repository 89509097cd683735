"""What a dashboard is, before Grafana comes into it: rows of panels, each with its questions and what their answers mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """How the answers are drawn; the values are Grafana's names."""

    LINES = "timeseries"
    """Over time."""
    NUMBER = "stat"
    """As of now, large, one for each series."""
    BARS = "bargauge"
    """As of now, side by side."""
    TABLE = "table"
    """As of now, the largest first."""
    HEAT = "heatmap"
    """How often what was how much, over time."""


class Colour(StrEnum):
    """What a value means for whoever looks."""

    WELL = "green"
    LOOK = "orange"
    ACT = "red"
    TOLD = "blue"
    """Neither good nor bad."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question."""

    expression: str
    """PromQL; `$role`, `$instance` and `$__rate_interval` are filled in by Grafana."""
    legend: str
    """What a series of the answer is called, with `{{label}}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One picture."""

    title: str
    tells: str
    """What it shows, and what to do about it."""
    unit: str
    """As Grafana names it: `s`, `bytes`, `percentunit`, `currencyUSD`, …"""
    queries: tuple[Query, ...]
    shape: Shape = Shape.LINES
    steps: tuple[tuple[float, Colour], ...] = ()
    """From which value on it means what; below the first all is well."""
    below: Colour = Colour.WELL
    """What it means below the first step."""
    help: str
    """The page for whoever does not like what it shows, below docs/."""
    width: int = 8
    """Of 24."""
    height: int = 8
    stacked: bool = False
    exemplars: bool = False
    """Whether its dots lead to traces: histograms only."""
    most: float | None = None
    """Where the axis ends, if it has an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Panels that answer one question of an operator."""

    question: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What something costs here, for whoever looks to fill in."""

    name: str
    label: str
    tells: str
    usd: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One dashboard."""

    uid: str
    """Stays the same for ever: people have it in bookmarks."""
    title: str
    tells: str
    roles: str = ""
    """Regular expression of the roles that it is about; empty where it does not go by processes."""
    rows: tuple[Row, ...]
    prices: tuple[Price, ...] = ()

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Of all rows."""
        return tuple(panel for row in self.rows for panel in row.panels)
