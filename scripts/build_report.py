"""What builds of images took, as a table and as a drawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from statistics import median

KINDS = ("cold", "warm", "code")
COLOURS = {"cold": "#4269d0", "warm": "#3ca951", "code": "#ff8ab7", "size": "#9c6b4e"}
BAR, LEFT, WIDTH = 16, 150, 620


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """One run of the builder."""

    kind: str
    """`cold`, `warm` (nothing changed) or `code` (a line of the program did)."""
    seconds: float
    steps: int
    """Instructions of the Dockerfile that had a part in it, without `FROM`."""
    cached: int
    """Of these, taken from the cache."""
    cpu_seconds: float | None
    peak_bytes: int | None


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of an image that holds something."""

    bytes: int
    made_by: str


@dataclass(frozen=True, slots=True)
class Image:
    """What came out."""

    bytes: int
    layers: list[Layer]


@dataclass(frozen=True, slots=True)
class Measured:
    """One target."""

    target: str
    builds: list[Build]
    image: Image

    def seconds(self, kind: str) -> float:
        """The median of that kind."""
        return median(build.seconds for build in self.builds if build.kind == kind)

    def hits(self, kind: str) -> float:
        """Share of steps that came from the cache."""
        chosen = [build for build in self.builds if build.kind == kind]
        return sum(build.cached for build in chosen) / max(1, sum(build.steps for build in chosen))

    def cold(self) -> Build:
        """The first."""
        return next(build for build in self.builds if build.kind == "cold")


def table(measured: Sequence[Measured]) -> str:
    """In Markdown; where the naive image is among them, each is compared with it."""
    naive = next((one for one in measured if one.target == "naive"), None)
    lines = [
        "| Target | Cold | Warm | Code changed | Cached then | Processor, cold | Memory, cold | Image | Largest layer |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in measured:
        cold = one.cold()
        cells = [
            one.target,
            *(f"{one.seconds(kind):.1f} s{_less(one, naive, partial(Measured.seconds, kind=kind))}" for kind in KINDS),
            f"{one.hits('code'):.0%}",
            "-" if cold.cpu_seconds is None else f"{cold.cpu_seconds:.0f} s",
            "-" if cold.peak_bytes is None else f"{cold.peak_bytes / 1e6:.0f} MB",
            f"{one.image.bytes / 1e6:.0f} MB{_less(one, naive, lambda of: of.image.bytes)}",
            f"{max(layer.bytes for layer in one.image.layers) / 1e6:.0f} MB",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _less(one: Measured, naive: Measured | None, figure: Callable[[Measured], float]) -> str:
    if naive is None or one is naive:
        return ""
    return f" ({(figure(one) - figure(naive)) / figure(naive):+.0%})"


def drawing(measured: Sequence[Measured]) -> str:
    """Bars as SVG: seconds by kind, then megabytes."""
    figures: list[tuple[str, list[tuple[str, float, str]]]] = [
        (f"{one.target}", [(kind, one.seconds(kind), "s") for kind in KINDS]) for one in measured
    ]
    sizes = [(one.target, [("size", one.image.bytes / 1e6, "MB")]) for one in measured]
    rows, y = [], 24
    for title, groups in (("Seconds to build", figures), ("Size of the image", sizes)):
        rows.append(f'<text x="8" y="{y}" font-weight="bold">{escape(title)}</text>')
        y += 10
        longest = max(value for _, bars in groups for _, value, _ in bars)
        for name, bars in groups:
            rows.append(f'<text x="8" y="{y + 13}">{escape(name)}</text>')
            for kind, value, unit in bars:
                length = max(1.0, value / longest * (WIDTH - LEFT - 90))
                rows.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR - 3}" fill="{COLOURS[kind]}"/>')
                label = f"{value:.1f} {unit}" if unit == "s" else f"{value:.0f} {unit}"
                told = label if kind == "size" else f"{label} {kind}"
                rows.append(f'<text x="{LEFT + length + 6:.1f}" y="{y + 11}" font-size="11">{told}</text>')
                y += BAR
            y += 6
        y += 24
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" '
        f'font-family="sans-serif" font-size="13" role="img" aria-label="Time and size of images">\n'
        f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(rows) + "\n</svg>\n"
    )
