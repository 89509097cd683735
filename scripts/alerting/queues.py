"""Alerts of the ledger: work that waits, that nobody does, or that takes its workers down."""

from __future__ import annotations

from alerting.alert import Alert, Part, Severity, Trial
from alerting.courses import Count, Level, Phases, Rising, There

_HEARD = "audio|transcription|llm"
QUEUES = Part(
    name="queues",
    alerts=(
        Alert(
            name="NobodyWorks",
            severity=Severity.PAGE,
            expression="queue:diarist_queue_depth:sum > 0 and on (queue) queue:diarist_queue_running:sum == 0",
            lasting="3m",
            summary="{{ $value }} tasks are ready in the queue `{{ $labels.queue }}`, and nobody works on any.",
            impact="Recordings are taken in and stay where they are. Nothing is lost.",
            page="nobody-works",
            trial=Trial(
                series={
                    'diarist_queue_depth{queue="llm",priority="normal"}': Level(0, 12, near=12),
                    'diarist_queue_running{queue="llm",priority="normal"}': Level(0, 0, near=4),
                },
                labels={"queue": "llm"},
                told="12 tasks are ready in the queue `llm`, and nobody works on any.",
            ),
        ),
        Alert(
            name="TasksWaitLong",
            severity=Severity.PAGE,
            expression=f'max by (queue) (diarist_queue_oldest_age_seconds{{queue=~"{_HEARD}",priority!="bulk"}}) > 900',
            lasting="5m",
            summary="In the queue `{{ $labels.queue }}` a task has waited for {{ $value | humanizeDuration }}.",
            impact="People wait that long for their transcript or entry, and longer as the queue grows.",
            page="tasks-wait-long",
            trial=Trial(
                series={
                    'diarist_queue_oldest_age_seconds{queue="transcription",priority="normal"}': Level(5, 1800, near=890),
                    'diarist_queue_oldest_age_seconds{queue="transcription",priority="bulk"}': Level(90000, 90000),
                },
                labels={"queue": "transcription"},
                told="In the queue `transcription` a task has waited for 30m 0s.",
            ),
        ),
        Alert(
            name="BacklogGrows",
            severity=Severity.TICKET,
            expression=(
                "queue:diarist_queue_backlog_audio_seconds:sum > 36000\n"
                "and on (queue) deriv(queue:diarist_queue_backlog_audio_seconds:sum[30m]) > 0"
            ),
            lasting="30m",
            summary=(
                "{{ $value | humanizeDuration }} of audio wait in the queue `{{ $labels.queue }}`, and more comes than is done."
            ),
            impact="Waits get longer until more is done than comes. Scaling should have begun.",
            page="backlog-grows",
            trial=Trial(
                series={
                    'diarist_queue_backlog_audio_seconds{queue="transcription",priority="normal"}': Rising(35000, 60, near=10),
                },
                labels={"queue": "transcription"},
                told="10h 49m 0s of audio wait in the queue `transcription`, and more comes than is done.",
            ),
        ),
        Alert(
            name="LeasesExpire",
            severity=Severity.TICKET,
            expression="sum by (queue) (increase(diarist_queue_lease_expiries_total[30m])) > 5",
            summary=(
                'In the queue `{{ $labels.queue }}` {{ $value | printf "%.0f" }} tasks were taken from silent workers within '
                "half an hour."
            ),
            impact="Workers die or stand still. Each of these tasks was begun again by another; after five times it is parked.",
            page="leases-expire",
            trial=Trial(
                series={'diarist_queue_lease_expiries_total{job="llm-worker",queue="audio",priority="normal"}': Count(0, 1, 0.1)},
                labels={"queue": "audio"},
                told="In the queue `audio` 30 tasks were taken from silent workers within half an hour.",
            ),
        ),
        Alert(
            name="TasksParked",
            severity=Severity.TICKET,
            expression="sum by (queue) (diarist_queue_parked) > 0",
            lasting="5m",
            summary="{{ $value }} tasks are parked in the queue `{{ $labels.queue }}`.",
            impact=(
                "Each took its worker down five times. Its job has failed, or has a gap; the recording is kept and can be "
                "tried again."
            ),
            page="tasks-parked",
            trial=Trial(
                series={'diarist_queue_parked{queue="transcription",priority="normal"}': Level(0, 2)},
                labels={"queue": "transcription"},
                told="2 tasks are parked in the queue `transcription`.",
            ),
        ),
        Alert(
            name="TasksFail",
            severity=Severity.TICKET,
            expression=(
                "stage:diarist_task_failures:ratio_rate30m > 0.2 and on (stage) stage:diarist_task_attempts:rate30m * 1800 > 10"
            ),
            lasting="5m",
            summary="{{ $value | humanizePercentage }} of the tries of `{{ $labels.stage }}` fail.",
            impact="Most are tried again, up to five times; then the job fails, or has a gap.",
            page="tasks-fail",
            trial=Trial(
                series={
                    'diarist_task_duration_seconds_count{job="llm-worker",stage="compose",outcome="succeeded"}': Count(10, 6, 9),
                    'diarist_task_duration_seconds_count{job="llm-worker",stage="compose",outcome="retried"}': Count(0, 4, 1),
                },
                labels={"stage": "compose"},
                told="40% of the tries of `compose` fail.",
            ),
        ),
        Alert(
            name="JobsStranded",
            severity=Severity.PAGE,
            expression="slo:lost_jobs:max > 0",
            lasting="5m",
            summary="{{ $value }} jobs are not at their end, and nothing will bring them there.",
            impact=(
                "This breaks the promise that nothing is lost: their recordings are kept, but get no transcript by themselves."
            ),
            page="jobs-stranded",
            labels={"slo": "nothing-lost"},
            trial=Trial(
                series={
                    'diarist_jobs_stranded{job="llm-worker",instance="a"}': Level(0, 3),
                    'diarist_jobs_stranded{job="llm-worker",instance="b"}': Level(0, 0),
                },
                told="3 jobs are not at their end, and nothing will bring them there.",
            ),
        ),
        Alert(
            name="LedgerUnseen",
            severity=Severity.TICKET,
            expression="(sum(diarist_reporting) or vector(0)) == 0",
            lasting="5m",
            summary="No process tells what waits in the queues.",
            impact="Alerts of queues, lost jobs, budgets and webhooks are blind meanwhile, and workers are not scaled.",
            page="ledger-unseen",
            trial=Trial(
                series={
                    'diarist_reporting{job="llm-worker",instance="a"}': Level(1, 0),
                    'diarist_reporting{job="ingestion-api",instance="b"}': Level(0, 0),
                },
                told="No process tells what waits in the queues.",
            ),
        ),
    ),
)
RECORDINGS = Part(
    name="recordings",
    alerts=(
        Alert(
            name="JobsFail",
            severity=Severity.TICKET,
            expression=(
                'sum(increase(diarist_jobs_finished_total{outcome="failed"}[1h])) > 3\n'
                'and sum(increase(diarist_jobs_finished_total{outcome="failed"}[1h]))'
                " / sum(increase(diarist_jobs_finished_total[1h])) > 0.05"
            ),
            summary='{{ $value | printf "%.0f" }} jobs have failed within an hour, more than one in twenty.',
            impact="Their recordings are kept, and say why; the people who gave them have no transcript.",
            page="jobs-fail",
            trial=Trial(
                series={
                    'diarist_jobs_finished_total{job="llm-worker",outcome="succeeded"}': Count(10, 9),
                    'diarist_jobs_finished_total{job="llm-worker",outcome="failed"}': Count(0, 1, 0.25),
                },
                told="59 jobs have failed within an hour, more than one in twenty.",
            ),
        ),
        Alert(
            name="SpeechDropped",
            severity=Severity.TICKET,
            expression='coverage:diarist_coverage_seconds:ratio_rate6h{coverage="dropped_speech"} > 0.02',
            lasting="10m",
            summary="{{ $value | humanizePercentage }} of the audio holds a voice for which there is no text.",
            impact="Transcripts have holes. They name them, and entries say nothing of what was said there.",
            page="speech-dropped",
            trial=Trial(
                series={
                    'diarist_coverage_seconds_total{job="transcription-worker",coverage="transcribed"}': Count(960, 960),
                    'diarist_coverage_seconds_total{job="transcription-worker",coverage="dropped_speech"}': Count(0, 40, 10),
                },
                labels={"coverage": "dropped_speech"},
                told="3.253% of the audio holds a voice for which there is no text.",
                phases=Phases(bad=200, after=480),
            ),
        ),
        Alert(
            name="SpeechSuspect",
            severity=Severity.TICKET,
            expression='coverage:diarist_coverage_seconds:ratio_rate6h{coverage="suspect"} > 0.25',
            lasting="30m",
            summary="Something speaks against {{ $value | humanizePercentage }} of what was heard.",
            impact=(
                "Text is there, marked as doubtful; entries are made of the rest. Much at once means a bad model or bad sound."
            ),
            page="speech-suspect",
            trial=Trial(
                series={
                    'diarist_coverage_seconds_total{job="transcription-worker",coverage="transcribed"}': Count(1000, 200, 900),
                    'diarist_coverage_seconds_total{job="transcription-worker",coverage="suspect"}': Count(0, 800, 100),
                },
                labels={"coverage": "suspect"},
                told="Something speaks against 63.21% of what was heard.",
                phases=Phases(bad=200, after=480),
            ),
        ),
        Alert(
            name="FaultsOfOurs",
            severity=Severity.TICKET,
            # A counter may begin at 1, which is no increase.
            expression=(
                'sum by (kind) (increase(diarist_errors_total{code="internal"}[1h])) > 0\n'
                'or sum by (kind) (diarist_errors_total{code="internal"} unless diarist_errors_total offset 1h) > 0'
            ),
            summary="Something that nobody expected went wrong in a {{ $labels.kind }}.",
            impact="Whoever met it was told so; tasks are tried again. It is a fault of Diarist.",
            page="faults-of-ours",
            trial=Trial(
                series={
                    'diarist_errors_total{job="llm-worker",code="internal",kind="task"}': There(),
                    'diarist_errors_total{job="llm-worker",code="engine_failed",kind="task"}': Count(0, 1, 1),
                },
                labels={"kind": "task"},
                told="Something that nobody expected went wrong in a task.",
                phases=Phases(bad=40),
            ),
        ),
        Alert(
            name="UploadsRefused",
            severity=Severity.TICKET,
            expression=(
                'sum(rate(diarist_uploads_total{outcome="refused"}[30m])) / sum(rate(diarist_uploads_total[30m])) > 0.5\n'
                "and sum(increase(diarist_uploads_total[30m])) > 20"
            ),
            lasting="10m",
            summary="{{ $value | humanizePercentage }} of what people give is refused.",
            impact=(
                "They are told why, and nothing was stored. Much at once means a broken client, a full disk or a limit "
                "set too low."
            ),
            page="uploads-refused",
            trial=Trial(
                series={
                    'diarist_uploads_total{job="ingestion-api",protocol="tus",outcome="accepted"}': Count(10, 2, 7),
                    'diarist_uploads_total{job="ingestion-api",protocol="tus",outcome="refused"}': Count(0, 8, 3),
                },
                told="80% of what people give is refused.",
            ),
        ),
    ),
)
