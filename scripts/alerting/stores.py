"""Alerts of what Diarist keeps its things in: database, Redis, blob store."""

from __future__ import annotations

from alerting.alert import Alert, Part, Severity, Trial
from alerting.courses import Count, Level

_POOL = 'job="ingestion-api",instance="a",server="primary"'

STORES = Part(
    name="stores",
    alerts=(
        Alert(
            name="DatabaseDown",
            severity=Severity.PAGE,
            expression="pg_up == 0",
            lasting="1m",
            summary="PostgreSQL at {{ $labels.instance }} does not answer.",
            impact="Requests get 503 with Retry-After, workers wait. What was acknowledged is safe if its disk is.",
            page="database-down",
            trial=Trial(
                series={'pg_up{job="postgres",instance="db"}': Level(1, 0)},
                labels={"job": "postgres", "instance": "db"},
                told="PostgreSQL at db does not answer.",
            ),
        ),
        Alert(
            name="DatabasePoolExhausted",
            severity=Severity.PAGE,
            expression=(
                "max by (job, server) (diarist_database_connections_in_use / (diarist_database_connections_max > 0)) > 0.9"
            ),
            lasting="5m",
            summary="{{ $labels.job }} uses {{ $value | humanizePercentage }} of its connections to the {{ $labels.server }}.",
            impact="Requests and workers wait for a connection, and fail with `database_unavailable` when that takes too long.",
            page="database-pool-exhausted",
            trial=Trial(
                series={
                    f"diarist_database_connections_in_use{{{_POOL}}}": Level(3, 20, near=17),
                    f"diarist_database_connections_max{{{_POOL}}}": Level(20, 20),
                },
                labels={"job": "ingestion-api", "server": "primary"},
                told="ingestion-api uses 100% of its connections to the primary.",
            ),
        ),
        Alert(
            name="DatabaseConnectionsHigh",
            severity=Severity.TICKET,
            expression=(
                "sum by (instance) (pg_stat_activity_count) / on (instance) max by (instance) "
                "(pg_settings_max_connections) > 0.85"
            ),
            lasting="5m",
            summary=(
                "{{ $value | humanizePercentage }} of the connections that PostgreSQL at {{ $labels.instance }} allows "
                "are in use."
            ),
            impact="With none left no new process can begin, and those there are cannot reconnect.",
            page="database-connections-high",
            trial=Trial(
                series={
                    'pg_stat_activity_count{job="postgres",instance="db",state="idle"}': Level(20, 90, near=80),
                    'pg_settings_max_connections{job="postgres",instance="db"}': Level(100, 100),
                },
                labels={"instance": "db"},
                told="90% of the connections that PostgreSQL at db allows are in use.",
            ),
        ),
        Alert(
            name="DatabaseErrors",
            severity=Severity.TICKET,
            expression="sum by (job, error) (rate(diarist_database_errors_total[10m])) > 0.1",
            lasting="10m",
            summary="{{ $labels.job }}: {{ $value | humanize }} statements a second fail with {{ $labels.error }}.",
            impact="What failed is tried again or answered with an error; it is not half-written.",
            page="database-errors",
            trial=Trial(
                series={'diarist_database_errors_total{job="llm-worker",instance="a",error="OperationalError"}': Count(0, 60, 3)},
                labels={"job": "llm-worker", "error": "OperationalError"},
                told="llm-worker: 1 statements a second fail with OperationalError.",
            ),
        ),
        Alert(
            name="DatabaseSlow",
            severity=Severity.TICKET,
            expression=(
                "histogram_quantile(0.99, sum by (job, le) (rate(diarist_database_statement_duration_seconds_bucket[10m]))) > 0.5"
            ),
            lasting="10m",
            summary="{{ $labels.job }}: one statement in a hundred takes more than {{ $value | humanizeDuration }}.",
            impact="Everything takes longer, and connections run out.",
            page="database-slow",
            trial=Trial(
                series={
                    f'diarist_database_statement_duration_seconds_bucket{{job="llm-worker",operation="SELECT",le="{le}"}}': course
                    for le, course in {
                        "0.1": Count(600, 300, 600),
                        "0.5": Count(600, 300),
                        "1.0": Count(600, 600),
                        "+Inf": Count(600, 600),
                    }.items()
                },
                labels={"job": "llm-worker"},
                told="llm-worker: one statement in a hundred takes more than 990ms.",
            ),
        ),
        Alert(
            name="ReplicaLags",
            severity=Severity.TICKET,
            expression="pg_replication_lag_seconds > 30 or pg_replication_lag > 30",  # as the exporter is newer or older
            lasting="5m",
            summary="The replica at {{ $labels.instance }} is {{ $value | humanizeDuration }} behind.",
            impact="Whoever has just written is sent to the primary, which carries more then; others see what was a while ago.",
            page="replica-lags",
            trial=Trial(
                series={'pg_replication_lag_seconds{job="postgres",instance="replica"}': Level(0, 120, near=20)},
                labels={"job": "postgres", "instance": "replica"},
                told="The replica at replica is 2m 0s behind.",
            ),
        ),
        Alert(
            name="RedisDown",
            severity=Severity.PAGE,
            expression='redis_up == 0 or max(diarist_check_passing{check="broker"}) == 0',
            lasting="1m",
            summary="Redis does not answer.",
            impact=(
                "Uploads and reads go on. Work goes on more slowly, for nobody is rung; live progress stands still. "
                "Nothing is lost."
            ),
            page="redis-down",
            trial=Trial(
                series={
                    'redis_up{job="redis",instance="queue"}': Level(1, 1),
                    'diarist_check_passing{job="llm-worker",instance="a",check="broker"}': Level(1, 0),
                    'diarist_check_passing{job="llm-worker",instance="b",check="broker"}': Level(1, 0, near=1),
                },
                told="Redis does not answer.",
            ),
        ),
        Alert(
            name="RedisMemoryHigh",
            severity=Severity.TICKET,
            expression="redis_memory_used_bytes / (redis_memory_max_bytes > 0) > 0.85",
            lasting="10m",
            summary="Redis at {{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory.",
            impact="Full, and without eviction as Diarist wants it, it refuses writes: as if it were down.",
            page="redis-memory-high",
            trial=Trial(
                series={
                    'redis_memory_used_bytes{job="redis",instance="queue"}': Level(1e8, 9.5e8, near=8e8),
                    'redis_memory_max_bytes{job="redis",instance="queue"}': Level(1e9, 1e9),
                },
                labels={"job": "redis", "instance": "queue"},
                told="Redis at queue uses 95% of its memory.",
            ),
        ),
        Alert(
            name="RedisEvicts",
            severity=Severity.TICKET,
            expression="increase(redis_evicted_keys_total[15m]) > 0",
            summary="Redis at {{ $labels.instance }} throws keys away.",
            impact="Bells get lost and are rung again later; breakers and rates are forgotten. Recordings are not in Redis.",
            page="redis-evicts",
            trial=Trial(
                series={'redis_evicted_keys_total{job="redis",instance="queue"}': Count(0, 5)},
                labels={"job": "redis", "instance": "queue"},
                told="Redis at queue throws keys away.",
            ),
        ),
        Alert(
            name="BlobErrors",
            severity=Severity.PAGE,
            expression=(
                "sum by (operation) (rate(diarist_blob_errors_total[10m]))\n"
                "/ sum by (operation) (rate(diarist_blob_operation_duration_seconds_count[10m])) > 0.05\n"
                "and sum by (operation) (increase(diarist_blob_errors_total[10m])) > 3"
            ),
            lasting="5m",
            summary="{{ $value | humanizePercentage }} of the operations `{{ $labels.operation }}` on the blob store fail.",
            impact="Uploads are refused with nothing half-stored; tasks come back every 10 s, or every minute when it is full.",
            page="blob-errors",
            trial=Trial(
                series={
                    'diarist_blob_operation_duration_seconds_count{job="ingestion-api",operation="put"}': Count(60, 60),
                    'diarist_blob_errors_total{job="ingestion-api",operation="put"}': Count(0, 30, 1),
                },
                labels={"operation": "put"},
                told="50% of the operations `put` on the blob store fail.",
            ),
        ),
        Alert(
            name="BlobsSlow",
            severity=Severity.TICKET,
            expression=(
                "histogram_quantile(0.95, sum by (operation, le) "
                '(rate(diarist_blob_operation_duration_seconds_bucket{operation!~"put.*"}[15m]))) > 5'
            ),
            lasting="15m",
            summary=(
                "One operation `{{ $labels.operation }}` in twenty takes the blob store more than {{ $value | "
                "humanizeDuration }}."
            ),
            impact="Planning, hearing and playing recordings take longer.",
            page="blobs-slow",
            trial=Trial(
                series={
                    f'diarist_blob_operation_duration_seconds_bucket{{job="llm-worker",operation="read",le="{le}"}}': course
                    for le, course in {
                        "1.0": Count(60, 30, 60),
                        "5.0": Count(60, 30),
                        "10.0": Count(60, 60),
                        "+Inf": Count(60, 60),
                    }.items()
                },
                labels={"operation": "read"},
                told="One operation `read` in twenty takes the blob store more than 9.5s.",
            ),
        ),
    ),
)
