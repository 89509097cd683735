"""What doctor says of engines without starting one."""

from __future__ import annotations

from pathlib import Path

from diarist.cli.checks.check import Check, Status
from diarist.cli.checks.engine import engine
from diarist.settings import EngineSettings, RouteSettings, Settings


def checks(tmp_path: Path, *routes: RouteSettings) -> dict[str, Check]:
    settings = Settings(data_dir=tmp_path, engine=EngineSettings(name="scripted", routes=list(routes)))
    return {check.name: check for check in engine(settings)}


def test_routes_are_listed_in_order(tmp_path: Path) -> None:
    routes = RouteSettings(languages=["en"], engine="onnx-asr", model="parakeet"), RouteSettings(careful=True, model="speed=2")
    check = checks(tmp_path, *routes)["routes"]
    assert (check.status, check.detail) == (Status.OK, "besides, in this order: onnx-asr parakeet, scripted speed=2")


def test_a_route_to_nowhere_is_a_failure(tmp_path: Path) -> None:
    check = checks(tmp_path, RouteSettings(engine="parrot"))["routes"]
    assert check.status is Status.FAIL
    assert "no engine is called parrot" in check.detail


def test_without_routes_nothing_is_said_of_them(tmp_path: Path) -> None:
    assert "routes" not in checks(tmp_path)
