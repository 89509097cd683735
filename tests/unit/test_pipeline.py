import importlib
import inspect

import pytest

from diarist.domain.job import Stage
from diarist.pipeline import PIPELINE
from diarist.queue.broker import GROUPS

NAMES = [stage.name for stage in PIPELINE]


@pytest.mark.parametrize("stage", PIPELINE, ids=lambda stage: stage.name)
def test_every_stage_names_a_coroutine_function_that_exists(stage: Stage) -> None:
    module, _, function = stage.handler.partition(":")
    assert inspect.iscoroutinefunction(getattr(importlib.import_module(module), function))


def test_the_stages_follow_each_other_in_the_order_in_which_they_stand() -> None:
    assert [stage.then for stage in PIPELINE] == [*NAMES[1:], None]


def test_what_is_fanned_out_is_joined() -> None:
    for stage in PIPELINE:
        if stage.fan_out:
            assert PIPELINE[NAMES.index(stage.name) + 1].join


def test_every_queue_has_workers() -> None:
    assert {stage.queue for stage in PIPELINE} <= {queue for group in GROUPS for queue in group.queues}
