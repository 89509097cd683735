"""The first picture: is it healthy, what is slow and why, what will break next, what does it do and cost."""

from __future__ import annotations

from alerting.roles import JOBS
from alerting.slos import BUDGET_LEFT, NOTHING_LOST
from dashboards.asking import MINE, everywhere, none_is_zero, quantile, rate, ratio, seldom
from dashboards.board import Board, Colour, Panel, Query, Row, Shape
from dashboards.llm import LAST_DAY

_FAILED = seldom("diarist_http_requests_total", where='status="5xx"')

_HEALTHY = Row(
    question="Is it healthy?",
    panels=(
        Panel(
            title="Processes that answer",
            tells="Of each role. None of a role: nothing of what that role does is done; what was given is kept.",
            unit="short",
            queries=(Query(f"sum by (job) (up{{{MINE}}})", "{{job}}"),),
            shape=Shape.NUMBER,
            below=Colour.ACT,
            steps=((1, Colour.WELL),),
            help="runbooks/role-down.md",
            width=8,
            height=5,
        ),
        Panel(
            title="Alerts",
            tells="How many of them fire now. The list of runbooks says of each what it means and what to do.",
            unit="short",
            queries=(
                Query(
                    none_is_zero('count by (severity) (ALERTS{alertstate="firing",severity!="none"})', "severity"), "{{severity}}"
                ),
            ),
            shape=Shape.NUMBER,
            steps=((1, Colour.ACT),),
            help="runbooks/README.md",
            width=4,
            height=5,
        ),
        Panel(
            title="Failing checks",
            tells="Things that processes need and do not have, as /health/ready says. Infrastructure shows which.",
            unit="short",
            queries=(Query(none_is_zero(f"count(diarist_check_passing{{{MINE}}} == 0)"), "failing"),),
            shape=Shape.NUMBER,
            steps=((1, Colour.ACT),),
            help="runbooks/process-not-ready.md",
            width=4,
            height=5,
        ),
        Panel(
            title="Requests that went well",
            tells="Share of answers that were not 5xx. The API dashboard shows which routes fail.",
            unit="percentunit",
            queries=(
                Query(
                    f"1 - {_FAILED} / {rate('diarist_http_requests_total')}",
                    "not 5xx",
                ),
            ),
            shape=Shape.NUMBER,
            below=Colour.ACT,
            steps=((0.99, Colour.LOOK), (0.9995, Colour.WELL)),
            help="runbooks/slo-api-availability.md",
            width=4,
            height=5,
        ),
        Panel(
            title="Jobs nobody will finish",
            tells="Stranded: no task could bring them to their end; it has to be 0. Parked: tasks that lost their worker too "
            "often; a person has to look.",
            unit="short",
            queries=(Query(NOTHING_LOST, "stranded"), Query("sum(diarist_queue_parked)", "parked")),
            shape=Shape.NUMBER,
            steps=((1, Colour.ACT),),
            help="runbooks/jobs-stranded.md",
            width=4,
            height=5,
        ),
    ),
)
_SLOW = Row(
    question="What is slow, and why?",
    panels=(
        Panel(
            title="Wait for a transcript",
            tells="From when a recording was there to its first whole transcript, for each minute of its audio. 60 s: people "
            "wait "
            "as long as they spoke. Long waits and short work: too few workers.",
            unit="s",
            queries=(
                Query(quantile(0.5, "diarist_transcript_wait_per_audio_minute_seconds", "priority"), "half, {{priority}}"),
                Query(quantile(0.95, "diarist_transcript_wait_per_audio_minute_seconds", "priority"), "95 %, {{priority}}"),
            ),
            steps=((30, Colour.LOOK), (60, Colour.ACT)),
            exemplars=True,
            help="runbooks/slo-transcript-time.md",
        ),
        Panel(
            title="Wait for an entry",
            tells="From when a transcript was whole to the entry made of it. Slow language models or too few llm-workers.",
            unit="s",
            queries=(
                Query(quantile(0.5, "diarist_entry_wait_seconds", "priority"), "half, {{priority}}"),
                Query(quantile(0.95, "diarist_entry_wait_seconds", "priority"), "95 %, {{priority}}"),
            ),
            steps=((120, Colour.LOOK), (600, Colour.ACT)),
            exemplars=True,
            help="runbooks/slo-entry-time.md",
        ),
        Panel(
            title="Time of answers",
            tells="95 % of the requests to each role are answered within this time, uploads and downloads with them.",
            unit="s",
            queries=(Query(quantile(0.95, "diarist_http_request_duration_seconds", "job"), "{{job}}"),),
            steps=((0.25, Colour.LOOK), (1, Colour.ACT)),
            exemplars=True,
            help="runbooks/slo-api-latency.md",
        ),
        Panel(
            title="Where workers spend their time",
            tells="Tasks at work at once, by stage: the stage with the thickest band is what recordings take long for.",
            unit="short",
            queries=(Query(rate("diarist_task_duration_seconds_sum", "stage"), "{{stage}}"),),
            stacked=True,
            help="runbooks/tasks-wait-long.md",
            width=12,
        ),
        Panel(
            title="Oldest task that waits",
            tells="By queue. Grows while nobody works on that queue, or more comes than is done.",
            unit="s",
            queries=(Query("max by (queue) (diarist_queue_oldest_age_seconds)", "{{queue}}"),),
            steps=((300, Colour.LOOK), (900, Colour.ACT)),
            help="runbooks/tasks-wait-long.md",
            width=12,
        ),
    ),
)
_HEARD = everywhere("diarist_coverage_seconds_total")
_NEXT = Row(
    question="What will break next?",
    panels=(
        Panel(
            title="Time until the backlog is heard",
            tells="Audio that waits, by the audio that is gone through lately. More than people would wait: add "
            "transcription-workers.",
            unit="s",
            queries=(
                Query(ratio('sum(diarist_queue_backlog_audio_seconds{queue=~"audio|transcription"})', _HEARD), "at this pace"),
            ),
            steps=((900, Colour.LOOK), (3600, Colour.ACT)),
            help="runbooks/backlog-grows.md",
        ),
        Panel(
            title="How full things are",
            tells="The fullest of each kind: connections to the database, open files of a process, disks, memory of machines.",
            unit="percentunit",
            queries=(
                Query("max(diarist_database_connections_in_use / (diarist_database_connections_max > 0))", "connections"),
                Query("max(process_open_fds / process_max_fds)", "open files"),
                Query('1 - min(node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs"} / node_filesystem_size_bytes)', "disk"),
                Query("1 - min(node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)", "memory"),
            ),
            shape=Shape.BARS,
            steps=((0.7, Colour.LOOK), (0.9, Colour.ACT)),
            most=1,
            help="runbooks/disk-fills.md",
        ),
        Panel(
            title="Error budgets that are left",
            tells="Of what each objective allows to go wrong in 30 days. Below 0 the promise is broken.",
            unit="percentunit",
            queries=(Query(BUDGET_LEFT, "{{slo}}"),),
            shape=Shape.BARS,
            below=Colour.ACT,
            steps=((0, Colour.LOOK), (0.25, Colour.WELL)),
            most=1,
            help="runbooks/README.md",
        ),
    ),
)
_DOES = Row(
    question="What does it do, and what does it cost?",
    panels=(
        Panel(
            title="The last 24 hours",
            tells="Recordings that were taken in, entries that were made, accounts that gave any.",
            unit="short",
            queries=(
                Query("max(diarist_last_day_recordings)", "recordings"),
                Query("max(diarist_last_day_entries)", "entries"),
                Query("max(diarist_active_accounts)", "accounts"),
            ),
            shape=Shape.NUMBER,
            below=Colour.TOLD,
            help="how-to/look-at-dashboards.md",
            height=6,
        ),
        Panel(
            title="Audio heard at once",
            tells="Hours of audio that are gone through in an hour. The capacity planner says what machines can do.",
            unit="none",
            queries=(Query(_HEARD, "audio hours an hour"),),
            help="how-to/plan-capacity.md",
            height=6,
        ),
        Panel(
            title="Language models",
            tells="What they have cost in 24 hours, for an hour of audio, and what 30 days like this one would cost.",
            unit="currencyUSD",
            queries=LAST_DAY,
            shape=Shape.NUMBER,
            below=Colour.TOLD,
            help="runbooks/cost-anomaly.md",
            height=6,
        ),
        Panel(
            title="What becomes of jobs",
            tells="Jobs that came to their end, an hour. Failed ones keep their recording, and say why.",
            unit="short",
            queries=(Query(f"3600 * {rate('diarist_jobs_finished_total', 'outcome')}", "{{outcome}}"),),
            stacked=True,
            help="runbooks/jobs-fail.md",
            width=12,
            height=6,
        ),
        Panel(
            title="Errors",
            tells="How many an hour, by code and by where they are met. `diarist errors` shows each with its last trace.",
            unit="short",
            queries=(Query(f"3600 * {seldom('diarist_errors_total', 'code', 'kind')}", "{{kind}} {{code}}"),),
            stacked=True,
            help="reference/errors.md",
            width=12,
            height=6,
        ),
    ),
)

OVERVIEW = Board(
    uid="diarist-overview",
    title="Overview",
    tells="Is it healthy, what is slow and why, what will break next, what does it do and cost.",
    roles=JOBS,
    rows=(_HEALTHY, _SLOW, _NEXT, _DOES),
)
