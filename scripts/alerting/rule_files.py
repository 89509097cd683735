"""Rules as Prometheus reads them, and trials as promtool does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from alerting import burning
from alerting.alert import RUNBOOKS, Alert, Part, Record
from alerting.machines import MACHINES, WATCHERS
from alerting.queues import QUEUES, RECORDINGS
from alerting.recorded import RECORDED
from alerting.roles import ROLES
from alerting.stores import STORES
from alerting.working import ENGINES, LANGUAGE_MODELS, WEBHOOKS
from made_files import notice
from reference_markdown import table

PARTS = (
    ROLES, QUEUES, RECORDINGS, ENGINES, LANGUAGE_MODELS, WEBHOOKS, STORES, MACHINES, WATCHERS, *burning.parts(),
)  # fmt: skip
_MADE = notice("scripts/alerting")
_FAST = {"1h", "6h"}
"""Windows that can be tried every other minute; the others take days, and are looked at every ten minutes."""


class _Text(yaml.SafeDumper):
    """Writes what has several lines as it is read."""


_Text.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)
)


def recording_rules() -> str:
    """`rules/recording.yml`."""
    return _written({"groups": [{"name": "recorded", "rules": [_recorded(record) for record in RECORDED]}]})


def alerting_rules(part: Part) -> str:
    """`rules/PART.yml`."""
    rules = [*map(_recorded, part.records), *(_rule(part, alert) for alert in part.alerts)]
    return _written({"groups": [{"name": part.name, "rules": rules}]})


def trials(part: Part, *, slow: bool) -> str:
    """`tests/PART.yml`, and for those that take days `tests/PART-slow.yml`."""
    step = 10 if slow else 2
    chosen = [alert for alert in part.alerts if _is_slow(alert) == slow]
    return _written(
        {
            "rule_files": [*([] if part.records else ["../rules/recording.yml"]), f"../rules/{part.name}.yml"],
            "evaluation_interval": f"{step}m",
            "group_eval_order": [*([] if part.records else ["recorded"]), part.name],
            "tests": [_trial(part, alert, step) for alert in chosen],
        }
    )


def trial_files() -> Iterator[tuple[str, Part, bool]]:
    """Names of the files, and what is in each."""
    for part in PARTS:
        yield f"{part.name}.yml", part, False
        if any(map(_is_slow, part.alerts)):
            yield f"{part.name}-slow.yml", part, True


def overview() -> str:
    """`docs/runbooks/README.md`: every alert with its page."""
    rows = [
        (f"`{alert.name}`", alert.severity, alert.impact, f"[{alert.page}]({alert.page}.md)")
        for part in PARTS
        for alert in part.alerts
    ]
    return f"""# Runbooks

<!-- {_MADE} -->

What each alert means, and what to do. `page` wakes somebody; `ticket` waits for the next working day.

{table(("Alert", "Severity", "What it means for people", "Page"), *rows)}
"""


def _is_slow(alert: Alert) -> bool:
    return alert.labels.get("window", "1h") not in _FAST


def _recorded(record: Record) -> dict[str, Any]:
    labels = {"labels": dict(record.labels)} if record.labels else {}
    return {"record": record.name, "expr": record.expression, **labels}


def _rule(part: Part, alert: Alert) -> dict[str, Any]:
    waits = {} if alert.lasting == "0s" else {"for": alert.lasting}
    return {
        "alert": alert.name, "expr": alert.expression, **waits, "labels": _labels(part, alert),
        "annotations": _annotations(alert, alert.summary),
    }  # fmt: skip


def _labels(part: Part, alert: Alert) -> dict[str, str]:
    return {"severity": alert.severity.value, "part": part.name, **alert.labels}


def _annotations(alert: Alert, summary: str) -> dict[str, str]:
    return {"summary": summary, "impact": alert.impact, "runbook_url": f"{RUNBOOKS}/{alert.page}.md"}


def _trial(part: Part, alert: Alert, step: int) -> dict[str, Any]:
    trial, (well, near, bad, after) = alert.trial, alert.trial.phases.ends
    fired = {"exp_labels": {**_labels(part, alert), **trial.labels}, "exp_annotations": _annotations(alert, trial.told)}
    always = not trial.series
    # Looked at between two samples, where the last of each time is known.
    silent = [well - step, near - step, *([near] if alert.lasting != "0s" else []), after - step]
    looks = [(minute, always) for minute in silent] + [(bad - step, True)]
    return {
        "name": alert.name,
        "interval": "1m",
        "input_series": [{"series": name, "values": course.values(trial.phases)} for name, course in trial.series.items()],
        "alert_rule_test": [
            {"eval_time": f"{minute}m", "alertname": alert.name, "exp_alerts": [fired] if fires else []}
            for minute, fires in sorted(looks)
        ],
    }


def _written(document: Mapping[str, Any]) -> str:
    return f"# {_MADE}\n" + yaml.dump(document, Dumper=_Text, sort_keys=False, width=1000, allow_unicode=True)
