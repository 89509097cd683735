"""What Diarist runs on: its processes, PostgreSQL, Redis, the blob store, machines."""

from __future__ import annotations

from alerting.roles import JOBS
from dashboards.asking import MINE, quantile, rate, seldom
from dashboards.board import Board, Colour, Panel, Query, Row, Shape

_FSTYPE = 'fstype!~"tmpfs|ramfs|squashfs|overlay"'

_PROCESSES = Row(
    question="Are the processes well?",
    panels=(
        Panel(
            title="Checks",
            tells="What each role needs: 1 where it works in all its processes, 0 where it fails in one.",
            unit="none",
            queries=(Query(f"min by (job, check) (diarist_check_passing{{{MINE}}})", "{{job}} {{check}}"),),
            shape=Shape.NUMBER,
            below=Colour.ACT,
            steps=((1, Colour.WELL),),
            help="runbooks/process-not-ready.md",
            width=16,
            height=6,
        ),
        Panel(
            title="Versions",
            tells="How many processes run which. Two for long: a rollout that was never finished.",
            unit="short",
            queries=(Query(f"count by (job, version) (diarist_build_info{{{MINE}}})", "{{job}} {{version}}"),),
            shape=Shape.TABLE,
            below=Colour.TOLD,
            help="runbooks/versions-mixed.md",
            height=6,
        ),
        Panel(
            title="Memory",
            tells="Of each process with its children.",
            unit="bytes",
            queries=(Query(f"instance:diarist_memory_bytes:sum{{{MINE}}}", "{{job}} {{instance}}"),),
            help="runbooks/process-memory-high.md",
            width=6,
        ),
        Panel(
            title="Processors in use",
            tells="By each process without its children: 1 is a whole core, which is all that one event loop can use.",
            unit="none",
            queries=(Query(rate("process_cpu_seconds_total", "job", "instance"), "{{job}} {{instance}}"),),
            steps=((0.8, Colour.LOOK), (1.0, Colour.ACT)),
            help="runbooks/event-loop-lags.md",
            width=6,
        ),
        Panel(
            title="Open files",
            tells="Share of those that each process may open.",
            unit="percentunit",
            queries=(Query(f"max by (job) (process_open_fds{{{MINE}}} / process_max_fds{{{MINE}}})", "{{job}}"),),
            steps=((0.7, Colour.LOOK), (0.9, Colour.ACT)),
            most=1,
            help="runbooks/files-run-out.md",
            width=6,
        ),
        Panel(
            title="Starts in the last hour",
            tells="How often each process was started anew. More than a rollout explains: it crashes.",
            unit="short",
            queries=(Query(f"changes(process_start_time_seconds{{{MINE}}}[1h])", "{{job}} {{instance}}"),),
            shape=Shape.BARS,
            steps=((2, Colour.LOOK), (4, Colour.ACT)),
            help="runbooks/process-restarts.md",
            width=6,
        ),
    ),
)
_DATABASE = Row(
    question="Is PostgreSQL well?",
    panels=(
        Panel(
            title="Time of statements",
            tells="95 % of those of each role take no longer, waiting for locks included. Dots lead to traces.",
            unit="s",
            queries=(Query(quantile(0.95, "diarist_database_statement_duration_seconds", "job"), "{{job}}"),),
            steps=((0.05, Colour.LOOK), (0.5, Colour.ACT)),
            exemplars=True,
            help="runbooks/database-slow.md",
            width=6,
        ),
        Panel(
            title="Statements",
            tells="A second, by what they do.",
            unit="ops",
            queries=(Query(rate("diarist_database_statement_duration_seconds_count", "operation"), "{{operation}}"),),
            stacked=True,
            help="runbooks/database-slow.md",
            width=6,
        ),
        Panel(
            title="Errors of the database",
            tells="An hour, by the driver's class of error.",
            unit="short",
            queries=(Query(f"3600 * {seldom('diarist_database_errors_total', 'error')}", "{{error}}"),),
            stacked=True,
            help="runbooks/database-errors.md",
            width=6,
        ),
        Panel(
            title="Connections",
            tells="Used and idle in the pools of each role.",
            unit="short",
            queries=(
                Query(f"sum by (job) (diarist_database_connections_in_use{{{MINE}}})", "{{job}} used"),
                Query(f"sum by (job) (diarist_database_connections_idle{{{MINE}}})", "{{job}} idle"),
            ),
            stacked=True,
            help="runbooks/database-connections-high.md",
            width=6,
        ),
    ),
)
_STORES = Row(
    question="Are Redis and the blob store well?",
    panels=(
        Panel(
            title="Time of Redis",
            tells="95 % of its commands take no longer, by role.",
            unit="s",
            queries=(Query(quantile(0.95, "diarist_redis_command_duration_seconds", "job"), "{{job}}"),),
            steps=((0.01, Colour.LOOK), (0.1, Colour.ACT)),
            exemplars=True,
            help="runbooks/redis-down.md",
            width=6,
        ),
        Panel(
            title="Errors of Redis",
            tells="An hour, by command. Nothing is lost by them: tasks stand in the database, and are found later.",
            unit="short",
            queries=(Query(f"3600 * {seldom('diarist_redis_errors_total', 'command')}", "{{command}}"),),
            stacked=True,
            help="runbooks/redis-down.md",
            width=6,
        ),
        Panel(
            title="Time of the blob store",
            tells="95 % of the operations of each kind take no longer; puts as long as their bytes take to come.",
            unit="s",
            queries=(Query(quantile(0.95, "diarist_blob_operation_duration_seconds", "operation"), "{{operation}}"),),
            steps=((1, Colour.LOOK), (10, Colour.ACT)),
            exemplars=True,
            help="runbooks/blobs-slow.md",
            width=6,
        ),
        Panel(
            title="Errors of the blob store",
            tells="An hour, by operation; what is not there is no error.",
            unit="short",
            queries=(Query(f"3600 * {seldom('diarist_blob_errors_total', 'operation')}", "{{operation}}"),),
            stacked=True,
            help="runbooks/blob-errors.md",
            width=6,
        ),
    ),
)
_MACHINES = Row(
    question="Have the machines room?",
    panels=(
        Panel(
            title="Disks",
            tells="Share of each that is used.",
            unit="percentunit",
            queries=(
                Query(
                    f"1 - max by (instance, mountpoint) (node_filesystem_avail_bytes{{{_FSTYPE}}} / node_filesystem_size_bytes)",
                    "{{instance}} {{mountpoint}}",
                ),
            ),
            steps=((0.8, Colour.LOOK), (0.95, Colour.ACT)),
            most=1,
            help="runbooks/disk-full.md",
            width=6,
        ),
        Panel(
            title="Memory of machines",
            tells="Share that is in use. Near 1 the system ends a process, most likely an engine.",
            unit="percentunit",
            queries=(Query("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "{{instance}}"),),
            steps=((0.85, Colour.LOOK), (0.93, Colour.ACT)),
            most=1,
            help="runbooks/machine-memory-low.md",
            width=6,
        ),
        Panel(
            title="PostgreSQL's connections",
            tells="Share of those it allows, from all who connect.",
            unit="percentunit",
            queries=(
                Query(
                    "sum by (instance) (pg_stat_activity_count) / on (instance) max by (instance) (pg_settings_max_connections)",
                    "{{instance}}",
                ),
            ),
            steps=((0.7, Colour.LOOK), (0.85, Colour.ACT)),
            most=1,
            help="runbooks/database-connections-high.md",
            width=6,
        ),
        Panel(
            title="Redis' memory",
            tells="What it holds: bells, events and limits of rates. Tasks are in PostgreSQL.",
            unit="bytes",
            queries=(Query("redis_memory_used_bytes", "{{instance}}"),),
            help="runbooks/redis-memory-high.md",
            width=6,
        ),
    ),
)

INFRASTRUCTURE = Board(
    uid="diarist-infrastructure",
    title="Infrastructure",
    tells="What Diarist runs on: its processes, PostgreSQL, Redis, the blob store, machines.",
    roles=JOBS,
    rows=(_PROCESSES, _DATABASE, _STORES, _MACHINES),
)
