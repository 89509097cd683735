"""Builds each image cold, warm and after a change of the code, and tells what that took; see scripts/build-performance.sh."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import psutil

from build_report import Build, Image, Layer, Measured, drawing, table
from build_sampling import Sampling, engine_pid

ROOT = Path(__file__).resolve().parents[1]
DOCKER = os.environ.get("DOCKER", "docker")
TARGETS = ("api", "worker", "production", "naive")
CHANGED = "src/diarist/__init__.py"
STEP = re.compile(r"^#(\d+) \[(?!internal)[^\]]*\d+/\d+\] (?!FROM )", re.MULTILINE)
CACHED = re.compile(r"^#(\d+) CACHED$", re.MULTILINE)


def main() -> None:
    """Measure and write what was measured."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("targets", nargs="*", default=TARGETS, metavar="TARGET")
    asked.add_argument("--prune", action="store_true", help="empty the whole builder before each cold build")
    asked.add_argument("--runs", type=int, default=3, help="warm builds and changes of the code, of which the median is told")
    asked.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/docker")
    told = asked.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    measured = []
    for target in told.targets:
        measured.append(measure(target, prune=told.prune, runs=told.runs))
        print(table(measured[-1:]))
    result = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": ran("git", "-c", "safe.directory=*", "rev-parse", "HEAD").strip(),
        "machine": {"processors": psutil.cpu_count(), "memory_gb": round(psutil.virtual_memory().total / 1e9)},
        "load": [round(load, 1) for load in os.getloadavg()],
        "engine": ran(DOCKER, "version", "--format", "{{.Server.Version}}").strip(),
        "cold": "builder emptied, everything fetched" if told.prune else "no layer cache, packages in the cache mounts",
        "targets": [asdict(one) for one in measured],
    }
    (told.out / "figures.json").write_text(json.dumps(result, indent=2) + "\n")
    (told.out / "figures.svg").write_text(drawing(measured))
    (told.out / "figures.md").write_text(table(measured))
    with (told.out / "history.jsonl").open("a") as history:
        history.write(json.dumps(result) + "\n")
    print(table(measured))


def measure(target: str, *, prune: bool, runs: int) -> Measured:
    """One image: cold, then again as it is, then after changes of the code."""
    with tempfile.TemporaryDirectory() as folder:
        context = Path(folder)
        copy_sources(context)
        if target == "naive":
            (context / ".dockerignore").unlink()
        if prune:
            ran(DOCKER, "builder", "prune", "--all", "--force")
        builds = [build(target, context, "cold", *(() if prune else ("--no-cache",)))]
        builds += [build(target, context, "warm") for _ in range(runs)]
        for number in range(runs):
            with (context / CHANGED).open("a") as source:
                source.write(f"# {time.time()} {number}\n")
            builds.append(build(target, context, "code"))
        return Measured(target, builds, image(f"measured-{target}"))


def copy_sources(folder: Path) -> None:
    """What a fresh clone would hold, as it stands."""
    listed = ran("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def build(target: str, context: Path, kind: str, *arguments: str) -> Build:
    """Build once and tell what it took; raises `SystemExit` when it fails."""
    chosen = ["--file", context / "deploy/docker/naive.Dockerfile"] if target == "naive" else ["--target", target]
    command = [DOCKER, "build", "--progress", "plain", *options(), *arguments, *chosen, "--tag", f"measured-{target}", context]
    started = time.perf_counter()
    with Sampling(engine_pid()) as sampling:
        built = subprocess.run(  # noqa: S603 - what we have put together
            command, env=os.environ | {"DOCKER_BUILDKIT": "1"}, capture_output=True, text=True, check=False
        )
    seconds = time.perf_counter() - started
    output = built.stdout + built.stderr
    if built.returncode:
        raise SystemExit(output[-3000:])
    steps = set(STEP.findall(output))
    return Build(
        kind=kind,
        seconds=seconds,
        steps=len(steps),
        cached=len(steps & set(CACHED.findall(output))),
        cpu_seconds=sampling.cpu_seconds,
        peak_bytes=sampling.peak_bytes,
    )


def options() -> Iterator[str]:
    """What this machine's builds are told."""
    if network := os.environ.get("BUILD_NETWORK"):
        yield from ("--network", network)
    if base := os.environ.get("PYTHON_IMAGE"):
        yield from ("--build-arg", f"PYTHON_IMAGE={base}")
    for secret in os.environ.get("BUILD_SECRETS", "").split():
        name, _, path = secret.partition("=")
        yield from ("--secret", f"id={name},src={path}")


def image(name: str) -> Image:
    """Its size, and what its layers are for."""
    history = ran(DOCKER, "history", "--no-trunc", "--human=false", "--format", "{{.Size}}\t{{.CreatedBy}}", name)
    rows = [line.partition("\t") for line in history.splitlines()]
    layers = [Layer(int(size), " ".join(made.split())[:160]) for size, _, made in rows if int(size)]
    return Image(int(ran(DOCKER, "image", "inspect", "--format", "{{.Size}}", name)), layers[::-1])


def ran(*command: str) -> str:
    """The output of a program that has to succeed."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603


if __name__ == "__main__":
    main()
