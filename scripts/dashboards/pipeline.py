"""The path of recordings: how they come, how each stage fares with them, and who is told."""

from __future__ import annotations

from alerting.recorded import FAILED, TRIED
from dashboards.asking import LATELY, MINE, average, everywhere, quantile, rate, ratio, seldom
from dashboards.board import Board, Colour, Panel, Query, Row, Shape

_COVERAGE = "diarist_coverage_seconds_total"
_TRIES, _TRIES_FAILED = (rate("diarist_task_duration_seconds_count", "stage", where=which) for which in (TRIED, FAILED))

_JOBS_FAILED = seldom("diarist_jobs_finished_total", where='outcome="failed"')

_IN_AND_OUT = Row(
    question="Does as much come out as goes in?",
    panels=(
        Panel(
            title="Recordings, transcripts, entries",
            tells="How many an hour. The lines lie on each other while all goes well; a gap is work that waits or fails.",
            unit="short",
            queries=tuple(
                Query(f"3600 * {everywhere(f'diarist_{what}_total')}", what) for what in ("recordings", "transcripts", "entries")
            ),
            help="runbooks/tasks-wait-long.md",
            width=12,
        ),
        Panel(
            title="How recordings come",
            tells="How many an hour, by protocol and whether they are new, known or refused.",
            unit="short",
            queries=(Query(f"3600 * {rate('diarist_uploads_total', 'protocol', 'outcome')}", "{{protocol}} {{outcome}}"),),
            stacked=True,
            help="runbooks/uploads-refused.md",
            width=6,
        ),
        Panel(
            title="Why recordings are refused",
            tells="How many an hour, by the code of the error. Much of one code is a broken client, or a limit set too low.",
            unit="short",
            queries=(Query(f"3600 * {seldom('diarist_upload_refusals_total', 'code')}", "{{code}}"),),
            stacked=True,
            help="runbooks/uploads-refused.md",
            width=6,
        ),
    ),
)
_STAGES = Row(
    question="Which stage is slow, which fails?",
    panels=(
        Panel(
            title="Time of a task",
            tells="95 % of the tries at tasks of each stage are done within this time. Dots lead to traces.",
            unit="s",
            queries=(Query(quantile(0.95, "diarist_task_duration_seconds", "stage"), "{{stage}}"),),
            exemplars=True,
            help="how-to/see-what-happens.md",
        ),
        Panel(
            title="How long transcribing a chunk takes",
            tells="How many chunks took how long. Two bands: two kinds of machines, or of recordings.",
            unit="s",
            queries=(Query(rate("diarist_task_duration_seconds_bucket", "le", where='stage="transcribe"'), "{{le}}"),),
            shape=Shape.HEAT,
            exemplars=True,
            help="runbooks/engine-slow.md",
        ),
        Panel(
            title="Tasks at work",
            tells="In the chosen processes now. All workers busy with one stage: the others wait for it.",
            unit="short",
            queries=(Query(f"sum by (stage) (diarist_tasks_running{{{MINE}}})", "{{stage}}"),),
            stacked=True,
            help="runbooks/nobody-works.md",
        ),
        Panel(
            title="Tries that failed",
            tells="Share of all, by stage. Most are tried again, up to five times.",
            unit="percentunit",
            queries=(
                Query(
                    ratio(f"({_TRIES_FAILED} or 0 * {_TRIES})", _TRIES),
                    "{{stage}}",
                ),
            ),
            steps=((0.05, Colour.LOOK), (0.2, Colour.ACT)),
            help="runbooks/tasks-fail.md",
        ),
        Panel(
            title="Errors of tasks",
            tells="How many an hour, by stage and the code of the error. The reference of errors says what each means.",
            unit="short",
            queries=(Query(f"3600 * {seldom('diarist_task_errors_total', 'stage', 'code')}", "{{stage}} {{code}}"),),
            stacked=True,
            help="runbooks/tasks-fail.md",
        ),
        Panel(
            title="Tries until a task was settled",
            tells="The mean, by stage; 1 is best.",
            unit="none",
            queries=(Query(average("diarist_task_attempts", "stage"), "{{stage}}"),),
            steps=((1.2, Colour.LOOK), (2, Colour.ACT)),
            help="runbooks/tasks-fail.md",
        ),
    ),
)
_KEPT = Row(
    question="Is anything lost of what was said?",
    panels=(
        Panel(
            title="What became of each second",
            tells="Of the audio of completed transcripts. `dropped_speech`: a voice without text; `suspect`: text of doubtful "
            "worth.",
            unit="percentunit",
            queries=(
                Query(
                    f"sum by (coverage) (rate({_COVERAGE}[{LATELY}])) / ignoring (coverage) group_left ()"
                    f" ({everywhere(_COVERAGE)} > 0)",
                    "{{coverage}}",
                ),
            ),
            stacked=True,
            most=1,
            help="runbooks/speech-dropped.md",
            width=12,
        ),
        Panel(
            title="Jobs that failed",
            tells="Share of those that came to their end.",
            unit="percentunit",
            queries=(
                Query(
                    f"{_JOBS_FAILED} / {rate('diarist_jobs_finished_total')}",
                    "failed",
                ),
            ),
            steps=((0.01, Colour.LOOK), (0.05, Colour.ACT)),
            help="runbooks/jobs-fail.md",
            width=12,
        ),
    ),
)
_TOLD = Row(
    question="Do those hear of it who asked to?",
    panels=(
        Panel(
            title="Webhooks",
            tells="Tries to send one, a second, by what receivers answered.",
            unit="reqps",
            queries=(Query(rate("diarist_webhook_attempts_total", "outcome"), "{{outcome}}"),),
            stacked=True,
            help="runbooks/webhooks-late.md",
            width=6,
        ),
        Panel(
            title="How late receivers hear",
            tells="From an event to when its webhook was taken: half and 95 % of them.",
            unit="s",
            queries=tuple(
                Query(quantile(share, "diarist_webhook_delivery_age_seconds"), name)
                for share, name in ((0.5, "half"), (0.95, "95 %"))
            ),
            steps=((60, Colour.LOOK), (3600, Colour.ACT)),
            exemplars=True,
            help="runbooks/webhooks-late.md",
            width=6,
        ),
        Panel(
            title="Longest overdue webhook",
            tells="How long the oldest has been due that was not yet tried: grows when nobody sends them.",
            unit="s",
            queries=(Query("max(diarist_webhook_oldest_overdue_seconds)", "overdue"),),
            steps=((60, Colour.LOOK), (600, Colour.ACT)),
            help="runbooks/webhooks-late.md",
            width=6,
        ),
        Panel(
            title="Subscriptions",
            tells="How many are active, and why nothing is sent to the others.",
            unit="short",
            queries=(Query("sum by (condition) (diarist_webhook_subscriptions)", "{{condition}}"),),
            shape=Shape.NUMBER,
            below=Colour.TOLD,
            help="runbooks/webhooks-paused.md",
            width=6,
        ),
    ),
)

PIPELINE = Board(
    uid="diarist-pipeline",
    title="Pipeline: from recording to entry",
    tells="How recordings come, how each stage fares with them, what is lost, and who is told.",
    roles="ingestion-api|transcription-worker|llm-worker|standalone",
    rows=(_IN_AND_OUT, _STAGES, _KEPT, _TOLD),
)
