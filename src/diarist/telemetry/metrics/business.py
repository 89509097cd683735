"""What the whole thing is for: recordings that come, what is heard in them, and entries that are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from diarist.domain.coverage import CoverageLabel
from diarist.domain.events import Event, EventKind
from diarist.telemetry.metrics.catalogue import LONG, Catalogue, Counters, Histograms

_JOBS = {
    EventKind.JOB_SUCCEEDED: "succeeded",
    EventKind.JOB_FAILED: "failed",
    EventKind.JOB_CANCELLED: "cancelled",
}

_WAITS = (0.5, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
"""Seconds for a minute of audio; at 60 people wait as long as they spoke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessMetrics:
    """Counted when it is committed, by the process that did it."""

    recordings: Counters
    transcripts: Counters
    entries: Counters
    jobs: Counters
    coverage: Counters
    transcript_waits: Histograms
    entry_waits: Histograms

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
            transcript_waits=catalogue.histograms(
                "diarist_transcript_wait_per_audio_minute_seconds",
                "Time from when a recording was there to its first whole transcript, by its minutes; below one counts as one.",
                ("priority",),
                buckets=_WAITS,
                unit="seconds",
            ),
            entry_waits=catalogue.histograms(
                "diarist_entry_wait_seconds",
                "Time from when a transcript was whole to the first entry that was made of it.",
                ("priority",),
                buckets=LONG,
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

    def transcribed(self, priority: str, seconds: float, audio_seconds: float) -> None:
        """A recording has its first whole transcript, `seconds` after it was there."""
        self.transcript_waits.observe(max(0.0, seconds) / max(1.0, audio_seconds / 60), priority)

    def composed(self, priority: str, seconds: float) -> None:
        """A transcript has its first entry, `seconds` after it was whole."""
        self.entry_waits.observe(max(0.0, seconds), priority)

    def covered(self, seconds: Mapping[CoverageLabel, float]) -> None:
        """A transcript has been completed; `seconds` of audio, by what became of them."""
        for label, amount in seconds.items():
            self.coverage.add(label, by=amount)
