"""The units of systemd are called as in the code, wait as long as it takes, and allow no more than they say."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from diarist.services.roles import ROLES
from diarist.settings import Settings

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
PAGE = (ROOT / "docs/how-to/install-with-systemd.md").read_text(encoding="utf-8")
OF_ITS_OWN = re.compile(r"^(Type|ExecStart|RemainAfterExit|Restart|RestartSec|Timeout\w+)=")
MOST_EXPOSED = 1.5
"""Of 10, by `systemd-analyze security`; 2 and less count as safe."""


def lines(unit: Path) -> list[str]:
    return [line for line in unit.read_text(encoding="utf-8").splitlines() if "=" in line and not line.startswith("#")]


def value(unit: Path, name: str) -> str:
    (found,) = (line.partition("=")[2] for line in lines(unit) if line.startswith(f"{name}="))
    return found


def systemd_analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed (Debian: apt-get install systemd)")
    return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.fixture
def installed(tmp_path: Path) -> list[Path]:
    """The units as they would be started, with programs that are there."""
    for unit in UNITS.glob("diarist*"):
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for name in (unit.name.replace("@.", f"@{role}.") for role in ROLES) if "@." in unit.name else (unit.name,):
            (tmp_path / name).write_text(text)
    return sorted((*tmp_path.glob("*.service"), *tmp_path.glob("*.target")))


def test_systemd_understands_the_units(installed: list[Path]) -> None:
    judged = systemd_analyze("verify", "--man=no", *installed)
    ours = [line for line in judged.stderr.splitlines() if "diarist" in line]
    assert not ours, "\n".join(ours)


def test_systemd_finds_little_exposed(installed: list[Path]) -> None:
    for unit in installed:
        # Roles differ by their name only.
        if unit.name in {"diarist@standalone.service", "diarist-migrate.service"}:
            judged = systemd_analyze("security", "--offline=yes", "--no-pager", unit)
            exposed = re.search(r"Overall exposure level for .*: ([\d.]+)", judged.stdout)
            assert exposed, judged.stderr
            assert float(exposed[1]) <= MOST_EXPOSED


def test_all_services_allow_the_same() -> None:
    allowed = [{line for line in lines(unit) if not OF_ITS_OWN.match(line) and "Description=" not in line} for unit in SERVICES]
    assert {line for line in allowed[0] ^ allowed[1] if not line.startswith(("After=", "PartOf="))} == set()


def test_every_role_is_named() -> None:
    comment = (UNITS / "diarist@.service").read_text(encoding="utf-8").partition("[Unit]")[0]
    assert set(re.findall(r"diarist@([\w-]+)", comment)) == set(ROLES)


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_systemd_waits_longer_than_a_role_takes_to_end(unit: Path) -> None:
    settings = Settings()
    assert int(value(unit, "TimeoutStopSec")) >= settings.queue.grace + settings.http.drain_seconds + 20


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_secret_has_a_file_and_may_be_missing(unit: Path) -> None:
    loaded = {line.split("=")[1].partition(":")[::2] for line in lines(unit) if line.startswith("LoadCredential=")}
    empty = {line.split("=")[1] for line in lines(unit) if line.startswith("SetCredential=")}
    assert loaded
    assert all(path == f"/etc/diarist/secrets/{name}" for name, path in loaded)
    assert empty == {f"{name}:\\n" for name, _ in loaded}
    assert not {name for name, _ in loaded if name not in PAGE}


def test_an_empty_line_in_place_of_a_secret_sets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "DIARIST_DATABASE__URL").write_text("\n")
    (tmp_path / "DIARIST_BROKER__URL").write_text("redis://queue/0\n")
    monkeypatch.setenv("DIARIST_SECRETS_DIR", str(tmp_path))
    settings = Settings()
    assert not settings.database.url
    assert settings.broker.url == "redis://queue/0"
