"""Names, units and texts as Prometheus wants them, and children that cannot be without number."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from prometheus_client.parser import text_string_to_metric_families as read

from diarist.telemetry.metrics import Metrics
from diarist.telemetry.metrics.catalogue import OTHER, Catalogue, Described
from diarist.telemetry.metrics.exposition import scrape

UNITS = {"seconds", "bytes", "ratio", "usd"}
"""Base units, and money."""
FORBIDDEN = {"account", "user", "recording", "job", "task", "file", "path", "url", "key", "id", "host", "instance", "le", "text"}
DESCRIBED = Metrics.open().catalogue.described


def lint(name: str, kind: str, labels: tuple[str, ...], unit: str, text: str) -> list[str]:
    """The rules of `promtool check metrics`, and some of ours."""
    wrong = []
    if not re.fullmatch(r"diarist(_[a-z][a-z0-9]*)+", name):
        wrong.append("lower case words after the prefix")
    if (kind == "counter") != name.endswith("_total"):
        wrong.append("counters, and they alone, end in _total")
    if unit and (unit not in UNITS or unit not in name.removesuffix("_total").split("_")[-1:]):
        wrong.append("its base unit stands last")
    if not unit and name.removesuffix("_total").endswith(tuple(f"_{one}" for one in UNITS - {"usd"})):
        wrong.append("it names a unit that it does not say")
    if any(part in name.split("_") for part in ("milliseconds", "ms", "minutes", "megabytes", "mb", "percent")):
        wrong.append("base units only")
    if name.endswith(("_count", "_sum", "_bucket")) or kind in name.split("_"):
        wrong.append("a suffix that belongs to the format")
    if not text.endswith(".") or text[0].islower():
        wrong.append("the help is a sentence")
    if FORBIDDEN & set(labels) or not all(re.fullmatch("[a-z_]+", label) for label in labels):
        wrong.append("a label that may be without number, or is the scraper's own")
    return wrong


@pytest.mark.parametrize("one", DESCRIBED, ids=lambda one: one.name)
def test_every_family_is_named_by_the_rules(one: Described) -> None:
    assert lint(one.name, one.kind, one.labels, one.unit, one.help) == []


def test_the_rules_find_what_is_wrong() -> None:
    assert lint("diarist_Speed", "gauge", (), "", "Speed.")
    assert lint("diarist_things", "counter", (), "", "Things.")
    assert lint("diarist_wait_milliseconds", "gauge", (), "", "Waiting.")
    assert lint("diarist_wait_seconds", "gauge", (), "", "Waiting.")
    assert lint("diarist_things", "gauge", ("account",), "", "Things.")
    assert lint("diarist_things", "gauge", (), "", "things")


def test_what_is_described_is_what_a_scrape_tells() -> None:
    text, _ = scrape(Metrics.open("standalone").catalogue, "")
    ours = {family.name: family for family in read(text.decode()) if family.name.startswith("diarist_")}
    assert {one.name.removesuffix("_total") for one in DESCRIBED} == {name.removesuffix("_total") for name in ours}
    for one in DESCRIBED:
        family = ours[one.name.removesuffix("_total")]
        assert (family.type, family.documentation) == (one.kind, one.help)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: apt-get install prometheus)")
def test_promtool_finds_nothing() -> None:
    text, _ = scrape(Metrics.open("standalone").catalogue, "")
    ours = "".join(line + "\n" for line in text.decode().splitlines() if "diarist_" in line)
    ran = subprocess.run(["promtool", "check", "metrics"], input=ours, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_a_family_has_room_for_so_many_children_and_counts_the_others_together() -> None:
    catalogue = Catalogue.open()
    family = catalogue.counters("diarist_things_total", "Things.", ("one", "two"), most=3)
    for number in range(10):
        family.add(str(number), "x")
    family.add("1", "x")
    text, _ = scrape(catalogue, "")
    [found] = read(text.decode())
    values = {sample.labels["one"]: sample.value for sample in found.samples}
    assert values == {"0": 1, "1": 2, "2": 1, OTHER: 7}


def test_gauges_can_be_silent_again() -> None:
    catalogue = Catalogue.open()
    family = catalogue.gauges("diarist_things", "Things.", ("one",))
    family.put(3, "x")
    family.forget()
    assert "diarist_things{" not in scrape(catalogue, "")[0].decode()
    family.put(4, "x")
    assert 'diarist_things{one="x"} 4.0' in scrape(catalogue, "")[0].decode()
