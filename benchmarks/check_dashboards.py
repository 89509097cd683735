"""Asks a real Prometheus every question of every dashboard while a real fleet works, and demands an answer to each.

    make check-dashboards

Prints dashboard, panel, question and value, writes them as JSON, and exits 1 when a panel would be empty; in three minutes.
Prometheus and its exporters for machines, PostgreSQL and Redis (Debian's packages) have to be installed; it starts its own, and
touches none that run.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
# The servers are those of the tests; the benchmarks are plain scripts beside each other.
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tests"), str(ROOT / "samples")]

from busy_fleet import BusyFleet, busy_fleet  # noqa: E402
from figures import write  # noqa: E402

from drawn_dashboards import Asked, chosen, dashboards, filled, questions  # noqa: E402
from postgres_server import PostgresServer, free_port, running_server  # noqa: E402
from prometheus_server import Prometheus, Series, missing, program, prometheus_server  # noqa: E402
from redis_server import RedisServer, redis_server  # noqa: E402
from shipped_rules import FOLDER as RULES  # noqa: E402
from waiting import until  # noqa: E402

NODE, POSTGRES, REDIS = "prometheus-node-exporter", "prometheus-postgres-exporter", "prometheus-redis-exporter"
NEVER = re.compile(r' or on \(\) (label_replace\()*vector\(0\)(, "\w+", "none", "", ""\))*')
"""What a question says of what may never happen; without it, it is seen whether it did."""
LATELY = "30s"
"""What Grafana would give for `$__rate_interval`, at a scrape every second a little long."""
STEP = 5
RECORDED = 6
"""Seconds until rules that build upon each other have all been worked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one question."""

    dashboard: str
    panel: str
    query: str
    value: str
    """The last values, and the largest where they differ, of the three highest series; empty where the panel would be."""
    series: int
    happened: bool
    """Whether there was more than the zero that stands for nothing."""
    exemplars: int | None
    """Dots that lead to traces, where there should be some."""

    @property
    def missed(self) -> bool:
        """Whether somebody would look at an empty panel, or at a point that leads nowhere."""
        return not self.value or self.exemplars == 0


def main() -> int:
    """Start it all, wait, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="how long the fleet works")
    parser.add_argument("--json", type=Path, default=ROOT / "benchmarks" / "results" / "dashboards.json")
    arguments = parser.parse_args()
    if absent := missing("prometheus", NODE, POSTGRES, REDIS):
        sys.stderr.write(
            f"NOTHING WAS CHECKED: {', '.join(absent)} not installed.\n"
            f"Debian: apt-get install --no-install-recommends {' '.join(absent)}\n"
        )
        return 1
    began = time.perf_counter()
    with (
        tempfile.TemporaryDirectory(prefix="diarist-dashboards-") as folder,
        running_server() as postgres,
        redis_server(Path(folder)) as redis,
    ):
        answers = asked_while_it_works(Path(folder), postgres, redis, arguments.seconds)
    show(answers)
    save(answers, arguments.json, time.perf_counter() - began)
    empty = [answer for answer in answers if answer.missed]
    for answer in empty:
        print(f"EMPTY: {answer.dashboard} / {answer.panel}: {answer.query}", file=sys.stderr)
    print(f"{len(answers)} questions, {len(empty)} without an answer; {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return int(bool(empty))


def asked_while_it_works(folder: Path, postgres: PostgresServer, redis: RedisServer, seconds: float) -> list[Answer]:
    """Let the fleet work under the eyes of Prometheus, and ask at the end."""
    with ExitStack() as stack:
        busy = stack.enter_context(busy_fleet(folder, postgres, redis))
        exporters = stack.enter_context(exported(folder, busy, redis))
        prometheus = stack.enter_context(prometheus_server(folder, busy.targets | exporters, rules=RULES, seconds=2))
        until(lambda: not prometheus.unseen(), patience=60, why=lambda: str(prometheus.unseen()))
        start = time.time()
        busy.live(seconds)
        time.sleep(RECORDED)
        return list(answered(prometheus, start, time.time() - 1))


@contextmanager
def exported(folder: Path, busy: BusyFleet, redis: RedisServer) -> Iterator[dict[str, list[str]]]:
    """The exporters of this machine, of PostgreSQL and of Redis; their addresses by job."""
    ports = {NODE: free_port(), POSTGRES: free_port(), REDIS: free_port()}
    told = {POSTGRES: {"DATA_SOURCE_NAME": f"{busy.fleet.database_url}?sslmode=disable"}, REDIS: {"REDIS_ADDR": redis.url}}
    with ExitStack() as stack:
        for name, port in ports.items():
            command = [name, f"--web.listen-address=127.0.0.1:{port}"]
            stack.enter_context(program(command, folder / f"{name}.log", told.get(name)))
        yield {name.split("-")[1]: [f"127.0.0.1:{port}"] for name, port in ports.items()}


def answered(prometheus: Prometheus, start: float, end: float) -> Iterator[Answer]:
    """Every question of every panel, asked as Grafana asks it."""
    for dashboard in dashboards().values():
        values = chosen(dashboard, prometheus.label_values) | {"__rate_interval": LATELY}
        for question in questions(dashboard):
            yield answer(prometheus, question, filled(question.expression, values), start, end)


def answer(prometheus: Prometheus, question: Asked, query: str, start: float, end: float) -> Answer:
    """One of them."""

    def ask(expression: str) -> list[Series]:
        return prometheus.now(expression, end) if question.at_once else prometheus.over(expression, start, end, STEP)

    found = ask(query)
    highest = sorted(found, key=lambda one: one.most, reverse=True)
    happened = bool(ask(NEVER.sub("", query))) if NEVER.search(query) else bool(found)
    return Answer(
        dashboard=question.dashboard,
        panel=question.panel,
        query=question.expression,
        value="; ".join(f"{_called(question.legend, one)} {_value(one)}" for one in highest[:3]),
        series=len(found),
        happened=happened,
        exemplars=len(prometheus.exemplars(query, start, end)) if question.exemplars else None,
    )


def _called(legend: str, series: Series) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: series.labels.get(found[1], "-"), legend)


def _value(series: Series) -> str:
    return f"{series.value:.4g}" + (f" (most {series.most:.4g})" if series.most > series.value else "")


def show(answers: list[Answer]) -> None:
    """Print the table."""
    table = Table("dashboard", "panel", "question", "value", title="What every panel shows")
    for column in table.columns:
        column.overflow = "fold"
    for one in answers:
        more = f" (+{one.series - 3})" if one.series > 3 else ""
        dots = "" if one.exemplars is None else f" [{one.exemplars} traces]"
        never = "" if one.happened else " (did not happen)"
        value = f"{one.value}{more}{dots}{never}" if not one.missed else "[red]EMPTY[/]"
        table.add_row(one.dashboard.partition(":")[0], one.panel, one.query, value)
    Console(width=240).print(table)


def save(answers: list[Answer], path: Path, seconds: float) -> None:
    """Write the same as JSON."""
    rows = [{**asdict(one), "missed": one.missed} for one in answers]
    write(path, seconds=round(seconds), answers=rows)


if __name__ == "__main__":
    raise SystemExit(main())
