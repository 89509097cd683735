"""Builds the images and runs all of Diarist in containers: looks, kills, starves and ends, and sees that nothing is lost.

    make docker-e2e ARGS="--keep build/containers"

Needs Docker's engine, Compose and Syft. Where they are not there it says so and exits 69, which is neither proof nor failure.
Else it prints a table, writes it as JSON, and exits 1 when a goal is missed; in less than nine minutes where the images' layers
are here. Servers of others are built from Debian's packages; `--online` takes those that docker-compose.yml names.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from chaos import report
from chaos.faults import Happened
from chaos.report import Finding, none
from containers import engine, images
from containers.stack import left_behind, stack_up
from containers.trial import Trial
from diarist.errors import DiaristError

RESULTS = engine.ROOT / "build" / "containers.json"


def prove(docker: engine.Engine, folder: Path, wanted: argparse.Namespace) -> tuple[list[Finding], list[Happened]]:
    """Do it all; what the containers said stays in the folder."""
    findings: list[Finding] = []

    def see(what: str, found: Iterator[Finding]) -> None:
        sys.stderr.write(f"{time.monotonic() - began:4.0f} s  {what}\n")
        try:
            # One at a time: what was seen before it came to nothing is told too.
            for finding in found:
                findings.append(finding)  # noqa: PERF402
        except (engine.CommandFailed, DiaristError, httpx.HTTPError) as error:
            findings.append(none(f"{what}: came to nothing", [f"{type(error).__name__}: {error}"]))

    began = time.monotonic()
    targets = [target for target in images.TARGETS if target.name in wanted.targets]
    if not wanted.as_built:
        see("building the images", images.build(targets))
        if not wanted.online:
            see("building the servers that cannot be fetched", images.build_servers(docker))
    if wanted.only != "stack":
        for target in targets:
            see(f"looking at {target.name}", images.judge(docker, target, folder))
    happened: list[Happened] = []
    if wanted.only != "images":
        sys.stderr.write(f"{time.monotonic() - began:4.0f} s  make up\n")
        up = time.monotonic()
        with stack_up(docker, folder, offline=not wanted.online) as stack:
            findings.append(Finding(name="make up", value=round(time.monotonic() - up, 1), unit="s"))
            trial = Trial(stack, folder)
            steps: dict[str, Callable[[], Iterator[Finding]]] = {
                "how they are kept": trial.hardened,
                "a recording through the load balancer": trial.smoke,
                "what Prometheus sees": trial.watched,
                "a worker is killed": trial.killed,
                "a worker has too little memory": trial.starved,
                "a worker and an API are told to end": trial.drained,
            }
            for what, step in steps.items():
                see(what, step())
            happened = trial.happened
            sys.stderr.write(f"{time.monotonic() - began:4.0f} s  make down\n")
        findings.append(none("left behind", left_behind(docker)))
    findings.append(Finding(name="all of it", value=round(time.monotonic() - began), unit="s"))
    return findings, happened


def main() -> int:
    """The exit status: 0 proven, 1 a goal is missed, 69 it could not be run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [target.name for target in images.TARGETS]
    parser.add_argument("--targets", nargs="+", choices=names, default=names, help="which images to build and look at")
    parser.add_argument("--as-built", action="store_true", help="build nothing: what is to be looked at is there")
    parser.add_argument("--only", choices=["images", "stack"], help="look at images only, or at what runs in them")
    parser.add_argument("--online", action="store_true", help="fetch the images of servers")
    parser.add_argument("--keep", type=Path, help="where what the containers said is kept; by default only when a goal is missed")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where to write what was found")
    wanted = parser.parse_args()
    folder = wanted.keep or Path(tempfile.mkdtemp(prefix="diarist-containers-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        docker = engine.find()
        findings, happened = prove(docker, folder.resolve(), wanted)
    except engine.CannotRun as error:
        sys.stderr.write(f"Not run, and nothing proven: {error}\n")
        return engine.COULD_NOT_RUN
    except engine.CommandFailed as error:
        sys.stderr.write(f"{error}\nWhat the containers said: {folder}\n")
        return 1
    report.show(findings, happened, f"Diarist in containers, Docker {docker.version}")
    report.save(wanted.json, findings, happened, {"docker": docker.version})
    missed = [finding for finding in findings if finding.missed]
    if missed or wanted.keep:
        sys.stderr.write(f"What the containers said: {folder}\n")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
