from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic_settings import BaseSettings

from diarist.cli.serving import Role as RoleOnCommandLine
from diarist.errors import Misconfigured
from diarist.queue.broker import GROUPS
from diarist.services import ingestion_api, job_status_api, standalone
from diarist.services.fleet import require_fleet
from diarist.services.roles import ROLES
from diarist.settings import BrokerSettings, HttpSettings, Settings, load_settings


def operations(app: FastAPI) -> set[tuple[str, str]]:
    """Method and address of all that it describes, health apart."""
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    return {(method, path) for path, methods in paths.items() for method in methods if not path.startswith("/health")}


def ring(queue: str) -> None:
    pass


def test_there_is_a_role_and_a_module_for_each_name_of_the_command_line() -> None:
    assert set(ROLES) == set(RoleOnCommandLine)
    folder = Path(standalone.__file__).parent
    for name in ROLES:
        file = folder / f"{name.replace('-', '_')}.py"
        assert len(file.read_text().splitlines()) <= 80, name


def test_the_two_apis_serve_everything_between_them() -> None:
    settings = Settings()
    writes, reads = operations(ingestion_api.create_app(settings, ring)), operations(job_status_api.create_app(settings, ring))
    assert writes | reads == operations(standalone.create_app(settings, ring))
    assert {method for method, _ in reads} <= {"get", "head"}
    assert {("get", "/v1/jobs/{job_id}"), ("get", "/v1/recordings/{recording_id}")} <= writes & reads
    own = ("/v1/tus", "/v1/models", "/auth/", "/v1/session")
    assert {method for method, path in writes - reads if not path.startswith(own)} <= {"post", "put", "patch", "delete"}


def test_every_group_of_queues_has_its_worker() -> None:
    workers = [role for name, role in ROLES.items() if name.endswith("worker")]
    assert {group for role in workers for group in role.groups} == set(GROUPS) == set(ROLES["standalone"].groups)
    for role in ROLES.values():
        assert {queue for group in role.groups for queue in group.queues} == role.queues


def test_ports_are_the_roles_own_whatever_else_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIARIST_HTTP__HOST", "0.0.0.0")  # noqa: S104 - of a container
    own = ROLES["job-status-api"].with_ports(load_settings()).http
    assert (own.port, own.private_port) == (8001, 9103)


def test_ports_are_the_roles_own_unless_they_are_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    status = ROLES["job-status-api"]
    own = status.with_ports(load_settings()).http
    assert (own.port, own.private_port) == (8001, 9103)
    chosen = status.with_ports(Settings(http=HttpSettings(port=8000, private_port=0))).http
    assert (chosen.port, chosen.private_port) == (8000, 0)
    monkeypatch.setenv("DIARIST_HTTP__PORT", "8000")
    assert status.with_ports(load_settings()).http.port == 8000
    assert isinstance(status.with_ports(load_settings()), BaseSettings)


def test_no_two_roles_listen_on_one_private_port() -> None:
    ports = [role.private_port for name, role in ROLES.items() if name != "standalone"]
    assert len(set(ports)) == len(ports)


def test_a_role_of_a_fleet_needs_what_the_fleet_shares() -> None:
    with pytest.raises(Misconfigured) as refused:
        require_fleet(ROLES["llm-worker"], Settings())
    assert "DIARIST_DATABASE__URL" in refused.value.advice
    assert "DIARIST_BROKER__URL" in refused.value.advice
    with pytest.raises(Misconfigured) as refused:
        require_fleet(ROLES["llm-worker"], Settings(broker=BrokerSettings(url="redis://127.0.0.1:1/0")))
    assert "DIARIST_BROKER__URL" not in refused.value.advice
