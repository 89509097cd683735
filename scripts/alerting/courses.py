"""How a series goes in a trial of an alert: well, then nearly bad, then bad, then well again; in promtool's notation.

See https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """Minutes of each; there is one sample a minute."""

    well: int = 20
    near: int = 40
    bad: int = 60
    after: int = 120

    @property
    def ends(self) -> tuple[int, int, int, int]:
        """The minute at which each is over."""
        return (
            self.well, self.well + self.near, self.well + self.near + self.bad,
            self.well + self.near + self.bad + self.after,
        )  # fmt: skip


class Course(Protocol):
    """One series."""

    def values(self, phases: Phases) -> str:
        """In promtool's notation."""
        ...


@dataclass(frozen=True, slots=True)
class Level:
    """A gauge."""

    well: float
    bad: float
    near: float | None = None
    """Not yet bad enough; left out, as when all is well."""

    def values(self, phases: Phases) -> str:
        return " ".join(_still(value, minutes) for value, minutes in _in_turn(self, phases))


@dataclass(frozen=True, slots=True)
class Count:
    """A counter, by how much it grows in a minute."""

    well: float
    bad: float
    near: float | None = None

    def values(self, phases: Phases) -> str:
        total, parts = 0.0, []
        for grows, minutes in _in_turn(self, phases):
            parts.append(f"{_number(total + grows)}+{_number(grows)}x{minutes - 1}")
            total += grows * minutes
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Gone:
    """A series that is not there while things are bad."""

    value: float = 1

    def values(self, phases: Phases) -> str:
        return f"{_still(self.value, phases.well + phases.near)} _x{phases.bad} {_still(self.value, phases.after)}"


@dataclass(frozen=True, slots=True)
class There:
    """A series that is there only while things are bad."""

    value: float = 1

    def values(self, phases: Phases) -> str:
        return f"_x{phases.well + phases.near} {_still(self.value, phases.bad)} _x{phases.after}"


@dataclass(frozen=True, slots=True)
class Rising:
    """A gauge that stays where it is, and while things are bad changes by so much a minute."""

    start: float
    change: float
    near: float = 0.0

    def values(self, phases: Phases) -> str:
        before = self.start + self.near * phases.near
        return " ".join(
            (
                _still(self.start, phases.well),
                f"{_number(self.start + self.near)}{self.near:+g}x{phases.near - 1}",
                f"{_number(before + self.change)}{self.change:+g}x{phases.bad - 1}",
                _still(self.start, phases.after),
            )
        )


def _in_turn(course: Level | Count, phases: Phases) -> Sequence[tuple[float, int]]:
    near = course.well if course.near is None else course.near
    return ((course.well, phases.well), (near, phases.near), (course.bad, phases.bad), (course.well, phases.after))


def _still(value: float, minutes: int) -> str:
    return f"{_number(value)}+0x{minutes - 1}"


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
