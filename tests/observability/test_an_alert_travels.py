"""A worker of a real fleet is killed, and whoever is on duty hears of it: by the rules and the routes that are shipped.

Only intervals are shorter, and addresses those of this machine.
"""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from alert_receiver import AlertReceiver, alert_receiver
from fleet import PATIENCE, Fleet, Member, fleet, until
from postgres_server import PostgresServer, free_port
from prometheus_server import Prometheus, answering, missing
from redis_server import redis_server

STACK = Path(__file__).parents[2] / "deploy" / "observability"
ROLE = "transcription-worker"
MISSING = missing("prometheus", "prometheus-alertmanager")

pytestmark = [
    pytest.mark.heavy,
    pytest.mark.skipif(
        bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (apt-get install prometheus prometheus-alertmanager)"
    ),
]


def hurried(node: Any) -> Any:
    """The same with all waits a second long."""
    waits = {"for", "group_wait", "group_interval", "scrape_interval", "scrape_timeout", "evaluation_interval"}
    if isinstance(node, dict):
        return {key: "1s" if key in waits else hurried(value) for key, value in node.items()}
    return [hurried(one) for one in node] if isinstance(node, list) else node


def shipped(path: str) -> Any:
    return hurried(yaml.safe_load((STACK / path).read_text(encoding="utf-8")))


class Watch:
    """Prometheus and Alertmanager of a fleet."""

    def __init__(self, folder: Path, receiver: AlertReceiver) -> None:
        self._folder, self._receiver = folder, receiver
        self._targets = folder / "targets.json"
        self._port, self._alerts_port = free_port(), free_port()

    def look_at(self, member: Member) -> None:
        """Scrape this process in place of any other; written at once, as Prometheus watches the file."""
        fresh = self._targets.with_suffix(".new")
        fresh.write_text(json.dumps([{"targets": [f"127.0.0.1:{member.private}"]}]))
        fresh.replace(self._targets)

    def sees(self, expression: str) -> bool:
        """Whether Prometheus finds any series."""
        with closing(Prometheus(f"http://127.0.0.1:{self._port}")) as prometheus:
            return bool(prometheus.now(expression, time.time()))

    @contextmanager
    def open(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(answering(*self._alertmanager(), patience=PATIENCE))
            stack.enter_context(answering(*self._prometheus(), patience=PATIENCE))
            yield

    def _alertmanager(self) -> tuple[Sequence[str], Path, str]:
        file, address = self._folder / "alertmanager.json", f"127.0.0.1:{self._alerts_port}"
        file.write_text(
            json.dumps(shipped("alertmanager/alertmanager.yml")).replace("alert-receiver:9095", self._receiver.address)
        )
        command = ["prometheus-alertmanager", f"--config.file={file}", f"--storage.path={self._folder / 'alertmanager'}"]
        command += [f"--web.listen-address={address}", "--cluster.listen-address="]
        return command, self._folder / "alertmanager.log", f"http://{address}/-/ready"

    def _prometheus(self) -> tuple[Sequence[str], Path, str]:
        rules = self._folder / "rules"
        rules.mkdir()
        for path in (STACK / "prometheus" / "rules").glob("*.yml"):
            (rules / path.name).write_text(json.dumps(shipped(f"prometheus/rules/{path.name}")))
        config = shipped("prometheus/prometheus.yml")
        config["alerting"]["alertmanagers"][0]["static_configs"] = [{"targets": [f"127.0.0.1:{self._alerts_port}"]}]
        [job] = [one for one in config["scrape_configs"] if one["job_name"] == ROLE]
        del job["dns_sd_configs"]
        job["file_sd_configs"] = [{"files": [str(self._targets)], "refresh_interval": "1s"}]
        config["scrape_configs"] = [job]
        file, address = self._folder / "prometheus.json", f"127.0.0.1:{self._port}"
        file.write_text(json.dumps(config))
        command = ["prometheus", f"--config.file={file}", f"--storage.tsdb.path={self._folder / 'prometheus'}"]
        command += [f"--web.listen-address={address}"]
        return command, self._folder / "prometheus.log", f"http://{address}/-/ready"


@pytest.fixture
def diarist(tmp_path: Path, postgres: PostgresServer) -> Iterator[Fleet]:
    (tmp_path / "redis").mkdir()
    with redis_server(tmp_path / "redis") as redis, fleet(tmp_path, postgres, redis) as found:
        yield found


def test_the_death_of_a_worker_reaches_whoever_is_on_duty_and_so_does_its_return(diarist: Fleet, tmp_path: Path) -> None:
    with alert_receiver() as receiver:
        watch, worker = Watch(tmp_path, receiver), diarist.start(ROLE)
        watch.look_at(worker)
        with watch.open():
            until(lambda: watch.sees(f'up{{job="{ROLE}"}} == 1'))
            until(lambda: watch.sees('diarist_check_passing{check="workers"} == 1'))
            until(lambda: receiver.find("firing", alertname="Watchdog"))
            assert receiver.find("firing", alertname="RoleDown", job=ROLE) is None

            worker.end(signal.SIGKILL)
            told = until(lambda: receiver.find("firing", alertname="RoleDown", job=ROLE))
            assert told.receiver == "page"
            assert told.labels["severity"] == "page"
            assert told.annotations["summary"] == f"No process of {ROLE} answers."
            assert told.annotations["runbook_url"].endswith("docs/runbooks/role-down.md")
            assert receiver.find("firing", alertname="ProcessDown") is None, "it follows from what is told already"

            watch.look_at(diarist.start(ROLE))
            until(lambda: receiver.find("resolved", alertname="RoleDown", job=ROLE))
