"""What the owner is told of a job stays true: warnings of single tasks go with them."""

from diarist.database.base import new_id
from diarist.domain.audio import Notice
from diarist.jobs.models import JobRow
from diarist.jobs.service import add_task_warning, add_warnings

CUT_OFF = Notice(code="truncated_audio", message="Its end is missing.")
UNSETTLED = Notice(code="second_hearing_failed", message="The engine is out of order.")


def job() -> JobRow:
    row = JobRow(warnings=[])
    add_warnings(row, CUT_OFF)
    return row


def codes(row: JobRow) -> list[str]:
    return [warning["code"] for warning in row.warnings]


def test_a_warning_of_one_task_goes_when_that_task_is_done_again() -> None:
    row, task = job(), new_id()
    add_task_warning(row, task, UNSETTLED)
    assert codes(row) == ["truncated_audio", "second_hearing_failed"]
    row.forget_task(new_id())
    assert codes(row) == ["truncated_audio", "second_hearing_failed"]
    row.forget_task(task)
    assert codes(row) == ["truncated_audio"]


def test_a_warning_of_several_tasks_stands_once_and_goes_with_the_last_of_them() -> None:
    row, first, second = job(), new_id(), new_id()
    for task in (first, second, first):
        add_task_warning(row, task, UNSETTLED)
    assert codes(row) == ["truncated_audio", "second_hearing_failed"]
    row.forget_task(first)
    assert codes(row) == ["truncated_audio", "second_hearing_failed"]
    row.forget_task(second)
    assert codes(row) == ["truncated_audio"]


def test_a_warning_without_tasks_is_about_the_whole_and_stays() -> None:
    row = job()
    row.forget_task(new_id())
    assert row.warnings == [{"code": CUT_OFF.code, "message": CUT_OFF.message}]
