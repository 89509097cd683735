"""An alert, with everything that makes it worth waking somebody, and the trial that shows when it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from alerting.courses import Course, Phases

RUNBOOKS = "https://github.com/diarist/diarist/blob/main/docs/runbooks"
"""Where the pages of docs/runbooks can be read by whoever is woken."""


class Severity(StrEnum):
    """What somebody has to do."""

    PAGE = "page"
    """Look at once, at night too: people cannot use Diarist, or recordings wait that nobody works on."""
    TICKET = "ticket"
    """Look on the next working day."""
    NONE = "none"
    """Nothing; it says that alerts arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Series by which an alert is tried: it stays silent while all is well, nearly bad, and bad for less than it waits for.

    It fires at the end of the bad time, and is over at the end.
    """

    series: Mapping[str, Course]
    told: str
    """The summary, as people read it."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Of the alert, besides those that its rule gives it."""
    phases: Phases = field(default_factory=Phases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One failure that an operator has to act on."""

    name: str
    severity: Severity
    expression: str
    """PromQL; every series that it gives is an alert."""
    lasting: str = "0s"
    """How long it has to be so."""
    summary: str
    """What is wrong, in one line; Prometheus' templates."""
    impact: str
    """What it means for people and their recordings."""
    page: str
    """Of docs/runbooks, without `.md`."""
    trial: Trial
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """What is worked out once for all who ask for it; named level:metric:operation."""

    name: str
    expression: str
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The alerts of one part of the installation."""

    name: str
    alerts: tuple[Alert, ...]
    records: tuple[Record, ...] = ()
    """What only these need."""
