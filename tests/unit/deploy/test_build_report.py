"""What `make bench-images` tells of builds."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

SCRIPTS = Path(__file__).parents[3] / "scripts"


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield import_module("build_report")
    sys.modules.pop("build_report")


@pytest.fixture
def performance(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield import_module("build_performance")
    for name in ("build_performance", "build_report", "build_sampling"):
        sys.modules.pop(name)


def measured(report: Any, target: str, *, cold: float, code: float, cached: int, megabytes: int) -> Any:
    def build(kind: str, seconds: float, cached: int) -> Any:
        return report.Build(kind=kind, seconds=seconds, steps=10, cached=cached, cpu_seconds=None, peak_bytes=None)

    builds = [build("cold", cold, 0), build("warm", 1.0, 10), build("code", code, cached), build("code", code + 2, cached)]
    image = report.Image(megabytes * 10**6, [report.Layer(megabytes * 10**6, "RUN")])
    return report.Measured(target, builds, image)


def test_images_are_compared_with_the_naive_one(report: Any) -> None:
    ours = measured(report, "api", cold=50.0, code=4.0, cached=9, megabytes=400)
    naive = measured(report, "naive", cold=100.0, code=99.0, cached=2, megabytes=2000)
    _, _, first, second = report.table([ours, naive]).splitlines()
    assert first == "| api | 50.0 s (-50%) | 1.0 s (+0%) | 5.0 s (-95%) | 90% | - | - | 400 MB (-80%) | 400 MB |"
    assert second == "| naive | 100.0 s | 1.0 s | 100.0 s | 20% | - | - | 2000 MB | 2000 MB |"


def test_the_drawing_is_a_picture_with_every_figure(report: Any) -> None:
    drawn = report.drawing([measured(report, "api & more", cold=50.0, code=4.0, cached=9, megabytes=400)])
    told = [element.text for element in ET.fromstring(drawn).iter() if element.text]  # noqa: S314 - our own
    assert {"api & more", "50.0 s cold", "5.0 s code", "400 MB"} <= set(told)


def test_steps_are_counted_without_what_only_names_a_base(performance: Any) -> None:
    output = (
        "#1 [internal] load .dockerignore\n#5 [base 1/2] FROM docker.io/library/python\n#5 CACHED\n"
        "#6 [base 2/2] RUN apt-get\n#6 CACHED\n#7 [api 1/1] COPY --from=wheel a b\n#8 [ 2/3] COPY . .\n#8 CACHED\n"
    )
    steps = set(performance.STEP.findall(output))
    assert steps == {"6", "7", "8"}
    assert steps & set(performance.CACHED.findall(output)) == {"6", "8"}
