"""Alerts of the processes themselves: whether they are there, ready, and in time."""

from __future__ import annotations

from alerting.alert import Alert, Part, Severity, Trial
from alerting.courses import Count, Gone, Level, Phases, There

FLEET = ("ingestion-api", "job-status-api", "transcription-worker", "llm-worker")
JOBS = "|".join((*FLEET, "standalone"))
"""Scrape jobs are called as roles are."""
_UP = f'up{{job=~"{JOBS}"}}'
_MISSING = " or ".join(f'absent(up{{job="{role}"}})' for role in FLEET)
_MEMORY = {"ingestion-api": 2, "job-status-api": 1, "transcription-worker": 4, "llm-worker": 2, "standalone": 4}
"""GiB that each role is given, see deploy/kubernetes/diarist/values.yaml."""
_LIMITS = " or ".join(f'label_replace(vector({gib * 2**30}), "job", "{role}", "", "")' for role, gib in _MEMORY.items())


def _up(role: str, number: int = 1) -> str:
    return f'up{{job="{role}",instance="{role}-{number}:9100"}}'


ROLES = Part(
    name="roles",
    alerts=(
        Alert(
            name="RoleDown",
            severity=Severity.PAGE,
            expression=f'sum by (job) ({_UP}) == 0\nor ({_MISSING})\nunless on () up{{job="standalone"}}',
            lasting="1m",
            summary="No process of {{ $labels.job }} answers.",
            impact="Nothing of what this role does is done. What was given is kept; see the page for which promises wait.",
            page="role-down",
            trial=Trial(
                series={_up(role): Gone() if role == "llm-worker" else Level(1, 1) for role in FLEET},
                labels={"job": "llm-worker"},
                told="No process of llm-worker answers.",
            ),
        ),
        Alert(
            name="ProcessDown",
            severity=Severity.TICKET,
            expression=f"{_UP} == 0",
            lasting="5m",
            summary="{{ $labels.job }} at {{ $labels.instance }} does not answer.",
            impact="The others of its role do its work; there is less room for load and for the next failure.",
            page="process-down",
            trial=Trial(
                series={_up("llm-worker"): Level(1, 0), _up("llm-worker", 2): Level(1, 1)},
                labels={"job": "llm-worker", "instance": "llm-worker-1:9100"},
                told="llm-worker at llm-worker-1:9100 does not answer.",
            ),
        ),
        Alert(
            name="RoleNotReady",
            severity=Severity.PAGE,
            expression='max by (job, check) (diarist_check_passing{check!="broker"}) == 0',
            lasting="2m",
            summary="No process of {{ $labels.job }} is ready: the check `{{ $labels.check }}` fails.",
            impact="It is as if the role were down: nothing of what it does is done. What was given is kept.",
            page="process-not-ready",
            trial=Trial(
                series={
                    'diarist_check_passing{job="job-status-api",instance="a",check="database"}': Level(1, 0, near=0),
                    'diarist_check_passing{job="job-status-api",instance="b",check="database"}': Level(1, 0),
                    'diarist_check_passing{job="job-status-api",instance="b",check="broker"}': Level(1, 1, near=0),
                },
                labels={"job": "job-status-api", "check": "database"},
                told="No process of job-status-api is ready: the check `database` fails.",
            ),
        ),
        Alert(
            name="ProcessNotReady",
            severity=Severity.TICKET,
            expression='min by (job, check) (diarist_check_passing{check!="broker"}) == 0',
            lasting="10m",
            summary="A process of {{ $labels.job }} is not ready: the check `{{ $labels.check }}` fails.",
            impact="It takes no requests or does no work; the others of its role do.",
            page="process-not-ready",
            trial=Trial(
                series={
                    'diarist_check_passing{job="job-status-api",instance="a",check="database"}': Level(1, 0),
                    'diarist_check_passing{job="job-status-api",instance="a",check="broker"}': Level(1, 1, near=0),
                },
                labels={"job": "job-status-api", "check": "database"},
                told="A process of job-status-api is not ready: the check `database` fails.",
            ),
        ),
        Alert(
            name="ProcessRestarts",
            severity=Severity.TICKET,
            expression=f'changes(process_start_time_seconds{{job=~"{JOBS}"}}[1h]) > 3',
            summary="{{ $labels.job }} at {{ $labels.instance }} has started {{ $value }} times within an hour.",
            impact="Each time what it had in hand begins again at its last whole chunk. Nothing is lost, but much is done twice.",
            page="process-restarts",
            trial=Trial(
                series={'process_start_time_seconds{job="llm-worker",instance="a"}': Count(0, 600)},
                labels={"job": "llm-worker", "instance": "a"},
                told="llm-worker at a has started 59 times within an hour.",
            ),
        ),
        Alert(
            name="VersionsMixed",
            severity=Severity.TICKET,
            expression="count(count by (version) (diarist_build_info)) > 1",
            lasting="2h",
            summary="{{ $value }} versions of Diarist run side by side.",
            impact="That is how a rollout looks in between; for long it hides that one of them was never finished.",
            page="versions-mixed",
            trial=Trial(
                series={
                    'diarist_build_info{job="llm-worker",instance="a",version="1.0.0"}': Level(1, 1),
                    'diarist_build_info{job="ingestion-api",instance="b",version="1.1.0"}': There(),
                },
                told="2 versions of Diarist run side by side.",
                phases=Phases(bad=180),
            ),
        ),
        Alert(
            name="EventLoopLags",
            severity=Severity.TICKET,
            expression=(
                "histogram_quantile(0.99, sum by (job, loop, le) (rate(diarist_event_loop_lag_seconds_bucket[10m]))) > 0.25"
            ),
            lasting="10m",
            summary=(
                "{{ $labels.job }}: its event loop `{{ $labels.loop }}` is {{ $value | humanizeDuration }} late (99th "
                "percentile)."
            ),
            impact="Answers wait for each other. Later than some seconds, leases are not renewed and healthy work is taken away.",
            page="event-loop-lags",
            trial=Trial(
                series={
                    'diarist_event_loop_lag_seconds_bucket{job="llm-worker",instance="a",loop="worker",le="0.1"}': Count(
                        120, 60, 120
                    ),
                    'diarist_event_loop_lag_seconds_bucket{job="llm-worker",instance="a",loop="worker",le="0.5"}': Count(120, 60),
                    'diarist_event_loop_lag_seconds_bucket{job="llm-worker",instance="a",loop="worker",le="1.0"}': Count(
                        120, 120
                    ),
                    'diarist_event_loop_lag_seconds_bucket{job="llm-worker",instance="a",loop="worker",le="+Inf"}': Count(
                        120, 120
                    ),
                },
                labels={"job": "llm-worker", "loop": "worker"},
                told="llm-worker: its event loop `worker` is 990ms late (99th percentile).",
            ),
        ),
        Alert(
            name="ProcessMemoryHigh",
            severity=Severity.TICKET,
            expression=f"max by (job) (instance:diarist_memory_bytes:sum) / on (job) group_left () ({_LIMITS}) > 0.85",
            lasting="10m",
            summary=(
                "{{ $labels.job }} with its child processes holds {{ $value | humanizePercentage }} of the memory that it "
                "is given."
            ),
            impact="At 100 % the system kills it: its tasks begin again at their last whole chunk, and uploads break off.",
            page="process-memory-high",
            trial=Trial(
                series={
                    'process_resident_memory_bytes{job="transcription-worker",instance="a"}': Level(2**29, 2**29),
                    'diarist_child_resident_memory_bytes{job="transcription-worker",instance="a",child="engine"}': Level(
                        2**30, 3.25 * 2**30, near=2.5 * 2**30
                    ),
                },
                labels={"job": "transcription-worker"},
                told="transcription-worker with its child processes holds 93.75% of the memory that it is given.",
            ),
        ),
        Alert(
            name="FilesRunOut",
            severity=Severity.TICKET,
            expression="max by (job) (process_open_fds / process_max_fds) > 0.8",
            lasting="5m",
            summary="{{ $labels.job }} has {{ $value | humanizePercentage }} of its file descriptors open.",
            impact="Without any left it can neither answer nor read recordings.",
            page="files-run-out",
            trial=Trial(
                series={
                    'process_open_fds{job="ingestion-api",instance="a"}': Level(100, 3600, near=3000),
                    'process_max_fds{job="ingestion-api",instance="a"}': Level(4000, 4000),
                },
                labels={"job": "ingestion-api"},
                told="ingestion-api has 90% of its file descriptors open.",
            ),
        ),
    ),
)
