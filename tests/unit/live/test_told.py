import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from diarist.live.told import told

JSON = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text())


def test_an_event_is_one_frame() -> None:
    at = datetime(2026, 11, 3, 19, 20, 1, 5000, tzinfo=UTC)
    event = told("job.failed", {"code": "worker_lost"}, position=7, job_id=UUID(int=1), at=at)
    data = (
        '{"id":"7","type":"job.failed","at":"2026-11-03T19:20:01.005Z","job_id":"00000000-0000-0000-0000-000000000001",'
        '"data":{"code":"worker_lost"}}'
    )
    assert event.frame.decode() == f"id: 7\nevent: job.failed\ndata: {data}\n\n"


def test_a_hint_has_no_id() -> None:
    assert told("job.progress", {}).frame.startswith(b"event: job.progress\ndata: {")


@given(JSON)
def test_whatever_the_data_no_line_of_a_frame_breaks(data: dict[str, Any]) -> None:
    event = told("job.failed", data, position=1)
    lines = event.frame.split(b"\n")
    assert [line.partition(b": ")[0] for line in lines] == [b"id", b"event", b"data", b"", b""]
    assert b"\r" not in event.frame
    assert json.loads(lines[2].removeprefix(b"data: "))["data"] == data
