"""Frames survive the wire; nonsense does not pass."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.child import wire

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=8,
)


@given(st.sampled_from(wire.KINDS), st.dictionaries(st.text(), json_values), st.binary())
def test_a_frame_comes_back_as_it_was(kind: str, body: dict[str, object], payload: bytes) -> None:
    frame = wire.encode(kind, wire.Message(body, payload))
    line, _, rest = frame.partition(b"\n")
    header = wire.decode_header(line + b"\n")
    assert header == wire.Header(kind, len(rest), len(payload))
    assert wire.decode_body(rest) == body


def sizes(**changes: object) -> bytes:
    return json.dumps({"kind": "call", "body": 2, "payload": 0, **changes}).encode() + b"\n"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}\n",
        b"[1]\n",
        b"garbage\n",
        sizes()[:-1],
        sizes(kind="other"),
        sizes(body=-1),
        sizes(payload=wire.MAX_PAYLOAD + 1),
        sizes(body=wire.MAX_BODY + 1),
        sizes(body="2"),
        sizes(padding="x" * wire.MAX_HEADER),
    ],
)
def test_a_bad_line_of_sizes_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        wire.decode_header(line)


def test_what_is_too_large_or_not_a_number_is_not_sent() -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        wire.encode("call", wire.Message({"text": "x" * wire.MAX_BODY}))
    with pytest.raises(ValueError, match="JSON"):
        wire.encode("call", wire.Message({"number": float("nan")}))
    with pytest.raises(ValueError, match="line of sizes"):
        wire.encode("other", wire.Message({}))


def test_a_body_is_an_object() -> None:
    with pytest.raises(ValueError, match="not an object"):
        wire.decode_body(b"[]")
