"""Recording rules: what dashboards and alerts both ask for, worked out once."""

from __future__ import annotations

from alerting.alert import Record
from alerting.roles import JOBS
from alerting.slos import NOTHING_LOST

_ATTEMPTS = "diarist_task_duration_seconds_count"
TRIED = 'outcome!~"given_back|lost"'
FAILED = 'outcome=~"failed|retried|unsettled"'
"""Tries that count, and those of them that came to nothing."""
_SECONDS = "diarist_coverage_seconds_total"

RECORDED = (
    Record("job_status:diarist_http_requests:rate5m", "sum by (job, status) (rate(diarist_http_requests_total[5m]))"),
    Record(
        "job_route:diarist_http_request_duration_seconds:p95_rate5m",
        "histogram_quantile(0.95, sum by (job, route, le) (rate(diarist_http_request_duration_seconds_bucket[5m])))",
    ),
    Record(
        "instance:diarist_memory_bytes:sum",
        "sum by (job, instance) "
        f'({{__name__=~"process_resident_memory_bytes|diarist_child_resident_memory_bytes",job=~"{JOBS}"}})',
    ),
    Record("queue:diarist_queue_depth:sum", "sum by (queue) (diarist_queue_depth)"),
    Record("queue:diarist_queue_running:sum", "sum by (queue) (diarist_queue_running)"),
    Record("queue:diarist_queue_oldest_age_seconds:max", "max by (queue) (diarist_queue_oldest_age_seconds)"),
    Record("queue:diarist_queue_backlog_audio_seconds:sum", "sum by (queue) (diarist_queue_backlog_audio_seconds)"),
    Record("stage:diarist_task_attempts:rate30m", f"sum by (stage) (rate({_ATTEMPTS}{{{TRIED}}}[30m]))"),
    Record(
        "stage:diarist_task_failures:ratio_rate30m",
        f"sum by (stage) (rate({_ATTEMPTS}{{{FAILED}}}[30m])) / (sum by (stage) (rate({_ATTEMPTS}{{{TRIED}}}[30m])) > 0)",
    ),
    Record(
        "engine_model:diarist_engine_real_time_factor:rate15m",
        "sum by (engine, model) (rate(diarist_engine_busy_seconds_total[15m]))"
        " / (sum by (engine, model) (rate(diarist_engine_speech_seconds_total[15m])) > 0)",
    ),
    Record(
        "coverage:diarist_coverage_seconds:ratio_rate6h",
        f"sum by (coverage) (rate({_SECONDS}[6h])) / on () group_left () (sum(rate({_SECONDS}[6h])) > 0)",
    ),
    Record("diarist:audio_hours_per_hour:rate1h", f"sum(rate({_SECONDS}[1h]))"),
    Record("diarist:llm_cost_usd_per_hour:rate1h", "sum(rate(diarist_llm_cost_usd_total[1h])) * 3600"),
    Record("slo:lost_jobs:max", NOTHING_LOST, {"slo": "nothing-lost"}),
)
