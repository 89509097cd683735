"""Ledger and queue: what waits, for how long, and whether workers that die take work with them."""

from __future__ import annotations

from alerting.slos import NOTHING_LOST
from dashboards.asking import LATELY, MINE, seldom
from dashboards.board import Board, Colour, Panel, Query, Row, Shape

_WAITS = Row(
    question="What waits, and for how long?",
    panels=(
        Panel(
            title="Tasks that wait",
            tells="Ready for a worker, by queue and priority.",
            unit="short",
            queries=(Query("sum by (queue, priority) (diarist_queue_depth)", "{{queue}} {{priority}}"),),
            stacked=True,
            help="runbooks/tasks-wait-long.md",
        ),
        Panel(
            title="Oldest task that waits",
            tells="By queue and priority: how long somebody has waited already. Bulk may wait.",
            unit="s",
            queries=(Query("max by (queue, priority) (diarist_queue_oldest_age_seconds)", "{{queue}} {{priority}}"),),
            steps=((300, Colour.LOOK), (900, Colour.ACT)),
            help="runbooks/tasks-wait-long.md",
        ),
        Panel(
            title="Audio that waits",
            tells="Seconds of audio in tasks that are not done, by queue. What workers are scaled by.",
            unit="s",
            queries=(Query("sum by (queue) (diarist_queue_backlog_audio_seconds)", "{{queue}}"),),
            stacked=True,
            help="runbooks/backlog-grows.md",
        ),
        Panel(
            title="Tasks at work",
            tells="With a lease, by queue. 0 beside tasks that wait: nobody works on that queue.",
            unit="short",
            queries=(Query("sum by (queue) (diarist_queue_running)", "{{queue}}"),),
            stacked=True,
            help="runbooks/nobody-works.md",
        ),
        Panel(
            title="Tasks that wait to be tried again",
            tells="By queue: put back after an error, until a time that grows with each try.",
            unit="short",
            queries=(Query("sum by (queue) (diarist_queue_delayed)", "{{queue}}"),),
            stacked=True,
            help="runbooks/tasks-fail.md",
        ),
        Panel(
            title="Audio that will wait in an hour",
            tells="By queue, if it goes on as in the last quarter of an hour. 0 or less: all will be done.",
            unit="s",
            queries=(
                Query(
                    "clamp_min(sum by (queue) (predict_linear(diarist_queue_backlog_audio_seconds[15m], 3600)), 0)", "{{queue}}"
                ),
            ),
            shape=Shape.BARS,
            steps=((3600, Colour.LOOK), (36_000, Colour.ACT)),
            help="runbooks/backlog-grows.md",
        ),
    ),
)
_LOST = Row(
    question="Is work lost, or done twice?",
    panels=(
        Panel(
            title="Nobody will finish",
            tells="Jobs without a task that could finish them: always 0. Tasks that are parked: a person has to look.",
            unit="short",
            queries=(Query(NOTHING_LOST, "stranded jobs"), Query("sum(diarist_queue_parked)", "parked tasks")),
            shape=Shape.NUMBER,
            steps=((1, Colour.ACT),),
            help="runbooks/tasks-parked.md",
            width=6,
        ),
        Panel(
            title="Workers that went silent",
            tells="Tasks an hour that were taken from a worker which did not renew its lease: it died, hung or lost the "
            "database.",
            unit="short",
            queries=(Query(f"3600 * {seldom('diarist_queue_lease_expiries_total', 'queue')}", "{{queue}}"),),
            steps=((10, Colour.LOOK), (60, Colour.ACT)),
            help="runbooks/leases-expire.md",
            width=6,
        ),
        Panel(
            title="Tasks that were put back",
            tells="An hour, by queue: they came to an error that may pass.",
            unit="short",
            queries=(Query(f"3600 * {seldom('diarist_queue_retries_total', 'queue')}", "{{queue}}"),),
            help="runbooks/tasks-fail.md",
            width=6,
        ),
        Panel(
            title="Work that was not kept",
            tells="Tries an hour whose result nobody took: `lost` (cancelled, taken over or deleted), `given_back` (the worker "
            "was told to "
            "end), `unsettled` (the database was away).",
            unit="short",
            queries=(
                Query(
                    "3600 * "
                    + seldom("diarist_task_duration_seconds_count", "outcome", where='outcome=~"lost|given_back|unsettled"'),
                    "{{outcome}}",
                ),
            ),
            help="runbooks/leases-expire.md",
            width=6,
        ),
    ),
)
_TOLD = Row(
    question="Can these figures be believed?",
    panels=(
        Panel(
            title="Processes that tell of the database",
            tells="One of all, always: 0 means that what stands above is not known; for a while after a restart that is so.",
            unit="short",
            queries=(Query("sum(diarist_reporting)", "reporting"),),
            shape=Shape.NUMBER,
            below=Colour.ACT,
            steps=((1, Colour.WELL), (2, Colour.LOOK)),
            help="runbooks/ledger-unseen.md",
            height=5,
        ),
        Panel(
            title="Tasks at work, as workers say",
            tells="In the chosen processes. Fewer than the ledger says above: leases of the dead that have not run out yet.",
            unit="short",
            queries=(Query(f"sum by (job, instance) (diarist_tasks_running{{{MINE}}})", "{{job}} {{instance}}"),),
            stacked=True,
            help="runbooks/leases-expire.md",
            height=5,
        ),
        Panel(
            title="Settled tasks",
            tells="A second, by stage: the pace of the ledger.",
            unit="ops",
            queries=(Query(f"sum by (stage) (rate(diarist_task_attempts_count[{LATELY}]))", "{{stage}}"),),
            stacked=True,
            help="how-to/plan-capacity.md",
            height=5,
        ),
    ),
)

LEDGER = Board(
    uid="diarist-ledger",
    title="Ledger and queue",
    tells="What waits, for how long, whether work is lost or done twice.",
    roles="transcription-worker|llm-worker|standalone",
    rows=(_WAITS, _LOST, _TOLD),
)
