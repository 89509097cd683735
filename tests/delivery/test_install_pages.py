"""What the pages on installing say is there; the page on uv and pip is followed, with a wheel of this tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from diarist.cli.main import new_app
from diarist.services.roles import ROLES
from diarist.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs/how-to").glob("install*.md"))
SAMPLE = ROOT / "samples" / "tuesday_evening.opus"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


def shell(page: Path) -> list[str]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def section(page: str, heading: str) -> str:
    """The commands under a heading."""
    text = (ROOT / "docs/how-to" / page).read_text(encoding="utf-8")
    (block,) = BLOCK.findall(re.split(r"^## ", text.split(f"\n## {heading}\n")[1], flags=re.MULTILINE)[0])
    return str(block)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_setting_that_is_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"(?<![\w/.])((?:deploy|requirements|scripts|samples|\.github)/[\w./@-]+)", text):
        assert (ROOT / name).exists(), name
    for name in set(re.findall(r"DIARIST_[A-Z_]+[A-Z]", text)) - {"DIARIST_API_URL", "DIARIST_API_KEY"}:
        assert is_setting(name), name


def is_setting(name: str) -> bool:
    at = Settings
    for part in name.removeprefix("DIARIST_").lower().split("__"):
        fields = getattr(at, "model_fields", {})
        if part not in fields:
            return False
        at = fields[part].annotation
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_role_that_is_named_is_one(page: Path) -> None:
    commands = set(get_command(new_app()).commands)  # type: ignore[attr-defined]  # a group
    text = page.read_text(encoding="utf-8")
    asked = {word for block in (*shell(page), *re.findall(r"`(diarist [^`]*)`", text)) for word in called(block)}
    assert asked <= commands
    assert set(re.findall(r"diarist@([a-z-]+)\b", text)) - {"service"} <= set(ROLES)


def called(block: str) -> set[str]:
    return set(re.findall(r"(?:^|/bin/|exec diarist )diarist ([a-z]+)\b", block, re.MULTILINE))


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs/how-to/install.md").read_text(encoding="utf-8")
    assert not [page.name for page in PAGES if page.name != "install.md" and f"({page.name})" not in index]


def test_every_extra_is_told() -> None:
    told = (ROOT / "docs/how-to/install-with-pip.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert not [extra for extra in project["optional-dependencies"] if extra != "dev" and f"`{extra}`" not in told]


def test_images_are_started_with_what_they_allow() -> None:
    command = shell(ROOT / "docs/how-to/install-with-docker.md")[0]
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for target in re.findall(r"--target (\w+)", (ROOT / "docs/how-to/install-with-docker.md").read_text(encoding="utf-8")):
        assert re.search(rf"^FROM \S+ AS {target}$", dockerfile, re.MULTILINE), target
    (volumes,) = {tuple(yaml.safe_load(found)) for found in re.findall(r"^VOLUME (\[.*\])$", dockerfile, re.MULTILINE)}
    assert set(re.findall(r"--volume [\w-]+:(\S+)", command)) == set(volumes)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.heavy
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", ["uv", "pipx", "pip"])
def test_the_page_on_packages_installs_a_diary_that_works(way: str, wheel: Path, tmp_path: Path) -> None:
    """`diarist` in the page's commands is the wheel: it is in no index that a test could ask."""
    if way == "pipx" and shutil.which("pipx") is None:
        pytest.skip("pipx is not installed (Debian: apt-get install pipx)")
    home = tmp_path / "home"
    (home / ".local" / "bin").mkdir(parents=True)
    if shutil.which("uv") is None:
        uv = home / ".local" / "bin" / "uv"
        # By the path without this very file: scripts/uv.sh asks it for uv.
        uv.write_text(f'#!/bin/sh\nPATH="{os.environ["PATH"]}" exec sh "{ROOT}/scripts/uv.sh" "$@"\n')
        uv.chmod(0o755)
    shutil.copy(SAMPLE, tmp_path)
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("DIARIST_", "XDG_", "UV_TOOL", "PYTHON"))
    }
    environment = inherited | {"HOME": str(home), "PATH": f"{home}/.local/bin:{home}/diarist/bin:{os.environ['PATH']}"}
    # What was fetched once is not fetched for each way: that is not what is tried.
    environment |= {"UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache" / "uv"))}
    commands = re.sub(r"\binstall diarist$", f"install '{wheel}'", section("install-with-pip.md", way), flags=re.MULTILINE)
    assert str(wheel) in commands
    script = f"set -eu\n{commands}\n{section('install-with-pip.md', 'Then')}"
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"diarist {wheel.name.split('-')[1]}" in done.stdout
    assert "Denver" in done.stdout
    assert "composed by" in done.stdout
