"""No text and no bytes break a parser of ours: it reads them, or refuses them as it says. `make fuzz` tries for longer."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import PARSERS

_ODD = (
    *(
        "\0",
        "\n",
        "\r",
        "\u0663",
        "\u00b2",
        "\u2028",
        "\ud800",
        "\U0001f600",
        "\ufeff",
        "\x1b[0m",
        "%ff",
        "%",
        "[",
        "]",
        "{",
        "}",
    ),
    *("(", '"', "'", "\\", ",", ";", ":", "=", "*", "*0*=", "/", "//", "-", "--", "-1", "1e999", "nan", "inf", "null", "true"),
    *("9" * 20, "9" * 5000, "[" * 2000),
)
_ODD_BYTES = (*(text.encode("utf-8", "surrogatepass") for text in _ODD), b"\xff" * 8, b"\x00" * 8, b"\xff\xff\xff\x7f", b"\x80")
_LONG = 50_000
"""Characters; all that may be as long as it likes is read in so many, in a time that grows no faster than they do."""


def _changed(draw: st.DrawFn, examples: tuple[object, ...], odd: tuple[object, ...], nothing: object) -> object:
    """An example, some of whose parts are left out, repeated or replaced."""
    found = draw(st.sampled_from(examples))
    assert isinstance(found, str | bytes)
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted((draw(st.integers(0, len(found))), draw(st.integers(0, len(found)))))
        part = draw(st.sampled_from((nothing, found[start:end] * 3, *odd)))
        found = found[:start] + part + found[end:]  # type: ignore[operator]
    return found


@st.composite
def _texts(draw: st.DrawFn, examples: tuple[object, ...]) -> object:
    return _changed(draw, examples, _ODD, "")


@st.composite
def _bytes(draw: st.DrawFn, examples: tuple[object, ...]) -> object:
    return _changed(draw, examples, _ODD_BYTES, b"")


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
def test_whatever_comes_is_read_or_refused(name: str, data: st.DataObject) -> None:
    parser = PARSERS[name]
    if isinstance(parser.examples[0], bytes):
        given_ = data.draw(_bytes(parser.examples) | st.binary(max_size=300))
    else:
        given_ = data.draw(_texts(parser.examples) | st.text(max_size=300))
    with suppress(*parser.refuses):
        parser.read(given_)


@pytest.mark.parametrize("name", PARSERS)
def test_what_it_is_made_for_is_read_and_what_broke_it_is_refused(name: str) -> None:
    for example in PARSERS[name].examples:
        with suppress(*PARSERS[name].refuses):
            PARSERS[name].read(example)


@pytest.mark.parametrize("name", PARSERS)
def test_long_input_takes_no_time_worth_the_name(name: str) -> None:
    parser = PARSERS[name]
    begin = parser.examples[0]
    odd = _ODD_BYTES[::3] if isinstance(begin, bytes) else _ODD[::3]
    for part in (*parser.examples, *odd):
        # What takes time in proportion to the square of it takes minutes here.
        long = begin + part * (_LONG // len(part))
        with suppress(*parser.refuses):
            parser.read(long)
