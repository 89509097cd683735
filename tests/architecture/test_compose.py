"""docker-compose.yml and what is laid over it: nothing may do more than it needs, and all that is named is there."""

from __future__ import annotations

import json
import re
import stat
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from deployed import DEPLOY, FLEET, ROOT, compose, read
from diarist import __version__
from diarist.settings import Settings

WHOLE = read(ROOT / "docker-compose.yml")
LAID_OVER = ["docker-compose.dev.yml", "docker-compose.fast.yml", "deploy/docker/compose.offline.yml"]
TEN = {*FLEET, "redis", "postgres", "prometheus", "grafana", "jaeger", "otel-collector"}
STORES = {"postgres", "redis"}
READS_THE_SOCKET = {"alloy"}
"""Of Docker: only root may, and it is started where somebody asks for it."""


def secrets_of(service: dict[str, Any]) -> set[str]:
    return set(service.get("secrets", ()))


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets") / "folder"
    make_secrets(folder)
    return folder


def make_secrets(folder: Path) -> None:
    subprocess.run(["sh", "scripts/fleet_secrets.sh", folder], cwd=ROOT, check=True)


def test_all_ten_are_there() -> None:
    assert compose().keys() >= TEN
    assert not any(compose()[name].get("profiles") for name in TEN)


@pytest.mark.parametrize("name", sorted(compose()))
def test_no_service_may_do_more_than_it_needs(name: str) -> None:
    service = compose()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert name in READS_THE_SOCKET or service["user"] not in {"root", "0", "0:0"}
    assert service["logging"]["options"].keys() >= {"max-size", "max-file"}
    assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}


@pytest.mark.parametrize("name", sorted(set(compose()) - set(FLEET) - {"migrate"}))
def test_images_of_others_have_versions_and_may_be_pinned(name: str) -> None:
    assert re.fullmatch(r"\$\{FLEET_\w+_IMAGE:-[\w./-]+:v?\d[\w.-]*\}", compose()[name]["image"])


def test_ports_are_for_this_machine_unless_somebody_says_otherwise() -> None:
    ports = {name: port for name, service in compose().items() for port in service.get("ports", ())}
    assert ports.pop("balancer").startswith("${FLEET_ADDRESS:-127.0.0.1}:")
    assert all(port.startswith("127.0.0.1:") for port in ports.values())
    assert not ports.keys() & (set(FLEET) | STORES)


def test_stores_are_reached_from_the_back_only() -> None:
    assert WHOLE["networks"]["back"] == {"internal": True}
    assert all(compose()[name]["networks"] == ["back"] for name in STORES)
    assert compose()["balancer"]["networks"] == ["front"]


def test_prometheus_meets_each_role_in_one_network() -> None:
    watching = set(compose()["prometheus"]["networks"])
    assert all(len(watching & set(compose()[name]["networks"])) == 1 for name in FLEET)


def test_the_balancer_is_believed_and_nobody_else() -> None:
    (subnet,) = WHOLE["networks"]["front"]["ipam"]["config"]
    for name in FLEET:
        assert json.loads(compose()[name]["environment"]["DIARIST_HTTP__TRUSTED_PROXIES"]) == [subnet["subnet"]]


@pytest.mark.parametrize("name", sorted(FLEET))
def test_docker_waits_longer_than_a_role_takes_to_end(name: str) -> None:
    settings = Settings()
    takes = settings.queue.grace if FLEET[name].queues else settings.http.drain_seconds
    assert int(compose()[name]["stop_grace_period"].removesuffix("s")) >= takes + 20


@pytest.mark.parametrize("name", sorted(FLEET))
def test_a_role_waits_for_its_stores_and_their_migration(name: str) -> None:
    assert {of: how["condition"] for of, how in compose()[name]["depends_on"].items()} == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }


def test_images_are_built_from_stages_that_there_are() -> None:
    stages = set(re.findall(r"^FROM \S+ AS (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE))
    development = read(ROOT / "docker-compose.dev.yml")["services"]
    asked = {service["build"]["target"] for some in (compose(), development) for service in some.values() if "build" in service}
    assert asked == {"api", "production", "development"}
    assert asked <= stages


def test_published_images_are_those_of_this_version() -> None:
    text = (ROOT / "docker-compose.fast.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"FLEET_VERSION:-([^}]+)", text)) == {__version__}


def test_secrets_are_files_that_somebody_makes(secrets: Path) -> None:
    named = {name for service in compose().values() for name in secrets_of(service)}
    assert named == WHOLE["secrets"].keys()
    assert all(one["file"] == f"${{FLEET_SECRETS:-./.secrets}}/{name}" for name, one in WHOLE["secrets"].items())
    assert named == {file.name for file in secrets.iterdir()}


def test_only_their_maker_reads_secrets_and_none_is_made_twice(secrets: Path) -> None:
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    before = {file.name: file.read_text() for file in secrets.iterdir()}
    make_secrets(secrets)
    assert {file.name: file.read_text() for file in secrets.iterdir()} == before
    passwords = [text for name, text in before.items() if name.endswith("_password")]
    assert len(set(passwords)) == len(passwords) == 5
    assert all(len(password) == 48 for password in passwords)


def test_secrets_of_roles_are_settings_and_reach_services_that_there_are(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FLEET:
        assert {"DIARIST_DATABASE__URL", "DIARIST_BROKER__URL"} <= secrets_of(compose()[name])
        assert all(secret.startswith("DIARIST_") for secret in secrets_of(compose()[name]))
    monkeypatch.setenv("DIARIST_SECRETS_DIR", str(secrets))
    settings = Settings()
    assert {urlsplit(settings.database.url).hostname, urlsplit(settings.broker.url).hostname} == STORES
    assert urlsplit(settings.database.url).password == (secrets / "database_password").read_text()
    assert f"requirepass {urlsplit(settings.broker.url).password}\n" in (secrets / "redis.conf").read_text()


def test_users_of_the_database_are_made_and_read_what_is_theirs() -> None:
    script = (DEPLOY / "docker" / "postgres-roles.sh").read_text(encoding="utf-8")
    assert set(re.findall(r"CREATE ROLE (\w+)", script)) == {
        "diarist",
        compose()["postgres-exporter"]["environment"]["DATA_SOURCE_USER"],
    }
    assert set(re.findall(r"/run/secrets/(\w+)", script)) <= secrets_of(compose()["postgres"])


def test_redis_keeps_bells(secrets: Path) -> None:
    conf = (secrets / "redis.conf").read_text()
    assert "maxmemory-policy noeviction" in conf
    assert "appendonly yes" in conf


def test_traces_go_to_a_service() -> None:
    for name in FLEET:
        assert urlsplit(compose()[name]["environment"]["DIARIST_TELEMETRY__ENDPOINT"]).hostname in compose()


@pytest.mark.parametrize("path", LAID_OVER)
def test_what_is_laid_over_it_names_services_that_there_are(path: str) -> None:
    assert read(ROOT / path)["services"].keys() <= compose().keys()


def test_debuggers_are_this_machines_own() -> None:
    services = read(ROOT / "docker-compose.dev.yml")["services"]
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert {port.split(":")[1] for port in ports} >= {"5678", "5679", "5680", "5681"}
    for name in FLEET:
        assert f"-m diarist serve {name}" in " ".join(services[name]["command"])


def test_all_that_runs_without_a_registry_is_built_here() -> None:
    offline = read(ROOT / "deploy" / "docker" / "compose.offline.yml")["services"]
    stages = re.findall(
        r"^FROM \S+ AS (\S+)", (DEPLOY / "docker" / "offline" / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    for name, service in compose().items():
        if name not in {*FLEET, "migrate"} and "profiles" not in service and "profiles" not in offline[name]:
            assert offline[name]["build"]["target"] in stages
