"""Server-sent events are read the same however the bytes are cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.client.errors import UnexpectedAnswer
from diarist.client.event_stream import EventStreamReader, Message

STREAM = (
    b"\xef\xbb\xbfretry: 2000\n\n"
    b'id: 7\r\nevent: job.progress\r\ndata: {"a":\r\ndata:1}\r\n\r\n'
    b": still here\n\n"
    b"event: nothing\n\n"
    b"data: one\rid: 9\r\r"
    b"data:  two\nid: a\0b\nunknown\n\n"
    b"data: never ended"
)  # fmt: skip
MESSAGES = [
    Message("job.progress", '{"a":\n1}', "7"),
    Message("message", "one", "9"),
    Message("message", " two", "9"),
]


def test_a_stream_is_read_as_the_standard_says() -> None:
    reader = EventStreamReader()
    assert list(reader.feed(STREAM)) == MESSAGES
    assert reader.retry == 2.0


@given(st.lists(st.integers(0, len(STREAM))))
def test_it_does_not_matter_where_pieces_end(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    reader = EventStreamReader()
    found = [message for a, b in pairwise(edges) for message in reader.feed(STREAM[a:b])]
    assert found == MESSAGES


@given(st.lists(st.binary(max_size=60)))
def test_whatever_comes_is_read(pieces: list[bytes]) -> None:
    whole, cut = EventStreamReader(), EventStreamReader()
    assert list(whole.feed(b"".join(pieces))) == [message for piece in pieces for message in cut.feed(piece)]


def test_a_line_without_end_is_refused() -> None:
    reader = EventStreamReader()
    with pytest.raises(UnexpectedAnswer):
        for _ in range(100):
            list(reader.feed(b"x" * 65536))
