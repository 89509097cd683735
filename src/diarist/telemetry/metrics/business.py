"""What the whole thing is for: recordings that come, what is heard in them, and entries that are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from diarist.domain.coverage import CoverageLabel
from diarist.domain.events import Event, EventKind
from diarist.telemetry.metrics.catalogue import Catalogue, Counters

_JOBS = {
    EventKind.JOB_SUCCEEDED: "succeeded",
    EventKind.JOB_FAILED: "failed",
    EventKind.JOB_CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessMetrics:
    """Counted when it is committed, by the process that did it."""

    recordings: Counters
    transcripts: Counters
    entries: Counters
    jobs: Counters
    coverage: Counters

    @classmethod
    def open(cls, catalogue: Catalogue) -> Self:
        """Its families, in the catalogue."""
        return cls(
            recordings=catalogue.counters("diarist_recordings_total", "Recordings that were taken in."),
            transcripts=catalogue.counters("diarist_transcripts_total", "Transcripts that were completed."),
            entries=catalogue.counters("diarist_entries_total", "Entries that were made."),
            jobs=catalogue.counters(
                "diarist_jobs_finished_total", "Jobs that came to their end: succeeded, failed, cancelled.", ("outcome",)
            ),
            coverage=catalogue.counters(
                "diarist_coverage_seconds_total",
                "Audio of completed transcripts, by what became of each second; all labels together are what was processed.",
                ("coverage",),
                unit="seconds",
            ),
        )

    def happened(self, event: Event) -> None:
        """An event has been committed."""
        match event.kind:
            case EventKind.RECORDING_RECEIVED:
                self.recordings.add()
            case EventKind.TRANSCRIPT_COMPLETED:
                self.transcripts.add()
            case EventKind.ENTRY_CREATED:
                self.entries.add()
            case kind if kind in _JOBS:
                self.jobs.add(_JOBS[kind])

    def covered(self, seconds: Mapping[CoverageLabel, float]) -> None:
        """A transcript has been completed; `seconds` of audio, by what became of them."""
        for label, amount in seconds.items():
            self.coverage.add(label, by=amount)
