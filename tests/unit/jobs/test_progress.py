from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.job import TaskState
from diarist.jobs.progress import TaskFigures, measure
from diarist.pipeline import PIPELINE


def figures(
    stage: str, state: TaskState, done: float = 0.0, started: float | None = None, finished: float | None = None
) -> TaskFigures:
    return TaskFigures(stage=stage, state=state, done_seconds=done, started_at=started, finished_at=finished)


def settled(*stages: str) -> list[TaskFigures]:
    return [figures(stage, TaskState.SUCCEEDED) for stage in stages]


def test_a_job_without_tasks_is_at_its_first_stage() -> None:
    progress = measure([], PIPELINE, None, now=0.0)
    assert (progress.stage, progress.fraction, progress.speed, progress.eta) == ("inspect", 0.0, None, None)


def test_a_finished_job_is_at_no_stage_and_whole() -> None:
    tasks = settled("inspect", "plan", "transcribe", "merge", "compose")
    progress = measure(tasks, PIPELINE, 60.0, now=10.0)
    assert progress.stage is None
    assert abs(progress.fraction - 1.0) < 1e-9


def test_speed_is_audio_over_wall_clock_and_eta_follows_from_it() -> None:
    tasks = [
        *settled("inspect", "plan"),
        figures("transcribe", TaskState.SUCCEEDED, done=60.0, started=100.0, finished=104.0),
        figures("transcribe", TaskState.RUNNING, done=20.0, started=104.0),
        figures("transcribe", TaskState.QUEUED),
    ]
    progress = measure(tasks, PIPELINE, 200.0, now=106.0)
    assert progress.stage == "transcribe"
    assert progress.seconds_done == 80.0
    assert progress.speed == 80.0 / 6.0
    assert progress.eta is not None
    assert abs(progress.eta - 120.0 / (80.0 / 6.0)) < 1e-9


def test_parts_that_are_done_while_more_are_cut_do_not_count_as_the_whole_stage() -> None:
    tasks = [
        *settled("inspect"),
        figures("plan", TaskState.RUNNING, done=120.0),
        figures("transcribe", TaskState.SUCCEEDED, done=60.0, started=0.0, finished=2.0),
    ]
    progress = measure(tasks, PIPELINE, 240.0, now=2.0)
    assert progress.stage == "plan"
    assert progress.fraction < 0.5


def test_a_part_that_failed_for_good_does_not_hold_the_job_at_its_stage() -> None:
    tasks = [
        *settled("inspect", "plan"),
        figures("transcribe", TaskState.SUCCEEDED, done=60.0, started=0.0, finished=2.0),
        figures("transcribe", TaskState.FAILED, started=2.0, finished=3.0),
        figures("merge", TaskState.RUNNING, started=3.0),
    ]
    assert measure(tasks, PIPELINE, 120.0, now=3.0).stage == "merge"


@given(
    st.lists(
        st.builds(
            figures,
            st.sampled_from([stage.name for stage in PIPELINE]),
            st.sampled_from(TaskState),
            st.floats(0, 1e5),
            st.none() | st.floats(0, 1e6),
            st.none() | st.floats(1e6, 2e6),
        )
    ),
    st.none() | st.floats(0, 1e5),
)
def test_progress_stays_within_its_bounds(tasks: list[TaskFigures], duration: float | None) -> None:
    progress = measure(tasks, PIPELINE, duration, now=2e6)
    assert 0.0 <= progress.fraction <= 1.0
    assert progress.speed is None or progress.speed >= 0.0
    assert progress.eta is None or progress.eta >= 0.0


def test_a_job_that_failed_stands_at_the_stage_that_failed() -> None:
    tasks = [*settled("inspect", "plan", "transcribe"), figures("merge", TaskState.FAILED)]
    assert measure(tasks, PIPELINE, 60.0, now=10.0).stage == "merge"


def test_a_part_that_failed_holds_nothing_up() -> None:
    tasks = [*settled("inspect", "plan"), figures("transcribe", TaskState.FAILED), *settled("transcribe", "merge", "compose")]
    assert measure(tasks, PIPELINE, 60.0, now=10.0).stage is None
