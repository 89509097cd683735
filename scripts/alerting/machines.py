"""Alerts of machines, and of those who watch."""

from __future__ import annotations

from alerting.alert import Alert, Part, Severity, Trial
from alerting.courses import Count, Level, Phases, Rising

_REAL = 'fstype!~"tmpfs|overlay|squashfs|ramfs"'
_DISK = 'job="node",instance="a",mountpoint="/var/lib",fstype="ext4"'
GIB = 2.0**30

MACHINES = Part(
    name="machines",
    alerts=(
        Alert(
            name="DiskFull",
            severity=Severity.PAGE,
            expression=f"node_filesystem_avail_bytes{{{_REAL}}} / node_filesystem_size_bytes{{{_REAL}}} < 0.05",
            lasting="5m",
            summary="{{ $labels.mountpoint }} of {{ $labels.instance }} has {{ $value | humanizePercentage }} left.",
            impact="A full disk of recordings refuses uploads; a full disk of PostgreSQL stops everything.",
            page="disk-full",
            trial=Trial(
                series={
                    f"node_filesystem_avail_bytes{{{_DISK}}}": Level(50 * GIB, 4 * GIB, near=6 * GIB),
                    f"node_filesystem_size_bytes{{{_DISK}}}": Level(100 * GIB, 100 * GIB),
                },
                labels={"job": "node", "instance": "a", "mountpoint": "/var/lib", "fstype": "ext4"},
                told="/var/lib of a has 4% left.",
            ),
        ),
        Alert(
            name="DiskFills",
            severity=Severity.TICKET,
            expression=(
                f"predict_linear(node_filesystem_avail_bytes{{{_REAL}}}[2h], 24 * 3600) < 0\n"
                f"and node_filesystem_avail_bytes{{{_REAL}}} / node_filesystem_size_bytes{{{_REAL}}} < 0.3"
            ),
            lasting="1h",
            summary="{{ $labels.mountpoint }} of {{ $labels.instance }} will be full within a day.",
            impact="None yet.",
            page="disk-fills",
            trial=Trial(
                series={
                    f"node_filesystem_avail_bytes{{{_DISK}}}": Rising(29 * GIB, -0.05 * GIB),
                    f"node_filesystem_size_bytes{{{_DISK}}}": Level(100 * GIB, 100 * GIB),
                },
                labels={"job": "node", "instance": "a", "mountpoint": "/var/lib", "fstype": "ext4"},
                told="/var/lib of a will be full within a day.",
                phases=Phases(bad=240, after=240),
            ),
        ),
        Alert(
            name="MachineMemoryLow",
            severity=Severity.TICKET,
            expression="node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes < 0.07",
            lasting="10m",
            summary="{{ $labels.instance }} has {{ $value | humanizePercentage }} of its memory left.",
            impact="The system will end a process, most likely an engine: its chunk is heard again.",
            page="machine-memory-low",
            trial=Trial(
                series={
                    'node_memory_MemAvailable_bytes{job="node",instance="a"}': Level(8 * GIB, 0.8 * GIB, near=2 * GIB),
                    'node_memory_MemTotal_bytes{job="node",instance="a"}': Level(16 * GIB, 16 * GIB),
                },
                labels={"job": "node", "instance": "a"},
                told="a has 5% of its memory left.",
            ),
        ),
    ),
)
WATCHERS = Part(
    name="watchers",
    alerts=(
        Alert(
            name="Watchdog",
            severity=Severity.NONE,
            expression="vector(1)",
            summary="Alerts arrive.",
            impact="None. Should this stop, nobody is told of anything any more.",
            page="watchdog",
            trial=Trial(series={}, told="Alerts arrive."),
        ),
        Alert(
            name="ExporterDown",
            severity=Severity.TICKET,
            expression='up{job=~"postgres|redis|node|alertmanager|prometheus"} == 0',
            lasting="5m",
            summary="The figures of {{ $labels.job }} at {{ $labels.instance }} cannot be had.",
            impact="Alerts that need them are blind.",
            page="exporter-down",
            trial=Trial(
                series={'up{job="redis",instance="queue"}': Level(1, 0)},
                labels={"job": "redis", "instance": "queue"},
                told="The figures of redis at queue cannot be had.",
            ),
        ),
        Alert(
            name="RulesFail",
            severity=Severity.TICKET,
            expression="sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[15m])) > 0",
            summary="Rules of {{ $labels.rule_group }} cannot be evaluated.",
            impact="Alerts among them are blind.",
            page="rules-fail",
            trial=Trial(
                series={'prometheus_rule_evaluation_failures_total{job="prometheus",rule_group="x"}': Count(0, 1)},
                labels={"rule_group": "x"},
                told="Rules of x cannot be evaluated.",
            ),
        ),
        Alert(
            name="AlertsUnsent",
            severity=Severity.TICKET,
            expression=(
                "sum(increase(prometheus_notifications_dropped_total[15m])) > 0\n"
                "or sum(increase(alertmanager_notifications_failed_total[15m])) > 0"
            ),
            lasting="5m",
            summary='{{ $value | printf "%.0f" }} notifications could not be delivered within a quarter of an hour.',
            impact="Somebody may not hear of what is wrong. `amtool alert` shows what there is.",
            page="alerts-unsent",
            trial=Trial(
                series={'alertmanager_notifications_failed_total{job="alertmanager",integration="webhook"}': Count(0, 2)},
                told="30 notifications could not be delivered within a quarter of an hour.",
            ),
        ),
        Alert(
            name="SeriesWithoutBounds",
            severity=Severity.TICKET,
            expression="max by (job) (scrape_samples_post_metric_relabeling) > 20000",
            lasting="15m",
            summary="A scrape of {{ $labels.job }} brings {{ $value | humanize }} series.",
            impact="Prometheus takes memory and disk for each; labels are meant to be bounded.",
            page="series-without-bounds",
            trial=Trial(
                series={
                    'scrape_samples_post_metric_relabeling{job="ingestion-api",instance="a"}': Level(2000, 30000, near=19000)
                },
                labels={"job": "ingestion-api"},
                told="A scrape of ingestion-api brings 30k series.",
            ),
        ),
    ),
)
