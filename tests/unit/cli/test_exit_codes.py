"""Each error has its own status, and the short account in `--help` tells the truth about the table."""

import re

import pytest

from diarist.cli import exit_codes
from diarist.cli.exit_codes import JOB_FAILED, MEANINGS, STATUSES, SUMMARY, UNEXPECTED, status_of, status_of_job
from diarist.errors import ChildDied, Conflict, DiaristError, NoSamples, StorageFull, error_classes
from diarist.services.embedded_workers import AlreadyWorking


def test_no_status_means_two_things() -> None:
    statuses = [*STATUSES.values(), *(status for status in MEANINGS if status != UNEXPECTED)]
    assert len(statuses) == len(set(statuses))
    assert all(0 <= status < 256 for status in statuses)


def test_an_error_has_the_status_of_its_nearest_family() -> None:
    assert status_of(NoSamples) == STATUSES[NoSamples]
    assert status_of(AlreadyWorking) == STATUSES[Conflict]
    assert status_of(ChildDied) == 30


def test_only_what_is_unexpected_ends_with_one() -> None:
    unexpected = {code for code, error in error_classes().items() if status_of(error) == UNEXPECTED}
    roots = {code for code, error in error_classes().items() if error.__base__ in {Exception, DiaristError}}
    assert "internal" in unexpected
    assert unexpected <= roots


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("no_samples", 12),
        ("storage_full", STATUSES[StorageFull]),
        ("worker_lost", JOB_FAILED),
        ("internal", JOB_FAILED),
        (None, JOB_FAILED),
    ],
)
def test_a_failed_job_ends_with_the_status_of_its_error(code: str | None, status: int) -> None:
    assert status_of_job(code) == status


def test_the_summary_names_every_status() -> None:
    named: set[int] = set()
    for first, last in re.findall(r"\b(\d+)(?:-(\d+))?\b", SUMMARY):
        named.update(range(int(first), int(last or first) + 1))
    assert {*STATUSES.values(), *MEANINGS} <= named
    assert named <= {status for status in range(256) if status in named}
    assert exit_codes.OK in named
