"""The objectives of an installation: the only place that says what is good enough. Dashboards and docs read it too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

WINDOW = "30d"
"""Over which each objective is kept."""
BUDGET_LEFT = f"slo:error_budget_left:ratio_{WINDOW}"
"""The series that tells how much of each error budget is left, of 1."""
_APIS = 'job=~"ingestion-api|job-status-api|standalone"'
_SLOW_BY_NATURE = (
    "/v1/recordings", "/v1/recordings/imports", "/v1/recordings/uploads.*", "/v1/tus.*", "/v1/uploads.*", "/v1/audio/.*",
    "/v1/listen", "/asr", "/detect-language", ".*/audio", ".*/events", "/auth/.*", ".*/test",
)  # fmt: skip
"""Routes whose answers take as long as bytes, other servers or somebody's speech."""
_WAITED_FOR = 'priority!="bulk"'
"""Archives may take their time."""

Samples = Callable[[float], Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slo:
    """One objective: this share of events is good within the window."""

    name: str
    title: str
    objective: float
    """Of 1."""
    means: str
    """What is counted, and what is good."""
    events: str
    """PromQL: all events a second, over 5 minutes."""
    errors: str
    """PromQL: those that were not good."""
    least: int
    """Events in the longer window of an alert below which nobody is told: a single failure at night is no trend."""
    impact: str
    page: str
    trial: Samples
    """Series of a minute in which this share of 100 events is not good."""

    @property
    def budget(self) -> float:
        """Share of events that may be bad."""
        return 1 - self.objective


def _slower(histogram: str, seconds: float, matchers: str) -> tuple[str, str]:
    """Events, and those that took longer than one of the histogram's bounds."""
    events = f"sum(rate({histogram}_count{{{matchers}}}[5m]))"
    # Whole numbers are told with or without a decimal point, as the format goes.
    bound = f"{seconds:g}(\\\\.0)?" if seconds == int(seconds) else f"{seconds:g}"
    return events, f'{events} - sum(rate({histogram}_bucket{{{matchers},le=~"{bound}"}}[5m]))'


def _histogram_trial(histogram: str, seconds: float, labels: str) -> Samples:
    def samples(share: float) -> Mapping[str, float]:
        return {
            f"{histogram}_count{{{labels}}}": 100,
            f'{histogram}_bucket{{{labels},le="{float(seconds)!r}"}}': 100 * (1 - share),
        }

    return samples


_WAITS, _ENTRIES = "diarist_transcript_wait_per_audio_minute_seconds", "diarist_entry_wait_seconds"
_REQUESTS, _DURATION = "diarist_http_requests_total", "diarist_http_request_duration_seconds"
_QUICK_ROUTES = f'{_APIS},route!~"{"|".join(_SLOW_BY_NATURE)}"'
_LATENCY, _TRANSCRIPTS, _WRITTEN = (
    _slower(_DURATION, 0.25, _QUICK_ROUTES), _slower(_WAITS, 30, _WAITED_FOR), _slower(_ENTRIES, 120, _WAITED_FOR),
)  # fmt: skip

SLOS = (
    Slo(
        name="api-availability",
        title="Requests are answered",
        objective=0.9995,
        means="Requests to the APIs; good is every answer but 5xx. What never reached a process is not counted: see RoleDown.",
        events=f"sum(rate({_REQUESTS}{{{_APIS}}}[5m]))",
        errors=f'sum(rate({_REQUESTS}{{{_APIS},status="5xx"}}[5m])) or vector(0)',
        least=50,
        impact="People and programs get errors instead of answers.",
        page="slo-api-availability",
        trial=lambda share: {
            f'{_REQUESTS}{{job="ingestion-api",method="GET",route="/v1/jobs",status="5xx"}}': 100 * share,
            f'{_REQUESTS}{{job="ingestion-api",method="GET",route="/v1/jobs",status="2xx"}}': 100 * (1 - share),
        },
    ),
    Slo(
        name="api-latency",
        title="Requests are answered quickly",
        objective=0.99,
        means="Requests but uploads, downloads, streams and those that wait for speech to be heard; good is within 250 ms.",
        events=_LATENCY[0],
        errors=_LATENCY[1],
        least=50,
        impact="Pages and programs feel slow.",
        page="slo-api-latency",
        trial=_histogram_trial(_DURATION, 0.25, 'job="job-status-api",method="GET",route="/v1/jobs"'),
    ),
    Slo(
        name="transcript-time",
        title="Transcripts come soon",
        objective=0.95,
        means=(
            "First transcripts, archives left out; good is within 30 s for each minute of audio (at least one) from "
            "when it was given."
        ),
        events=_TRANSCRIPTS[0],
        errors=_TRANSCRIPTS[1],
        least=20,
        impact="People wait longer for their transcripts than was promised.",
        page="slo-transcript-time",
        trial=_histogram_trial(_WAITS, 30, 'job="transcription-worker",priority="normal"'),
    ),
    Slo(
        name="entry-time",
        title="Entries follow",
        objective=0.95,
        means="First entries, archives left out; good is within 2 minutes from when the transcript was whole.",
        events=_WRITTEN[0],
        errors=_WRITTEN[1],
        least=20,
        impact="Transcripts are there, and their diary entries are late.",
        page="slo-entry-time",
        trial=_histogram_trial(_ENTRIES, 120, 'job="llm-worker",priority="normal"'),
    ),
)
NOTHING_LOST = "max(diarist_jobs_stranded)"
"""The fifth objective has no budget: not one job may be left that nothing brings to its end. Told by JobsStranded at once."""
