"""The work is divided so that no thread waits for another, and in the same way each time."""

from __future__ import annotations

import pytest

from diarist.adapters.transcription_engines.whisper_share import Share, processors


@pytest.mark.parametrize(
    ("threads", "workers", "each"), [(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 4, 1), (6, 3, 2), (8, 4, 2), (16, 4, 4), (64, 4, 16)]
)
def test_threads_are_divided_among_a_few_workers(threads: int, workers: int, each: int) -> None:
    assert Share.of_cpu(threads) == Share(workers, each)


def test_without_a_number_all_processors_work() -> None:
    share = Share.of_cpu(0)
    assert share.workers * share.threads <= processors() or share.workers == 1


@pytest.mark.parametrize(
    ("windows", "sizes"), [(0, []), (1, [1]), (2, [1, 1]), (9, [5, 4]), (10, [5, 5]), (16, [8, 8]), (17, [5, 4, 4, 4])]
)
def test_batches_are_nearly_equal_and_as_many_for_each_worker(windows: int, sizes: list[int]) -> None:
    batches = Share(workers=2, threads=1, batch=8).batches(range(windows))
    assert [len(batch) for batch in batches] == sizes
    assert [number for batch in batches for number in batch] == list(range(windows))
