"""A real Prometheus, of Debian's package `prometheus`, on a free port and with data of its own; and exporters beside it."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from postgres_server import free_port
from waiting import PATIENCE, until


@dataclass(frozen=True, slots=True)
class Series:
    """One series of an answer: its labels, and of its finite values the last and the largest."""

    labels: Mapping[str, str]
    value: float
    most: float


class Prometheus:
    """Its HTTP API; see https://prometheus.io/docs/prometheus/latest/querying/api/."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=PATIENCE, trust_env=False)

    def now(self, expression: str, at: float) -> list[Series]:
        """The answer for one moment, in seconds since the epoch; nothing of what is not a number."""
        result = self._get("query", query=expression, time=at)["result"]
        return _series([(one["metric"], [one["value"]]) for one in result])

    def over(self, expression: str, start: float, end: float, step: float) -> list[Series]:
        """The answers for moments `step` seconds apart."""
        result = self._get("query_range", query=expression, start=start, end=end, step=step)["result"]
        return _series([(one["metric"], one["values"]) for one in result])

    def label_values(self, label: str, selector: str) -> list[str]:
        """As Grafana's `label_values(selector, label)` asks for them."""
        return sorted({one[label] for one in self._get("series", **{"match[]": selector})})

    def exemplars(self, expression: str, start: float, end: float) -> list[Mapping[str, str]]:
        """The labels of the exemplars of the series that an expression looks at."""
        found = self._get("query_exemplars", query=expression, start=start, end=end)
        return [exemplar["labels"] for one in found for exemplar in one["exemplars"]]

    def unseen(self) -> dict[str, str]:
        """Addresses that were not scraped well the last time, and why."""
        found = self._get("targets", state="active")["activeTargets"]
        return {f"{one['labels']['job']} {one['scrapeUrl']}": one["lastError"] for one in found if one["health"] != "up"}

    def close(self) -> None:
        self._client.close()

    def _get(self, path: str, **parameters: Any) -> Any:
        """The data; raises AssertionError with what Prometheus says of a question that it does not understand."""
        answer = self._client.get(path, params=parameters).json()
        assert answer["status"] == "success", f"{answer.get('error')}: {parameters}"
        return answer["data"]


def _series(found: Sequence[tuple[Mapping[str, str], Sequence[Sequence[Any]]]]) -> list[Series]:
    finite = [(labels, [float(value) for _, value in values if math.isfinite(float(value))]) for labels, values in found]
    return [Series(labels, values[-1], max(values)) for labels, values in finite if values]


def missing(*programs: str) -> list[str]:
    """Those that are not installed."""
    return [program for program in programs if shutil.which(program) is None]


@contextmanager
def prometheus_server(
    folder: Path,
    targets: Mapping[str, Sequence[str]],
    *,
    rules: Path | None = None,
    seconds: float = 1,
    labels: Mapping[str, str] | None = None,
) -> Iterator[Prometheus]:
    """Scrapes addresses by job, every so many seconds, and evaluates the rules of a folder as often; `labels` are put to all."""
    every, port = f"{seconds * 1000:.0f}ms", free_port()
    config = {
        "global": {"scrape_interval": every, "scrape_timeout": every, "evaluation_interval": every},
        "rule_files": [f"{rules}/*.yml"] if rules else [],
        "scrape_configs": [
            {"job_name": job, "static_configs": [{"targets": [*some], "labels": dict(labels or {})}]}
            for job, some in targets.items()
        ],
    }
    file = folder / "prometheus.json"
    # JSON is YAML.
    file.write_text(json.dumps(config))
    command = ["prometheus", f"--config.file={file}", f"--storage.tsdb.path={folder / 'prometheus'}"]
    command += [f"--web.listen-address=127.0.0.1:{port}", "--enable-feature=exemplar-storage", "--log.level=warn"]
    url = f"http://127.0.0.1:{port}"
    with answering(command, folder / "prometheus.log", f"{url}/-/ready"), closing(Prometheus(url)) as prometheus:
        yield prometheus


@contextmanager
def answering(command: Sequence[str], log: Path, ready: str, *, patience: float = PATIENCE) -> Iterator[None]:
    """A program once it answers well at the address `ready`, until the block ends."""
    with program(command, log) as process:
        until(lambda: _answers(ready), patience=patience, process=process, why=log.read_text)
        yield


@contextmanager
def program(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Runs until the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, **(environment or {})})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
