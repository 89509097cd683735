"""Workflows do what the Makefile does, on what pyproject.toml promises, with as few rights as can be."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted((GITHUB / "actions").glob("*/action.yml"))
PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
VERSIONED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
RIGHTS = {
    "checks.yml": {"contents: read"},
    "nightly.yml": {"contents: read"},
    "infrastructure.yml": {"contents: read", "id-token: write"},
    "images.yml": {"contents: read", "packages: write", "id-token: write", "attestations: write"},
    "release.yml": {
        "contents: read", "contents: write", "packages: write", "id-token: write", "attestations: write", "actions: write",
    },
    "deploy.yml": {"contents: read", "id-token: write", "packages: read"},
}  # fmt: skip
"""All that is ever asked for; whoever wants more says so here."""


def loaded(path: Path) -> dict[Any, Any]:
    content: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def triggers(workflow: dict[Any, Any]) -> dict[str, Any]:
    """YAML 1.1 takes the word `on` for a truth."""
    on: dict[str, Any] = workflow[True]
    return on


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = loaded(path)["jobs"]
    return found


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """All steps of workflows and of actions of our own, by where they stand."""
    for path in WORKFLOWS:
        for name, job in jobs(path).items():
            yield from ((f"{path.name}: {name}", step) for step in job.get("steps", ()))
    for path in ACTIONS:
        yield from ((f"{path.parent.name}/action.yml", step) for step in loaded(path)["runs"]["steps"])


def runs() -> list[tuple[str, str]]:
    return [(where, step["run"]) for where, step in steps() if "run" in step]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def supported() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [found[1] for line in project["classifiers"] if (found := re.fullmatch(r".*Python :: (3\.\d+)", line))]


def test_every_target_that_is_run_is_one() -> None:
    named = {(where, target) for where, run in runs() for target in re.findall(r"\bmake ([a-z0-9-]+)", run)}
    named |= {
        ("nightly.yml", what["target"]) for what in jobs(GITHUB / "workflows/nightly.yml")["long"]["strategy"]["matrix"]["what"]
    }
    assert named
    assert not {(where, target) for where, target in named if target not in targets()}


def test_every_script_that_is_run_is_there() -> None:
    named = {(where, script) for where, run in runs() for script in re.findall(r"\bscripts/[\w./-]+", run)}
    assert named
    assert not {(where, script) for where, script in named if not (ROOT / script).is_file()}


def test_what_steps_do_stands_in_the_makefile_and_in_scripts() -> None:
    assert not [(where, run) for where, run in runs() if "\n" in run.strip()]


def test_nothing_that_others_wrote_becomes_a_part_of_a_command() -> None:
    assert not [(where, run) for where, run in runs() if "${{" in run]


@pytest.mark.parametrize("job", ["test", "postgresql"])
def test_the_matrix_is_what_is_promised(job: str) -> None:
    matrix = jobs(GITHUB / "workflows/checks.yml")[job]["strategy"]["matrix"]
    assert matrix["python"] == supported()


def test_the_oldest_python_of_the_matrix_is_the_oldest_that_is_let_in() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={supported()[0]}"


def test_every_action_of_others_is_pinned_to_a_commit_and_says_its_version() -> None:
    of_others = [(where, step["uses"]) for where, step in steps() if "uses" in step and not step["uses"].startswith("./")]
    assert of_others
    assert not [found for found in of_others if not PINNED.match(found[1])]
    lines = [line for path in (*WORKFLOWS, *ACTIONS) for line in path.read_text(encoding="utf-8").splitlines()]
    assert not [line for line in lines if "uses: " in line and "@" in line and not VERSIONED.search(line)]


def test_an_action_has_one_commit_everywhere() -> None:
    commits: dict[str, set[str]] = {}
    for _, step in steps():
        name, at, commit = step.get("uses", "").partition("@")
        if at:
            commits.setdefault(name, set()).add(commit)
    assert not {name: found for name, found in commits.items() if len(found) > 1}


def test_the_page_names_every_action_and_its_commit() -> None:
    page = (ROOT / "docs/how-to/release-a-version.md").read_text(encoding="utf-8")
    used = {step["uses"] for _, step in steps() if "@" in step.get("uses", "")}
    assert not {uses for uses in used if uses.replace("@", "` | `") not in page}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_no_rights_but_those_of_its_jobs(path: Path) -> None:
    assert loaded(path)["permissions"] == {}
    asked = {f"{right}: {how}" for job in jobs(path).values() for right, how in job["permissions"].items()}
    assert asked == RIGHTS[path.name]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_what_strangers_begin_may_write_nothing(path: Path) -> None:
    on = triggers(loaded(path))
    assert "pull_request_target" not in on
    assert "workflow_run" not in on
    if "pull_request" not in on:
        return
    for name, job in jobs(path).items():
        writes = [right for right, how in job["permissions"].items() if how == "write"]
        assert not writes or "inputs.push" in job["if"] or "head.repo.full_name == github.repository" in job["if"], name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_does_not_run_twice_at_once_nor_for_ever(path: Path) -> None:
    assert loaded(path)["concurrency"]["group"]
    assert not [name for name, job in jobs(path).items() if "uses" not in job and not 0 < minutes(job) <= 180]


def minutes(job: dict[str, Any]) -> float:
    limit = job.get("timeout-minutes", 0)
    if isinstance(limit, str):
        return max(float(what["minutes"]) for what in job["strategy"]["matrix"]["what"])
    return float(limit)


def test_whoever_checks_out_keeps_no_credentials() -> None:
    outs = [(where, step) for where, step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert outs
    assert not [where for where, step in outs if step["with"]["persist-credentials"] is not False]


def test_secrets_are_given_to_single_steps_of_environments() -> None:
    for path in WORKFLOWS:
        for name, job in jobs(path).items():
            if "secrets." in yaml.safe_dump(job):
                assert "environment" in job, f"{path.name}: {name}"
                assert "secrets." not in yaml.safe_dump(job.get("env", {}))


def test_a_group_of_browser_tests_would_be_run() -> None:
    """There are none yet; once there are, they have a target and a job."""
    if (ROOT / "tests" / "browser").exists():
        assert "test-browser" in targets()
        assert [run for _, run in runs() if "make test-browser" in run]


def test_only_a_tag_is_published() -> None:
    assert triggers(loaded(GITHUB / "workflows/release.yml")) == {"push": {"tags": ["v*"]}}
    first = jobs(GITHUB / "workflows/release.yml")["tag"]["steps"][-1]["run"]
    assert first == 'python3 scripts/release.py check "$GITHUB_REF_NAME"'


@pytest.mark.parametrize("job", ["packages", "images", "chart", "pypi", "github"])
def test_nothing_is_published_before_all_checks_have_passed(job: str) -> None:
    release = jobs(GITHUB / "workflows/release.yml")
    before, left = set(), [job]
    while left:
        needs = release[left.pop()].get("needs", [])
        left += [needs] if isinstance(needs, str) else needs
        before |= set(left)
    assert {"tag", "checks"} <= before
