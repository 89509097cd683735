"""The headers of tus, and bodies cut into pieces."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diarist.domain.job import JobPriority
from diarist.http.errors import InvalidRequest, MalformedRequest
from diarist.recordings.uploads.protocol import (
    ALGORITHMS,
    UNNAMED,
    checksum,
    checksum_header,
    concat,
    concat_header,
    metadata,
    number,
)
from diarist.recordings.uploads.receiving import grouped

ONE, TWO = UUID("019a0c5e-7a41-7f06-8d15-4f5a2b1f7c02"), UUID("019a0c5e-7a41-7f06-8d15-4f5a2b1f7c03")


def pair(key: str, value: bytes) -> str:
    return f"{key} {b64encode(value).decode()}"


def test_names_and_priorities_are_taken_from_the_metadata() -> None:
    found = metadata(f"{pair('filename', 'Müll.wav'.encode())}, {pair('priority', b'bulk')},draft")
    assert (found.filename, found.priority) == ("Müll.wav", JobPriority.BULK)
    assert metadata(pair("name", b"memo.mp3")).filename == "memo.mp3"
    assert metadata(pair("filename", b"\xff")).filename == "\N{REPLACEMENT CHARACTER}"
    for nothing in (None, "", "  ", pair("filename", b"")):
        assert metadata(nothing).filename == UNNAMED


@pytest.mark.parametrize(
    "header", ["a b c", "filename ???", ",", "a,a", "é QQ==", pair("priority", b"soon"), pair("filename", b"x" * 1001)]
)
def test_metadata_that_means_nothing_is_refused(header: str) -> None:
    with pytest.raises(InvalidRequest):
        metadata(header)


@given(st.text(max_size=200))
def test_no_metadata_breaks_the_reader(header: str) -> None:
    with suppress(InvalidRequest):
        metadata(header)


@pytest.mark.parametrize("value", ["", "-1", "1.0", " 1", "1e3", "٣", "9" * 19])
def test_only_digits_are_a_number_of_bytes(value: str) -> None:
    with pytest.raises(InvalidRequest):
        number("Upload-Length", value)


def test_numbers_are_read() -> None:
    assert (number("Upload-Length", "42"), number("Upload-Length", None)) == (42, None)


@pytest.mark.parametrize("algorithm", list(ALGORITHMS))
def test_a_checksum_holds_for_its_bytes_alone(algorithm: str) -> None:
    found = checksum(checksum_header(algorithm, b"some sound"))
    assert found
    for content, holds in ((b"some sound", True), (b"same sound", False)):
        digest = found.begin()
        digest.update(content)
        assert (digest.digest() == found.expected) is holds


def test_the_digest_of_crc32_is_what_others_make() -> None:
    # The check value of CRC-32/ISO-HDLC is that of these nine digits.
    assert checksum_header("crc32", b"123456789") == pair("crc32", bytes.fromhex("cbf43926"))


@pytest.mark.parametrize("header", ["", "sha1", "sha1 ", "sha1 QQ==", "SHA1 " + "Q" * 28, "sha1 ==="])
def test_a_checksum_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(InvalidRequest):
        checksum(header)


def test_parts_are_named_by_their_addresses() -> None:
    assert concat(None) is None
    assert concat("partial") is not None
    found = concat(concat_header([ONE, TWO]))
    assert found
    assert (found.is_final, found.part_ids) == (True, (ONE, TWO))
    assert concat(f"final;https://diary.example/v1/tus/{TWO}") == concat(concat_header([TWO]))


@pytest.mark.parametrize(
    "header", ["", "Partial", "final", "final;", f"final;/v2/tus/{ONE}", f"final;{ONE}", f"final;/v1/tus/{ONE}/x"]
)
def test_what_names_no_parts_is_refused(header: str) -> None:
    with pytest.raises(InvalidRequest):
        concat(header)


async def body(*pieces: bytes, broken: bool = False) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    if broken:
        raise MalformedRequest


@given(st.lists(st.binary(max_size=30), max_size=8), st.integers(1, 12))
async def test_pieces_are_full_but_for_the_last_and_nothing_is_lost(sent: list[bytes], size: int) -> None:
    pieces = [piece async for piece in grouped(body(*sent), size, keep_rest=True)]
    assert b"".join(pieces) == b"".join(sent)
    assert all(len(piece) == size for piece in pieces[:-1])
    assert all(pieces)


@pytest.mark.parametrize(("keep_rest", "kept"), [(True, [b"abc", b"de"]), (False, [b"abc"])])
async def test_what_came_before_a_break_is_given_first(kept: list[bytes], *, keep_rest: bool) -> None:
    found = []
    with pytest.raises(MalformedRequest):
        async for piece in grouped(body(b"ab", b"cde", broken=True), 3, keep_rest=keep_rest):
            found.append(piece)  # noqa: PERF401 - a comprehension would be lost with the error
    assert found == kept
