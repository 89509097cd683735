"""What is done to the containers, and what has to come of it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

import httpx

from access_keys import bearing
from chaos.faults import Happened
from chaos.report import Finding, none
from containers import memos
from containers.engine import ROOT
from containers.stack import ROLES, Stack, until
from diarist.client import Added, Task
from diarist.client.clients import Client

PATIENCE = 150.0
"""Seconds that the work on one memo may take on a slow machine."""
REDELIVERY = 30.0
"""Seconds after a worker's death until somebody else has its task, at most."""
STARVED = "360m"
"""Too little for the engine, and enough for the worker that has started it."""
WORKER = "transcription-worker"


@dataclass(slots=True)
class Trial:
    """One run."""

    stack: Stack
    folder: Path
    began: float = field(default_factory=time.monotonic)
    happened: list[Happened] = field(default_factory=list)

    def smoke(self) -> Iterator[Finding]:
        """A real recording, through the load balancer, as scripts/smoke.py looks at any system."""
        done = subprocess.run(
            [sys.executable, "scripts/smoke.py", self.stack.url, "--json", "--patience", str(PATIENCE)],
            cwd=ROOT, env={"DIARIST_API_KEY": self.stack.key}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        outcomes = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        bad = [f"{one['check']}: {one['detail']}" for one in outcomes if not one["ok"]]
        yield Finding(name="what a visitor sees: checks", value=len(outcomes), at_least=8, detail=done.stderr[-300:])
        yield none("what a visitor sees: wrong", bad)

    def hardened(self) -> Iterator[Finding]:
        """Of every container, as it runs."""
        containers = self.stack.containers()
        loose = []
        for one in containers:
            name, host = one["Name"], one["HostConfig"]
            if one["Config"]["User"] in {"", "0", "root"}:
                loose.append(f"{name} runs as root")
            if not host["ReadonlyRootfs"] or host["CapDrop"] != ["ALL"] or host["Privileged"]:
                loose.append(f"{name} may do more than it needs")
            if not any(option.startswith("no-new-privileges") for option in host["SecurityOpt"] or ()):
                loose.append(f"{name} may gain privileges")
            if not host["Memory"] or not host["NanoCpus"]:
                loose.append(f"{name} has no limit")
            if any("PASSWORD=" in setting for setting in one["Config"]["Env"]):
                loose.append(f"{name} has a password in its environment")
        yield Finding(name="containers", value=len(containers), at_least=14)
        yield none("containers that are not hardened", loose)

    def watched(self) -> Iterator[Finding]:
        """Prometheus finds each of them once."""
        url = f"http://127.0.0.1:{self.stack.settings['FLEET_PROMETHEUS_PORT']}/api/v1/query"

        def up() -> dict[str, int]:
            found = httpx.get(url, params={"query": "sum by (job) (up)"}, timeout=10, trust_env=False).raise_for_status().json()
            return {one["metric"]["job"]: int(one["value"][1]) for one in found["data"]["result"]}

        wanted = {role: len(self.stack.containers(role)) for role in ROLES} | dict.fromkeys(("postgres", "redis", "node"), 1)
        deadline = time.monotonic() + 45
        while (seen := up()) | wanted != seen and time.monotonic() < deadline:
            time.sleep(1)
        yield none("not seen by Prometheus as often as they are there", sorted(wanted.items() - seen.items()))

    def killed(self) -> Iterator[Finding]:
        """A worker dies while it has a task, and is started again."""
        with self.stack.client() as client, self._at_work(client, 20) as (added, held):
            victim = self.stack.containers(WORKER)[0]["Id"]
            with self._doing("kill", f"{WORKER} {victim[:12]}"):
                self.stack.engine.run("kill", victim)
            killed = datetime.now(UTC)
            taken = self._taken_again(client, added, held, killed)
            yield from self._came_through("killed worker", client, added, 20)
            yield Finding(name="killed worker: its task is another's after", value=round(taken, 1), unit="s", at_most=REDELIVERY)
            self.stack.engine.run("start", victim)
            yield Finding(
                name="killed worker: ready again after", value=round(self.stack.until_healthy(WORKER, number=2), 1), unit="s"
            )

    def starved(self) -> Iterator[Finding]:
        """The only worker has less memory than its engine needs; given enough, it does what is left."""
        since = str(int(time.time()))
        with self._doing("starve", f"{WORKER} with {STARVED}"):
            self.stack.compose(
                "up", "--detach", "--no-build", "--no-deps", "--scale", f"{WORKER}=1", WORKER, FLEET_TRANSCRIPTION_MEMORY=STARVED
            )
            self.stack.until_healthy(WORKER, number=1)
        with self.stack.client() as client:
            added = client.recordings.add(memos.repeated(self.folder / "starved.flac", 2))
            events = ("events", "--since", since, "--filter", "event=oom", "--format", "{{.Actor.Attributes.name}}")
            killings = until(
                lambda: self.stack.engine.run(*events, "--until", str(int(time.time()))).split(),
                PATIENCE,
                "processes that had no memory",
            )
            yield Finding(name="starved worker: processes that the kernel has killed", value=len(killings), at_least=1)
            with self._doing("feed", f"{WORKER} with what it needs"):
                self.stack.compose("up", "--detach", "--no-build", "--no-deps", WORKER)
                self.stack.until_healthy(WORKER, number=2)
            yield from self._came_through("starved worker", client, added, 2)

    def drained(self) -> Iterator[Finding]:
        """A worker and an API are told to end while they are at work."""
        with self.stack.client() as client, self._at_work(client, 21) as (added, _):
            worker = self.stack.containers(WORKER)[0]
            took = self._stop(worker["Id"], WORKER)
            yield Finding(name="drained worker: ends after", value=took, unit="s", at_most=30)
            yield none("drained worker: exit status", self._exit_statuses(worker["Id"]))
            yield from self._drained_api()
            yield from self._came_through("drained worker", client, added, 21)

    def _drained_api(self) -> Iterator[Finding]:
        apis = [one["Id"] for one in self.stack.containers("ingestion-api")]
        statuses: list[int] = []
        uploads = [threading.Thread(target=lambda: statuses.append(self._slow_upload())) for _ in apis]
        for upload in uploads:
            upload.start()
        time.sleep(2)  # both have some of their bodies by now
        refused: list[str] = []
        ended = threading.Event()
        asking = threading.Thread(target=self._ask, args=(ended, refused))
        asking.start()
        took = self._stop(apis[0], "ingestion-api")
        for upload in uploads:
            upload.join()
        ended.set()
        asking.join()
        yield Finding(name="drained API: ends after", value=took, unit="s", at_most=45)
        yield none("drained API: exit status", self._exit_statuses(apis[0]))
        yield none("drained API: slow uploads that came to nothing", (one for one in statuses if one not in {200, 202}))
        yield none("drained API: other requests refused meanwhile", refused)
        self.stack.engine.run("start", apis[0])

    def _slow_upload(self) -> int:
        def body() -> Iterator[bytes]:
            content = memos.SAMPLE.read_bytes()
            for start in range(0, len(content), size := len(content) // 8):
                yield content[start : start + size]
                time.sleep(0.75)

        headers = {**bearing(self.stack.key), "Content-Type": "audio/ogg"}
        answer = httpx.post(f"{self.stack.url}/v1/recordings", content=body(), headers=headers, timeout=60, trust_env=False)
        return answer.status_code

    def _ask(self, ended: threading.Event, refused: list[str]) -> None:
        with httpx.Client(base_url=self.stack.url, headers=bearing(self.stack.key), timeout=20, trust_env=False) as web:
            while not ended.wait(0.1):
                for path in ("/v1/session", "/v1/recordings"):
                    try:
                        status = web.get(path).status_code
                    except httpx.HTTPError as error:
                        refused.append(f"{path}: {error!r}")
                    else:
                        if status != HTTPStatus.OK:
                            refused.append(f"{path}: {status}")

    @contextmanager
    def _at_work(self, client: Client, times: int) -> Iterator[tuple[Added, dict[UUID, datetime]]]:
        """Both workers have a task of a long memo; which, and since when."""
        added = client.recordings.add(memos.repeated(self.folder / f"{times}.flac", times))

        def held() -> dict[UUID, datetime]:
            running = [task for task in self._heard_now(client, added) if task.state == "running" and task.started_at]
            return {task.id: task.started_at for task in running if task.started_at} if len(running) > 1 else {}

        yield added, until(held, PATIENCE, "two workers that hear")

    def _taken_again(self, client: Client, added: Added, held: dict[UUID, datetime], since: datetime) -> float:
        """Seconds until a task that was held is begun anew."""

        def again() -> list[datetime]:
            tasks = self._heard_now(client, added)
            return [task.started_at for task in tasks if task.started_at and task.started_at > held.get(task.id, since)
                    and task.id in held]  # fmt: skip

        begun: list[datetime] = until(again, 90, "tasks that were begun anew")
        return max(0.0, (min(begun) - since).total_seconds())

    @staticmethod
    def _heard_now(client: Client, added: Added) -> list[Task]:
        return [task for task in client.jobs.tasks(added.job_id) if task.stage == "transcribe"]

    @staticmethod
    def _came_through(what: str, client: Client, added: Added, times: int) -> Iterator[Finding]:
        job = client.jobs.wait(added.job_id, timeout=PATIENCE)
        yield none(f"{what}: job not succeeded", [] if job.state == "succeeded" else [f"{job.state} {job.error}"])
        yield none(f"{what}: lost of the transcript", memos.wrong(client.transcripts.get(added.recording_id), times))
        entry = client.entries.latest(added.recording_id)
        yield none(f"{what}: sentences without proof", [one.text for one in entry.sentences if not one.citations])

    def _stop(self, container: str, service: str) -> float:
        began = time.monotonic()
        with self._doing("stop", f"{service} {container[:12]}"):
            self.stack.engine.run("stop", "--time", "60", container)
        return round(time.monotonic() - began, 1)

    def _exit_statuses(self, container: str) -> list[str]:
        [one] = self.stack.engine.inspect(container)
        status = one["State"]["ExitCode"]
        return [] if status == 0 else [str(status)]

    @contextmanager
    def _doing(self, kind: str, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.happened.append(Happened(at=began - self.began, kind=kind, what=what, seconds=time.monotonic() - began))
